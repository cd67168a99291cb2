import type { Cell } from './cell.ts'

/** Keys of canonical text are in order, so that the update of a cell is last; quotes within texts are escaped. */
const updateKey = ',"update":'

/**
 * The part of a cell's canonical text before its update, with any text that precedes it; '' if the cell has no update.
 * Most cells of a sweep differ only in their update.
 */
export function beginningOf(canonical: string): string {
  return canonical.slice(0, Math.max(0, canonical.lastIndexOf(updateKey)))
}

/**
 * Reads cells from their canonical texts, one after the other. Neighbours that differ only in their update share all
 * other parts, so whatever is computed from such a part is computed once.
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
