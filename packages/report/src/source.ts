import type { Method } from '@driftfarm/spec'
import type { BestData } from './document/best.ts'
import type { CurvesData } from './document/curves.ts'
import type { FitData } from './document/fit.ts'
import type { ResultsData } from './document/results.ts'
import type { StatusData } from './document/status.ts'
import type { SweepListData } from './document/sweepList.ts'
import type { Rows } from './stream/renderRows.ts'

/** The data of a document, and what a reader of it is to be told beside it. */
export interface Told<Data> {
  readonly data: Data
  readonly warnings: readonly string[]
}

/** No cell of the sweep has the estimate; these are there. */
export interface NoSuchEstimate {
  readonly known: readonly string[]
}

/**
 * Who gives documents about sweeps: a database, a farm that is asked over HTTP, a report file. Whoever shows them knows
 * no more than this. A sweep is named by its id; what is not there is refused with an error that says so.
 */
export interface Source {
  /** The id of the sweep that a text means: its name, its id, or the beginning of its id. */
  find(text: string): Promise<{ readonly id: string; readonly name: string }>
  /** All sweeps, newest first. */
  sweeps(): Promise<SweepListData>
  status(sweep: string): Promise<StatusData>
  /** The status each time it changes, last that of the sweep's end; ends early when the signal is aborted. */
  follow(sweep: string, options: { readonly signal: AbortSignal; readonly everyMs?: number }): AsyncIterable<StatusData>
  /** Exactly the demanded trials of each cell, as far as they are done without a gap. */
  results(sweep: string): Promise<Told<ResultsData>>
  /** The escape over the steps, of each cell that has an escape event and trials. */
  curves(sweep: string): Promise<Told<CurvesData>>
  /** The cell in which an estimate is largest or smallest. */
  best(sweep: string, of: string, direction: BestData['direction']): Promise<Told<BestData> | NoSuchEstimate>
  /**
   * A line through the cells: `log(escapeRate) ~ 1/T`. Of cells of one method; direct ones unless said, where there are
   * any.
   */
  fit(sweep: string, formula: string, method?: Method['kind']): Promise<Told<FitData>>
  /** The kept rows of the trials that count, cell by cell. */
  rows(sweep: string): Promise<Rows & Pick<Told<unknown>, 'warnings'>>
}
