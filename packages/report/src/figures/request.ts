import type { FigureKind, FigureOptions } from './figure.ts'

/** The figure that somebody asks for. */
export interface FigureRequest extends FigureOptions {
  readonly kind?: Exclude<FigureKind, 'landscape'> | undefined
  readonly where?: string | undefined
  /** Whether exact values and brackets of Theorem 1 are computed and drawn. */
  readonly oracle?: boolean | undefined
  readonly theorem?: boolean | undefined
  /** Of a fit. */
  readonly formula?: string | undefined
  /** Of a trajectory: the cell's index, and the trials. */
  readonly cell?: number | undefined
  readonly trials?: readonly number[] | undefined
  readonly onCells?: (done: number, total: number) => void
}

/** What is to be drawn of a sweep. */
export interface SweepFigure extends Omit<FigureRequest, 'formula'> {
  /** Of a fit: the formula, e.g. `log(escapeRate) ~ 1/T`. */
  readonly fit?: string | undefined
}
