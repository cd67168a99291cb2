import type { SharedNoise } from './sharedNoise.ts'

/** The number of events in a cell, and the `exposure`: the number of trials, or the number of steps at risk. */
export interface CellCount {
  /** The values of the terms, in the order of the terms. */
  readonly x: readonly number[]
  readonly events: number
  readonly exposure: number
  /** Absent if the trials of the cell have independent noise. */
  readonly noise?: SharedNoise | undefined
}
