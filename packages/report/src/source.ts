import type { Cell, DataTable } from '@driftfarm/spec'
import type { BestData } from './document/best.ts'
import type { WholeCellData } from './document/cell.ts'
import type { CellsData } from './document/cells.ts'
import type { ComparisonData } from './document/comparison.ts'
import type { CurvesData, StreamedCurves } from './document/curves.ts'
import type { FailuresData } from './document/failures.ts'
import type { WholeFarmData } from './document/farm.ts'
import type { FitData } from './document/fit.ts'
import type { FitOptions } from './document/fitsOf.ts'
import type { NamesakeParts } from './document/namesakes.ts'
import type { OracleData } from './document/oracle.ts'
import type { RecentData } from './document/recent.ts'
import type { ResultsData } from './document/results.ts'
import type { StatusData } from './document/status.ts'
import type { StreamedResults } from './document/streamedResults.ts'
import type { SweepListData } from './document/sweepList.ts'
import type { TheoremData } from './document/theorem.ts'
import type { DocumentData } from './documents.ts'
import type { ConvergenceData } from './figures/convergence.ts'
import type { Figure } from './figures/figure.ts'
import type { SweepFigure } from './figures/request.ts'
import type { PathsData } from './figures/trajectory.ts'
import type { RowRecord, Rows } from './stream/renderRows.ts'

/** The data of a document, with warnings to its reader. */
export interface Told<Data> {
  readonly data: Data
  readonly warnings: readonly string[]
}

/** The answer where no cell of the sweep has the estimate; `known` lists those that exist. */
export interface NoSuchEstimate {
  readonly known: readonly string[]
}

/** Where a sweep comes from: what is needed to submit it again. */
export interface Origins {
  /** The text of its spec, as it was submitted. */
  readonly spec: string
  /** Version of the kernel that its cells ask for. */
  readonly kernel: number
  /** ISO 8601, UTC. */
  readonly submittedAt: string
}

/** One trial or replica, computed again; equal to what is stored, or an error is thrown. */
export type Replayed = {
  readonly [Kind in 'Trial' | 'Replica' | 'Weighted']: {
    readonly kind: Kind
    readonly data: DocumentData<Kind>
  }
}['Trial' | 'Replica' | 'Weighted']

export interface CompareOptions {
  /** The name of the only estimate that is compared; all of them without it. */
  readonly of?: string | undefined
  readonly onCells?: OnCells
}

/** A sweep as it goes on. */
export interface LiveSweep {
  readonly status: StatusData
  /** Its cells as a map shows them; null where they are too many to be told one by one: they are asked for then. */
  readonly cells: CellsData | null
}

/** All sweeps and the farm as they go on. */
export interface LiveFarm {
  readonly sweeps: SweepListData
  /** null of a report file, which has none. */
  readonly farm: WholeFarmData | null
}

export interface LiveOptions {
  /** Ends it. */
  readonly signal: AbortSignal
  /** Is told that nobody answers, with the error, and with null that somebody does again. */
  readonly onLost?: (error: Error | null) => void
}

/** What it takes to compute the trials of a cell elsewhere. */
export interface CellKernel {
  readonly cell: Cell
  readonly data: DataTable | null
  /** The very module that workers run; null where there is none: the reference gives the same bits, slower. */
  readonly module: Uint8Array | null
}

/** Is told now and then how many cells of how many have been read. */
export type OnCells = (done: number, total: number) => void

/**
 * What gives documents about sweeps: a database, a farm asked over HTTP, a report file. Code that shows documents knows
 * only this interface. A sweep is identified by its id. For one that does not exist, an error is thrown that says so.
 */
export interface Source {
  /**
   * The sweep that a text stands for: its name, its id, or the beginning of its id. Throws if there is none, or
   * several.
   */
  find(text: string): Promise<{ readonly id: string; readonly name: string }>
  /** All sweeps, newest first. */
  sweeps(): Promise<SweepListData>
  status(sweep: string): Promise<StatusData>
  /** Who leads, who works and at what. */
  farm(): Promise<WholeFarmData>
  /** Failures by their cause, of one sweep or of all. */
  failures(sweep?: string): Promise<FailuresData>
  /** What the farm, or one sweep, was at within the last ten minutes. */
  recent(sweep?: string): Promise<RecentData>
  /** The sweeps that share the name of this one, itself included; empty where it has the name for itself. */
  namesakes(sweep: string): Promise<readonly NamesakeParts[]>
  /** The status at each change; the last one is that of the sweep's end. Ends early when the signal is aborted. */
  follow(sweep: string, options: { readonly signal: AbortSignal; readonly everyMs?: number }): AsyncIterable<StatusData>
  /** A sweep at each change, twice a second at most; ends with it. */
  live(sweep: string, options: LiveOptions): AsyncIterable<LiveSweep>
  /** Everything at each change. */
  liveFarm(options: LiveOptions): AsyncIterable<LiveFarm>
  /** The results over exactly the demanded trials of each cell, as far as they are done without a gap. */
  results(sweep: string): Promise<Told<ResultsData>>
  /** All cells as a map shows them; or those with the given indices. */
  cells(sweep: string, indices?: readonly number[]): Promise<CellsData>
  /** One cell, by its index or its id, with all that is known of it. */
  cell(sweep: string, cell: string): Promise<WholeCellData>
  /** The data set of a cell, by its hash. */
  data(hash: string): Promise<DataTable>
  /**
   * The results with the cells one at a time, for sweeps of very many. What `use` is given may be read until it ends.
   */
  withResults<T>(
    sweep: string,
    use: (results: StreamedResults) => Promise<T>,
    options?: { /** Those with these indices alone. */ readonly cells?: readonly number[] },
  ): Promise<T>
  /** The share of escaped trials over the steps, for each cell that has an escape event and trials. */
  curves(sweep: string): Promise<Told<CurvesData>>
  /** The same with the cells one at a time. */
  withCurves<T>(sweep: string, use: (curves: StreamedCurves) => Promise<T>): Promise<T>
  /** The cell in which an estimate is largest or smallest. */
  best(
    sweep: string,
    of: string,
    direction: BestData['direction'],
    onCells?: OnCells,
  ): Promise<Told<BestData> | NoSuchEstimate>
  /**
   * A fit over cells of one method, such as `log(escapeRate) ~ 1/T + log(T)`, or one for each value of an axis. Without
   * `method`: over the direct cells, if there are any.
   */
  fit(sweep: string, formula: string, options?: FitOptions & { readonly onCells?: OnCells }): Promise<Told<FitData>>
  /** Two sweeps, cell by cell. */
  compare(first: string, second: string, options?: CompareOptions): Promise<ComparisonData>
  /** The first `at` trials of each cell against those after. */
  compareSplit(sweep: string, at: number, options?: CompareOptions): Promise<ComparisonData>
  origins(sweep: string): Promise<Origins>
  /** What is known exactly of cells, about a second each; by their indices. */
  exact(sweep: string, indices: readonly number[], onCells?: OnCells): Promise<OracleData>
  /** What Theorem 1 says of cells, beside what was measured; by their indices. */
  theorem(sweep: string, indices: readonly number[], onCells?: OnCells): Promise<TheoremData>
  /** A figure of it, of the kind that is asked for or that its axes suggest. */
  figure(sweep: string, request: SweepFigure): Promise<Figure>
  /** What computes the trials of a cell, by its id: the cell, its data, and the bytes of its module. */
  kernel(cell: string): Promise<CellKernel>
  /** How the interval of the probability of an event became narrower in cells; by their indices. */
  convergence(sweep: string, of: string, indices: readonly number[]): Promise<ConvergenceData>
  /**
   * One trial of a cell (its index or its id), or one replica, computed again and compared with what is kept of it.
   * `control`: one of the control, the cell without its noise.
   */
  replay(sweep: string, cell: string, trial: number, options?: { readonly control?: boolean }): Promise<Replayed>
  /** The first rows of a cell that are kept, at most so many. */
  keptRows(sweep: string, cell: number, count: number): Promise<readonly RowRecord[]>
  /** Trials of a cell, replayed step by step. */
  paths(sweep: string, cell: number, trials: readonly number[]): Promise<PathsData>
  /** The kept rows of the trials that count, ordered by cell. */
  rows(sweep: string): Promise<Rows & Pick<Told<unknown>, 'warnings'>>
}
