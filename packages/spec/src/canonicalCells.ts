import type { Cell } from './cell.ts'

/**
 * The beginning of the update in the canonical text of a cell. Keys are sorted, so the update comes last. Quotes within
 * strings are escaped, so this beginning cannot occur inside a string.
 */
const updateKey = ',"update":'

/**
 * Takes the canonical text of a cell, or a text that ends with it, and returns the part before the update; '' if there
 * is no update. Most cells of a sweep differ only in their update.
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
