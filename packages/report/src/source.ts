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
import type { RowRecord, Rows } from './document/rows.ts'
import type { StatusData } from './document/status.ts'
import type { StreamedResults } from './document/streamedResults.ts'
import type { SweepListData } from './document/sweepList.ts'
import type { TheoremData } from './document/theorem.ts'
import type { DocumentData } from './documents.ts'
import type { ConvergenceData } from './figures/convergence.ts'
import type { Figure } from './figures/figure.ts'
import type { SweepFigure } from './figures/request.ts'
import type { PathsData } from './figures/trajectory.ts'

/** The data of a document, with warnings for its reader. */
export interface WithWarnings<Data> {
  readonly data: Data
  readonly warnings: readonly string[]
}

/** Returned if no cell of the sweep has the estimate. `known` lists the estimates that exist. */
export interface NoSuchEstimate {
  readonly known: readonly string[]
}

/** The data needed to submit a sweep again. */
export interface Origins {
  /** The text of the spec, as it was submitted. */
  readonly spec: string
  /** The kernel version that the cells of the sweep require. */
  readonly kernel: number
  /** ISO 8601, UTC. */
  readonly submittedAt: string
}

/** One trial or replica, recomputed. An error is thrown if it differs from the stored record. */
export type ReplayResult = {
  readonly [Kind in 'Trial' | 'Replica' | 'Weighted']: {
    readonly kind: Kind
    readonly data: DocumentData<Kind>
  }
}['Trial' | 'Replica' | 'Weighted']

export interface CompareOptions {
  /** The name of the only estimate to compare. By default, all estimates are compared. */
  readonly of?: string | undefined
  readonly onCells?: OnCells
}

export interface LiveSweep {
  readonly status: StatusData
  /** null if there are too many cells to send at each change; then request them with `cells`. */
  readonly cells: CellsData | null
}

export interface LiveFarm {
  readonly sweeps: SweepListData
  /** null for a report file, which has no farm. */
  readonly farm: WholeFarmData | null
}

export interface LiveOptions {
  /** Ends the stream of changes. */
  readonly signal: AbortSignal
  /** Called with the error if the source does not answer, and with null when it answers again. */
  readonly onLost?: (error: Error | null) => void
}

/** The data needed to compute the trials of a cell elsewhere. */
export interface CellKernel {
  readonly cell: Cell
  readonly data: DataTable | null
  /**
   * The module that workers run; null if there is none. Without a module, the reference engine computes the same bits
   * more slowly.
   */
  readonly module: Uint8Array | null
}

/** Called from time to time with the number of cells read and the total. */
export type OnCells = (done: number, total: number) => void

/**
 * A source of documents about sweeps: a database, a farm over HTTP, or a report file. Code that shows documents uses
 * only this interface. Sweeps are identified by their ids. If a sweep does not exist, an error is thrown.
 */
export interface Source {
  /**
   * Finds a sweep by its name, its id, or the beginning of its id. Throws if no sweep matches, or if several do.
   */
  find(text: string): Promise<{ readonly id: string; readonly name: string }>
  /** Newest first. */
  sweeps(): Promise<SweepListData>
  status(sweep: string): Promise<StatusData>
  /** The coordinators and the workers, with the batches that each process is computing. */
  farm(): Promise<WholeFarmData>
  /** The failures of one sweep, or of all sweeps, grouped by their cause. */
  failures(sweep?: string): Promise<FailuresData>
  /** The computations of the last ten minutes, of the whole farm or of one sweep. */
  recent(sweep?: string): Promise<RecentData>
  /** The sweeps with the same name as this one, including this one; empty if no other sweep has the name. */
  namesakes(sweep: string): Promise<readonly NamesakeParts[]>
  /** Yields the status of a sweep at each change. The last one is the final status, unless the signal is aborted. */
  follow(sweep: string, options: { readonly signal: AbortSignal; readonly everyMs?: number }): AsyncIterable<StatusData>
  /** Yields the state of a sweep at each change, at most twice a second, until the sweep ends. */
  live(sweep: string, options: LiveOptions): AsyncIterable<LiveSweep>
  /** Yields the state of all sweeps and of the farm at each change. */
  liveFarm(options: LiveOptions): AsyncIterable<LiveFarm>
  /** The results of a sweep. For each cell, they cover the requested trials before the first unfinished trial. */
  results(sweep: string): Promise<WithWarnings<ResultsData>>
  /** All cells, or those with the given indices, with the data that a map shows. */
  cells(sweep: string, indices?: readonly number[]): Promise<CellsData>
  /** All data about one cell, by its index or its id. */
  cell(sweep: string, cell: string): Promise<WholeCellData>
  data(hash: string): Promise<DataTable>
  /**
   * Passes the results to `use`, which reads the cells one at a time. Meant for sweeps whose results do not fit in
   * memory. The cells can be read only until `use` returns.
   */
  withResults<T>(
    sweep: string,
    use: (results: StreamedResults) => Promise<T>,
    options?: { /** Only the cells with these indices. */ readonly cells?: readonly number[] },
  ): Promise<T>
  /** The share of escaped trials by step, for each cell that has an escape event and trials. */
  curves(sweep: string): Promise<WithWarnings<CurvesData>>
  /** Passes the curves to `use`, which reads the cells one at a time. */
  withCurves<T>(sweep: string, use: (curves: StreamedCurves) => Promise<T>): Promise<T>
  /** The cell in which an estimate is largest or smallest. */
  best(
    sweep: string,
    of: string,
    direction: BestData['direction'],
    onCells?: OnCells,
  ): Promise<WithWarnings<BestData> | NoSuchEstimate>
  /**
   * Fits a formula such as `log(escapeRate) ~ 1/T + log(T)` to the cells of one method. With `by`, makes a separate fit
   * for each value of an axis. The default method is the first of `direct`, `splitting` and `tilt` that any cell uses.
   */
  fit(
    sweep: string,
    formula: string,
    options?: FitOptions & { readonly onCells?: OnCells },
  ): Promise<WithWarnings<FitData>>
  compare(first: string, second: string, options?: CompareOptions): Promise<ComparisonData>
  /** Splits the trials of each cell at index `at`, and compares the earlier trials with the later ones. */
  compareSplit(sweep: string, at: number, options?: CompareOptions): Promise<ComparisonData>
  origins(sweep: string): Promise<Origins>
  /** Exact values for the cells with these indices. Each cell takes about a second. */
  exact(sweep: string, indices: readonly number[], onCells?: OnCells): Promise<OracleData>
  /** The bounds of Theorem 1 for the cells with these indices, beside the measured values. */
  theorem(sweep: string, indices: readonly number[], onCells?: OnCells): Promise<TheoremData>
  /** A figure of the requested kind; by default, of the kind that the axes of the sweep suggest. */
  figure(sweep: string, request: SweepFigure): Promise<Figure>
  /**
   * The data needed to compute the trials of the cell with this id: the cell, its data set, and the bytes of its
   * module.
   */
  kernel(cell: string): Promise<CellKernel>
  /**
   * For each cell with one of these indices, the probability of an event and its interval at increasing numbers of
   * trials.
   */
  convergence(sweep: string, of: string, indices: readonly number[]): Promise<ConvergenceData>
  /**
   * One trial or replica of a cell (given by its index or its id), recomputed and compared with the stored record. With
   * `control`, it is a trial of the control run, which has no injected noise.
   */
  replay(sweep: string, cell: string, trial: number, options?: { readonly control?: boolean }): Promise<ReplayResult>
  /** The first recorded rows of a cell, up to a maximum number. */
  keptRows(sweep: string, cell: number, count: number): Promise<readonly RowRecord[]>
  /** Trials of a cell, replayed step by step. */
  paths(sweep: string, cell: number, trials: readonly number[]): Promise<PathsData>
  /** The recorded rows of the trials counted in the results, ordered by cell. */
  rows(sweep: string): Promise<Rows & Pick<WithWarnings<unknown>, 'warnings'>>
}
