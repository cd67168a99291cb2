import type { Cell } from './cell.ts'

/**
 * Keys are sorted, so the update is last in the canonical text of a cell. Quotes within strings are escaped, so
 * `updateKey` cannot occur inside a string.
 */
const updateKey = ',"update":'

/**
 * Returns the part of `canonical` before the update; '' if there is no update. `canonical` is the canonical text of a
 * cell, or a text that ends with it.
 */
export function beginningOf(canonical: string): string {
  return canonical.slice(0, Math.max(0, canonical.lastIndexOf(updateKey)))
}

/**
 * Reads cells from their canonical texts, one after the other. Consecutive cells that differ only in their update share
 * the objects of all other parts, so results cached for these objects are reused.
 */
export function cellReader(): (canonical: string) => Cell {
  let latest: { readonly beginning: string; readonly parts: Omit<Cell, 'update'> } | null = null
  return (canonical) => {
    const beginning = beginningOf(canonical)
    if (beginning === '') return JSON.parse(canonical) as Cell
    if (latest?.beginning !== beginning) latest = { beginning, parts: JSON.parse(`${beginning}}`) }
    const update = JSON.parse(canonical.slice(beginning.length + updateKey.length, -1)) as Cell['update']
    return { ...latest.parts, update }
  }
}
