import type { Cell, DataTable, Tables } from '@driftfarm/spec'
import type * as z from 'zod'
import { addresses } from './addresses.generated.ts'
import type { CellsData } from './document/cells.ts'
import type { CurvesData, StreamedCurves } from './document/curves.ts'
import type { WithWarnings } from './document/define.ts'
import type { ResultsData } from './document/results.ts'
import type { Rows } from './document/rows.ts'
import type { StatusData } from './document/status.ts'
import { collectAll, type Streamed, type StreamedResults } from './document/streamed.ts'
import type { DocumentData } from './documents.ts'
import type { Figure, SweepFigure } from './figure/figure.ts'
import type { OnCells } from './question.ts'
import type { questions } from './questions.generated.ts'
import type { QuestionAddress } from './reception.ts'

export interface LiveSweep {
  readonly status: StatusData
  /** null if there are too many cells to send at each change; then request them with `cells`. */
  readonly cells: CellsData | null
}

export interface LiveFarm {
  readonly sweeps: DocumentData<'SweepList'>
  /** null for a report file, which has no farm. */
  readonly farm: DocumentData<'Farm'> | null
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
  readonly tables: Tables
  /**
   * The module that workers run; null if there is none. Without a module, the reference engine computes the same bits
   * more slowly.
   */
  readonly module: Uint8Array | null
}

type Questions = typeof questions
export type QuestionName = keyof Questions
export type Input<Name extends QuestionName> = z.output<Questions[Name]['input']>
export type Answer<Name extends QuestionName> = Parameters<Questions[Name]['form']['send']>[0]

interface QuestionOptions {
  readonly onCells?: OnCells | undefined
}

/** A function for each question. If no key of the input is required, neither is the input. */
export type Questioned = {
  readonly [Name in QuestionName]: (
    ...args: Record<never, never> extends Input<Name>
      ? [input?: Input<Name>, options?: QuestionOptions]
      : [input: Input<Name>, options?: QuestionOptions]
  ) => Promise<Answer<Name>>
}

/** Makes the functions for all questions from one that answers any question. */
export function answeredBy(
  answer: (name: QuestionName, input: Input<QuestionName>, options: QuestionOptions) => Promise<unknown>,
): Questioned {
  const ask =
    (name: QuestionName) =>
    (input: Input<QuestionName> = {}, options: QuestionOptions = {}) =>
      answer(name, input, options)
  const names = Object.keys(addresses satisfies Record<QuestionName, QuestionAddress>) as QuestionName[]
  return Object.fromEntries(names.map((name) => [name, ask(name)])) as unknown as Questioned
}

export interface FollowOptions {
  readonly signal: AbortSignal
  readonly everyMs?: number
  /** Aborted by this process when the sweep has probably ended. The status is then read at once. */
  readonly ended?: AbortSignal | undefined
}

/**
 * A source of documents about sweeps: a database, a farm over HTTP, or a report file. Code that shows documents uses
 * only this interface. Sweeps are identified by their ids. If a sweep does not exist, an error is thrown.
 *
 * Besides the questions, a source has functions whose answers are not one document: streams of cells and rows, streams
 * of changes, bytes, and figures, which are drawn from the answers to other questions.
 */
export interface Source extends Questioned {
  /**
   * Finds a sweep by its name, its id, or the beginning of its id. Throws if no sweep matches, or if several do.
   */
  find(text: string): Promise<{ readonly id: string; readonly name: string }>
  /** Yields the status of a sweep at each change. The last one is the final status, unless the signal is aborted. */
  follow(sweep: string, options: FollowOptions): AsyncIterable<StatusData>
  /** The results of a sweep. For each cell, they cover the requested trials before the first unfinished trial. */
  results(sweep: string): Promise<WithWarnings<ResultsData>>
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
  /** The recorded rows of the trials counted in the results, ordered by cell. */
  rows(sweep: string): Promise<Required<Rows>>
  /** A figure of the requested kind; by default, of the kind that the axes of the sweep suggest. */
  figure(sweep: string, request: SweepFigure): Promise<Figure>
  /**
   * The data needed to compute the trials of the cell with this id: the cell, its data set, and the bytes of its
   * module.
   */
  kernel(cell: string): Promise<CellKernel>
  data(hash: string): Promise<DataTable>
}

/** A source that a page shows: its state can be watched. */
export interface LiveSource extends Source {
  /** Yields the state of a sweep at each change, about twice a second at most, until the sweep ends. */
  live(sweep: string, options: LiveOptions): AsyncIterable<LiveSweep>
  /** Yields the state of all sweeps and of the farm at each change. */
  liveFarm(options: LiveOptions): AsyncIterable<LiveFarm>
}

/** Reads a streamed document into memory. */
export async function collected<Head extends object, Cell, Tail extends object>(streamed: Streamed<Head, Cell, Tail>) {
  return { data: await collectAll(streamed), warnings: streamed.warnings }
}
