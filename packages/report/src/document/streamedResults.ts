import type { CellNumbers, CellResult, ResultsData } from './results.ts'
import type { Streamed } from './streamed.ts'

/** The Results document with its cells one at a time, for sweeps of a million of them. */
export interface StreamedResults
  extends Streamed<Pick<ResultsData, 'sweep'>, CellResult, Pick<ResultsData, 'contrasts' | 'findings'>> {
  /** The cells without their checks, in half the time. */
  numbers(): AsyncIterable<CellNumbers>
}
