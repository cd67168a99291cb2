import type { Source } from '../source.ts'
import type { Figure, FigureOptions, SweepFigure } from './figure.ts'
import type { FiguredResults } from './selectCells.ts'

/** A request for a figure, with everything needed to make it. */
export interface FigureQuery {
  readonly source: Source
  readonly sweep: string
  readonly request: SweepFigure
  /** Reads the results of the sweep once, however often it is called. */
  results(): Promise<FiguredResults>
}

/** Parts of a request that only some sweeps have. */
export interface SweepRequests {
  readonly contrasts: boolean
  readonly observe: boolean
  readonly threshold: boolean
}

/** What decides whether a kind of figure applies to a sweep. */
export interface SweepFacts {
  /** Number of swept paths that have several values. */
  readonly axes: number
  /** The names of the estimates; empty before the first trial. */
  readonly estimates: readonly string[]
  /** Undefined if unknown, as in a report file of an earlier version. */
  readonly requests: SweepRequests | undefined
}

/** A kind of figure. */
export interface FigureTerm {
  /** Returns true, or the reason why no sweep with these facts has such a figure. By default, every sweep has one. */
  readonly applies?: (facts: SweepFacts) => true | string
  /** The options that apply. */
  readonly options: readonly (keyof FigureOptions)[]
  /** One paragraph for readers of a report. */
  readonly howToRead: string
  /** Makes the figure of a sweep. Absent if the figure does not show a sweep. */
  readonly ofSweep?: (query: FigureQuery) => Promise<Figure>
}
