import type { FigureKind, FigureOptions } from './figure.ts'

export interface FigureRequest extends FigureOptions {
  readonly kind?: Exclude<FigureKind, 'landscape'> | undefined
  readonly where?: string | undefined
  /** Whether exact values (`oracle`) and bounds of Theorem 1 (`theorem`) are computed and drawn. */
  readonly oracle?: boolean | undefined
  readonly theorem?: boolean | undefined
  readonly formula?: string | undefined
  /** For a trajectory or a convergence figure: the index of the cell. */
  readonly cell?: number | undefined
  /** For a trajectory figure: the indices of the trials. */
  readonly trials?: readonly number[] | undefined
  readonly onCells?: (done: number, total: number) => void
}

export interface SweepFigure extends Omit<FigureRequest, 'formula'> {
  /** For a fit: the formula, e.g. `log(escapeRate) ~ 1/T`. */
  readonly fit?: string | undefined
}
