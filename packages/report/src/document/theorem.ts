import type { Estimate } from '@driftfarm/statistics'
import type { AdditiveBounds, TheoremAnswer, TheoremCondition } from '@driftfarm/theory'
import type { Envelope } from './envelope.ts'
import { type Real, real } from './number.ts'

export type TheoremDocument = Envelope<'Theorem', TheoremData>

export interface TheoremData {
  readonly sweep: { readonly name: string }
  readonly cells: readonly TheoremCell[]
}

export interface TheoremOrigin {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

/** The cell's escape as a sweep of the database measured it. */
export interface MeasuredEscape extends Pick<Estimate, 'value' | 'low' | 'high' | 'confidence' | 'method'> {
  /** Name of the sweep. */
  readonly sweep: string
  readonly trials: number | string
  /** Whether it is the event of the bounds: leaving the same ball, whatever comes first. */
  readonly sameEvent: boolean
}

type Condition = Omit<TheoremCondition, 'numbers'> & { readonly numbers: Readonly<Record<string, Real>> }
type Numbers<T> = { readonly [K in keyof T]: T[K] extends number ? Real : T[K] }

/** Theorem 1 for one cell; numbers as in `TheoremAnswer`. */
export interface TheoremCell
  extends TheoremOrigin,
    Omit<TheoremAnswer, 'minimum' | 'curvature' | 'conditions' | 'bounds' | 'vanishing' | 'horizon' | 'steps'> {
  readonly steps: number
  readonly minimum: Numbers<TheoremAnswer['minimum']>
  readonly curvature: Numbers<TheoremAnswer['curvature']>
  readonly conditions: readonly Condition[]
  readonly bounds: AdditiveBounds | null
  readonly vanishing: Numbers<NonNullable<TheoremAnswer['vanishing']>> | null
  readonly horizon: { readonly delta: number; readonly steps: Real } | null
  readonly measured: MeasuredEscape | null
}

export function theoremCell(
  origin: TheoremOrigin,
  answer: TheoremAnswer,
  measured: MeasuredEscape | null,
): TheoremCell {
  const { minimum, curvature, conditions, vanishing, horizon, ...rest } = answer
  const { mu, lambda, meanMu, meanLambda } = curvature
  return {
    ...origin,
    ...rest,
    minimum: { ...minimum, loss: real(minimum.loss), gradnorm: real(minimum.gradnorm) },
    curvature: {
      ...curvature,
      radius: real(curvature.radius),
      mu: real(mu),
      lambda: real(lambda),
      meanMu: real(meanMu),
      meanLambda: real(meanLambda),
    },
    conditions: conditions.map(({ numbers, ...condition }) => ({
      ...condition,
      numbers: Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, real(value)])),
    })),
    vanishing:
      vanishing === null
        ? null
        : { ...vanishing, alpha: real(vanishing.alpha), stay: real(vanishing.stay), escape: real(vanishing.escape) },
    horizon: horizon === null ? null : { delta: horizon.delta, steps: real(horizon.steps) },
    measured,
  }
}
