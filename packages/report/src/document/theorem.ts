import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import type { TheoremAnswer } from '@driftfarm/theory'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { integerShape, real, realShape } from './number.ts'
import { type Origin, originShape } from './origin.ts'

const boundsShape = z.strictObject({
  stay: share.nullable().describe('s_N, a lower bound on the probability of staying.'),
  escape: share.nullable().describe('1 - s_N, computed without a subtraction.'),
  upper: share.nullable().describe('1 - S_N(rho), an upper bound on the probability of leaving.'),
  lower: share.nullable().describe('1 - S_N((1 - eta Lambda)_+), a lower bound on the probability of leaving.'),
  error: nonNegative,
  missing: z.string().nullable().describe('Why `upper` or `lower` is unknown.'),
  union: nonNegative.nullable(),
  exponential: share.nullable(),
  doob: nonNegative.nullable(),
  certificate: share
    .nullable()
    .describe(
      'Theorem 2: an upper bound on the probability of the escape that the cell defines. The other bounds are ' +
        'about leaving the ball of the theorem, or staying in it.',
    ),
})

const explicitShape = z.strictObject({
  beta: nonNegative,
  betaT: nonNegative,
  level: realShape,
  growth: share,
  escape: share,
})

const certificateShape = z.strictObject({
  escape: share.describe('Proven upper bound on the probability of escape within the horizon.'),
  by: z.enum(['solution', 'exponential', 'ball']),
  among: z.array(count),
  nodes: count,
  spacing: nonNegative,
  followed: count,
  growth: share.describe(
    'W is the function of Theorem 2: it is at least 1 where a trial has escaped. Each further step raises W by at ' +
      'most this share of T - W, where T is a number that no value of W exceeds. The share is sup (P W - W) / (T - W)' +
      ', where P W is the expectation of W after one step.',
  ),
  explicit: explicitShape
    .nullable()
    .describe(
      'The best certificate in closed form: W = min(1, exp(beta (L_eff - level))) with ' +
        'L_eff = L - (eta / 4) |grad L|^2.',
    ),
})

const foreverShape = z.strictObject({
  stay: share,
  escape: share,
  terms: count,
  tail: nonNegative,
  restart: z.strictObject({
    atZero: share,
    half: nonNegative.nullable(),
    measured: z.strictObject({ rows: count, value: share, low: share, high: share }).nullable(),
  }),
})

/** The escape probability of the cell, measured by a sweep in the database. */
const measuredShape = z.strictObject({
  /** Name of the sweep. */
  sweep: z.string(),
  trials: integerShape,
  value: share,
  low: share,
  high: share,
  confidence: share,
  method: z.string(),
  /** Whether the measured event is leaving the ball of the theorem. False, for example, if convergence ends trials. */
  sameEvent: z.boolean(),
})
export type MeasuredEscape = Plain<z.infer<typeof measuredShape>>

/** Theorem 1 for one cell. `TheoremAnswer` explains the fields. */
const cellShape = originShape.extend({
  dimension: count,
  minimum: z.strictObject({
    point: z.array(z.number()),
    name: z.string().nullable(),
    loss: realShape,
    gradnorm: realShape,
    error: nonNegative.nullable(),
  }),
  start: z.strictObject({ distance: nonNegative, random: z.boolean() }),
  set: z.strictObject({
    kind: z.enum(['ball', 'tube']),
    among: z.array(count),
    radius: nonNegative,
    chosen: z.enum(['option', 'escape', 'best']),
  }),
  escape: z.strictObject({
    kind: z.enum(['ball', 'misses', 'settles', 'none', 'unknown']),
    ends: z.enum(['both', 'upper', 'none']),
    text: z.string(),
  }),
  curvature: z.strictObject({
    radius: realShape,
    mu: realShape,
    lambda: realShape,
    meanMu: realShape,
    meanLambda: realShape,
    how: z.enum(['interval arithmetic', 'estimate']),
  }),
  statement: z
    .enum(['additive', 'vanishing', 'momentum', 'minibatch', 'none'])
    .describe("additive: Theorem 1. vanishing: Theorem 1'. momentum, minibatch: Theorem 3."),
  conditions: z
    .array(
      z.strictObject({
        number: z.literal([1, 2, 3]),
        holds: z.boolean(),
        numbers: z.record(z.string(), realShape),
        text: z.string(),
      }),
    )
    .length(3),
  steps: count,
  bounds: boundsShape.nullable(),
  certificate: z.union([certificateShape, z.strictObject({ reason: z.string() })]),
  convergence: z
    .union([
      z.strictObject({ s: share, escape: share, steps: count, after: share }),
      z.strictObject({ reason: z.string() }),
    ])
    .describe('s: proven lower bound on the probability of converging to this minimum without having escaped.'),
  vanishing: z.strictObject({ alpha: realShape, stay: realShape, escape: realShape, text: z.string() }).nullable(),
  forever: z.union([foreverShape, z.strictObject({ reason: z.string() })]),
  leaves: z.boolean().describe('Whether every trial leaves eventually: P(tau < infinity) = 1.'),
  horizon: z.strictObject({ delta: share, steps: realShape }).nullable(),
  measure: z.string(),
  measured: measuredShape.nullable(),
})
export type TheoremCell = Plain<z.infer<typeof cellShape>>

export const theoremShape = z.strictObject({ sweep: z.strictObject({ name: z.string() }), cells: z.array(cellShape) })
export type TheoremData = Plain<z.infer<typeof theoremShape>>
export type TheoremDocument = Envelope<'Theorem', TheoremData>

export function theoremCell(origin: Origin, answer: TheoremAnswer, measured: MeasuredEscape | null): TheoremCell {
  const { minimum, curvature, conditions, vanishing, horizon, certificate, ...rest } = answer
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
    certificate:
      'reason' in certificate || certificate.explicit === null
        ? (certificate as TheoremCell['certificate'])
        : { ...certificate, explicit: { ...certificate.explicit, level: real(certificate.explicit.level) } },
    horizon: horizon === null ? null : { delta: horizon.delta, steps: real(horizon.steps) },
    measured,
  }
}
