/** The count of a cell: its events, and its `exposure`, which is a number of trials or of steps at risk. */
export interface CellCount {
  readonly x: number
  readonly events: number
  readonly exposure: number
}
