import type { Digest, Tally } from './tally.ts'

/** The results of a range of trials. */
export interface BatchResult {
  /** False only if the stop flag was set. The other fields are then meaningless. */
  readonly completed: boolean
  /** Records in trial order, `layout.bytes` each; null if records were not requested. */
  readonly records: Uint8Array | null
  /**
   * For each trial, in order, `dimension` numbers: the last theta, or the end point of the quench if there is one. Null
   * if these numbers were not requested. NaN is canonical, and -0 is stored as 0.
   */
  readonly theta: Float64Array | null
  readonly tally: Tally
  readonly digest: Digest
}
