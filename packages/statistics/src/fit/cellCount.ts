import type { SharedNoise } from './sharedNoise.ts'

export interface CellCount {
  /** Values in the order of the terms. */
  readonly x: readonly number[]
  readonly events: number
  /** Number of trials, or of steps at risk. */
  readonly exposure: number
  /** Absent if the trials of the cell have independent noise. */
  readonly noise?: SharedNoise | undefined
}
