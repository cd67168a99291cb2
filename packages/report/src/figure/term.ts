import type { Source } from '../source.ts'
import type { SweepFacts } from './facts.ts'
import type { Figure, FigureOptions, SweepFigure } from './figure.ts'
import type { FiguredResults } from './selectCells.ts'

/** A request for a figure, with everything needed to make it. */
export interface FigureQuery {
  readonly source: Source
  readonly sweep: string
  readonly request: SweepFigure
  /** Reads the results of the sweep, or of another one, once, however often it is called. */
  results(of?: string): Promise<FiguredResults>
}

/** A kind of figure. */
export interface FigureTerm {
  /** What the page calls it. */
  readonly label: string
  /** Returns true, or the reason why no sweep with these facts has such a figure. By default, every sweep has one. */
  readonly applies?: (facts: SweepFacts) => true | string
  /** The options that apply. */
  readonly options: readonly (keyof FigureOptions)[]
  /** One paragraph for readers of a report. */
  readonly howToRead: string
  /** Makes the figure of a sweep. Absent if the figure does not show a sweep. */
  readonly ofSweep?: (query: FigureQuery) => Promise<Figure>
}
