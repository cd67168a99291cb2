import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import type { FoundPoint, Minima } from '@driftfarm/theory'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { real, realShape } from './number.ts'
import { type Origin, originShape } from './origin.ts'

const shareShape = z.strictObject({ count, value: share, low: share, high: share })

const pointShape = z.strictObject({
  name: z.string(),
  known: z
    .string()
    .nullable()
    .describe('The name of this point in the cell; null if the cell does not name the point.'),
  kind: z.enum(['minimum', 'saddle', 'flat', 'unsettled']),
  loss: realShape,
  gradnorm: realShape,
  /**
   * The smallest and the largest eigenvalue, the number of negative eigenvalues, and the number of eigenvalues that
   * are zero within the tolerance.
   */
  eigenvalues: z
    .strictObject({ smallest: z.number(), largest: z.number(), negative: count, zero: count })
    .nullable()
    .describe('Eigenvalues of the Hessian; null if the Hessian is not finite.'),
  share: shareShape,
  first: count.describe('Trial index of the first descent that ended here.'),
  /** Number of descents in which a plain Newton step failed, so that a damped step was needed. */
  damped: count,
  point: z.array(z.number()),
})
export type PointResult = Plain<z.infer<typeof pointShape>>

const cellShape = originShape.extend({
  /** The kind of the start: point, uniform, ... */
  start: z.string(),
  dimension: count,
  descents: count,
  /** Settings of the descents: step size, gradient norm at which a descent ends, and maximum number of steps. */
  eta: nonNegative,
  gradient: nonNegative,
  steps: count,
  /** Simultaneous confidence level of the intervals for all shares in the cell. */
  confidence: share,
  /** The symmetry under which points count as the same point. */
  symmetry: z.string(),
  tolerances: z.strictObject({
    gradient: nonNegative,
    eigenvalue: nonNegative,
    merge: nonNegative,
    flatLoss: nonNegative,
  }),
  minima: z.array(pointShape),
  /** Points of the other kinds: saddle, flat and unsettled. */
  notMinima: z.array(pointShape),
  diverged: shareShape,
  unfinished: count,
})
export type MinimaCell = Plain<z.infer<typeof cellShape>>

export const minimaShape = z.strictObject({
  sweep: z.strictObject({ name: z.string() }),
  cells: z
    .array(cellShape)
    .describe('The requested cell, or the first cell of each combination of landscape, start and step size.'),
})
export type MinimaData = Plain<z.infer<typeof minimaShape>>
export type MinimaDocument = Envelope<'Minima', MinimaData>

export function minimaCell(origin: Origin & Pick<MinimaCell, 'start'>, found: Minima): MinimaCell {
  const { descent, others, ...rest } = found
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
    minima: rest.minima.map(pointResult),
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
