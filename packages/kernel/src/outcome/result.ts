import type { Digest, Tally } from './tally.ts'

/** What a range of trials came to. */
export interface BatchResult {
  /** False only if the stop flag was seen: then the result is void. */
  readonly completed: boolean
  /** Records in trial order, `layout.bytes` each, if kept. */
  readonly records: Uint8Array | null
  /**
   * The last theta of each trial (the end of its quench, if it has one), in trial order, `dimension` each, if wanted.
   * NaN is canonical and -0 is 0.
   */
  readonly theta: Float64Array | null
  readonly tally: Tally
  readonly digest: Digest
}
