import type { FoundPoint, Minima, Share } from '@driftfarm/theory'
import type { Envelope } from './envelope.ts'
import { type Real, real } from './number.ts'

export type MinimaDocument = Envelope<'Minima', MinimaData>

export interface MinimaData {
  readonly sweep: { readonly name: string }
  readonly cells: readonly MinimaCell[]
}

/** Where the descents of one cell ended. */
export interface MinimaCell extends MinimaOrigin {
  readonly dimension: number
  readonly descents: number
  /** Of the descents: step size, the gradient at which one ends, the most steps of one. */
  readonly eta: number
  readonly gradient: number
  readonly steps: number
  /** Of all shares of the cell at once. */
  readonly confidence: number
  /** What counts as one point. */
  readonly symmetry: string
  readonly tolerances: Minima['tolerances']
  readonly minima: readonly PointResult[]
  /** Saddles, flat and unsettled ends. */
  readonly notMinima: readonly PointResult[]
  readonly diverged: Share
  readonly unfinished: number
}

/** The first cell of the sweep with this landscape and these starts. */
export interface MinimaOrigin {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  /** Kind of the start law: point, uniform, ... */
  readonly start: string
}

export interface PointResult {
  readonly name: string
  readonly known: string | null
  readonly kind: FoundPoint['kind']
  readonly loss: Real
  readonly gradnorm: Real
  /** Of the Hessian: its ends, and how many are below, or within, the tolerance of zero; null where it is not finite. */
  readonly eigenvalues: {
    readonly smallest: number
    readonly largest: number
    readonly negative: number
    readonly zero: number
  } | null
  readonly share: Share
  /** Trial index of the first descent that ended here. */
  readonly first: number
  /** Descents whose end needed damped steps: a Hessian on the way was singular or not definite. */
  readonly damped: number
  readonly point: readonly number[]
}

export function minimaCell(origin: MinimaOrigin, found: Minima): MinimaCell {
  const { descent, minima, others, ...rest } = found
  return {
    ...origin,
    dimension: rest.dimension,
    descents: rest.descents,
    eta: descent.eta,
    gradient: descent.gradient,
    steps: descent.steps,
    confidence: rest.confidence,
    symmetry: rest.symmetry,
    tolerances: rest.tolerances,
    minima: minima.map(pointResult),
    notMinima: others.map(pointResult),
    diverged: rest.diverged,
    unfinished: rest.unfinished,
  }
}

function pointResult({ eigenvalues, negative, zero, loss, gradnorm, ...rest }: FoundPoint): PointResult {
  const ends =
    eigenvalues === null || eigenvalues.length === 0
      ? null
      : { smallest: eigenvalues[0]!, largest: eigenvalues.at(-1)!, negative, zero }
  return {
    name: rest.name,
    known: rest.known,
    kind: rest.kind,
    loss: real(loss),
    gradnorm: real(gradnorm),
    eigenvalues: ends,
    share: rest.share,
    first: rest.first,
    damped: rest.damped,
    point: rest.point,
  }
}
