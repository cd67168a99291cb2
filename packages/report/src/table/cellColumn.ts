import type { MeasuredColumn } from './layout.ts'

/**
 * The parts of a cell's line as texts. `params` and `estimates` contain the paths and estimates seen up to this cell,
 * in the order in which they were first seen. In the rows of later cells, both lists may be longer.
 */
export type CellRow = readonly [
  index: string,
  trials: string,
  diverged: string,
  /** The reason why the cell stopped; `open` if it has not. */
  end: string,
  /** The mark for a doubtful or wrong number. */
  mark: string,
  /** JSON of the swept values. */
  params: readonly string[],
  /** Two texts for each estimate: its value and its interval, or two '' if the cell does not have the estimate. */
  estimates: readonly string[],
]

/** A column of a table of cells, with a function that returns the text of a cell. */
export interface CellColumn extends MeasuredColumn {
  text(row: CellRow): string
}
