import type { MeasuredColumn } from './layout.ts'

/**
 * The texts of a cell's line. `params` covers the paths seen so far, and `estimates` the estimates seen so far, in
 * the order of their first appearance. So both lists may be longer in the rows of later cells.
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
