import type { MeasuredColumn } from './layout.ts'

/**
 * The texts of a cell's line. `params` and `estimates` are in the order in which paths and estimates were first seen,
 * so they may be longer in the rows of later cells.
 */
export type CellRow = readonly [
  index: string,
  trials: string,
  diverged: string,
  /** The reason why the cell stopped; `open` if it has not. */
  end: string,
  mark: string,
  /** JSON of the swept values. */
  params: readonly string[],
  /** Two texts for each estimate: its value and its interval, or two '' if the cell does not have the estimate. */
  estimates: readonly string[],
]

export interface CellColumn extends MeasuredColumn {
  text(row: CellRow): string
}
