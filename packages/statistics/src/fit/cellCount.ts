/** A cell's count: events among `exposure` trials, or over as many steps at risk. */
export interface CellCount {
  readonly x: number
  readonly events: number
  readonly exposure: number
}
