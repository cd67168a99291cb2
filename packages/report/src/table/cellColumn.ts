import type { MeasuredColumn } from './layout.ts'

/**
 * The parts of a cell's line as texts. Paths and estimates are those known when the row was made, in the order in which
 * they were first seen. Later ones are only added after them.
 */
export type CellRow = readonly [
  index: string,
  trials: string,
  diverged: string,
  /** What ended it. */
  end: string,
  /** For a doubtful or wrong number. */
  mark: string,
  /** JSON of the swept values. */
  params: readonly string[],
  /** Value and interval of each estimate, one after the other; '' if the cell has none. */
  estimates: readonly string[],
]

/** A column of a table of cells, with the text that a cell has in it. */
export interface CellColumn extends MeasuredColumn {
  text(row: CellRow): string
}
