import type { MeasuredColumn } from './layout.ts'

/**
 * The parts of a cell's line as texts. They cover the paths and estimates that were known when the row was made, in the
 * order in which they were first seen. Those seen later come after them.
 */
export type CellRow = readonly [
  index: string,
  trials: string,
  diverged: string,
  /** What ended the cell. */
  end: string,
  /** The mark for a doubtful or wrong number. */
  mark: string,
  /** JSON of the swept values. */
  params: readonly string[],
  /** Value and interval of each estimate, one after the other; '' if the cell has none. */
  estimates: readonly string[],
]

/** A column of a table of cells, with a function that returns the text of a cell. */
export interface CellColumn extends MeasuredColumn {
  text(row: CellRow): string
}
