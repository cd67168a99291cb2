import { count, nonNegative, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'

const finiteShape = z.strictObject({
  form: z
    .enum(['none', 'several', 'additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled'])
    .describe('Form of the drift (injected noise). If there are several, `law` and `scale` describe the first.'),
  // These are all the points that trials can reach within the horizon, unless the search stopped at its maximum number
  // of states.
  points: count.describe('Number of reachable points found.'),
  apart: nonNegative.describe(
    'Largest relative difference between the coordinates of two points that were merged into one.',
  ),
})
export type FinitePoints = Plain<z.infer<typeof finiteShape>>

export const chainShape = z.strictObject({
  dimension: count,
  law: z.string(),
  beta: z.number().nullable().describe('Coefficient beta of the momentum rule; null for other rules.'),
  eta: z.number(),
  scale: z.number().describe('Scale s of the noise at n = 0.'),
  temperature: z
    .number()
    .nullable()
    .describe(
      'Temperature of slow motion (small steps): the variance of the noise in one step, divided by 2 eta, or by ' +
        '2 eta (1 - beta) with momentum. null if the temperature changes with n, or if the distribution has no ' +
        'finite variance.',
    ),
  finite: z.exactOptional(finiteShape.describe('Present if trials can reach only finitely many points.')),
})

export const exactShape = z.strictObject({
  value: nonNegative,
  error: nonNegative.describe(
    'Relative error. For quadrature, it includes the difference between the answers at two resolutions, which are ' +
      'computed in boxes of different sizes. For a finite sum, it is the rounding error. If the value is 0, ' +
      'the error is absolute.',
  ),
  reason: z.exactOptional(z.string().describe('Why the error is not smaller; present if it is above 1e-6.')),
  // 'nystrom': mass carried forward on quadrature nodes. 'nystrom-gth': elimination of the nodes.
  // 'nystrom-aggregation': elimination of groups of nodes. 'radial-*': a chain of the distance from a centre.
  // 'finite-*': a chain on the finitely many points that trials reach.
  method: z.enum([
    'nystrom',
    'nystrom-gth',
    'nystrom-aggregation',
    'radial-nystrom',
    'radial-gth',
    'finite',
    'finite-gth',
  ]),
})
export type Exact = Plain<z.infer<typeof exactShape>>

export interface ExactAnswer extends Exact {
  /**
   * The name of the estimate, as in results. Answers without a horizon are named `firstExit`, `firstExit:NAME`,
   * `firstConverge`, `meanExitStep` or `rate`.
   */
  readonly name: string
}

export interface OracleAnswer {
  /** The chain that the answers describe. */
  readonly chain: Plain<z.infer<typeof chainShape>>
  readonly answers: readonly ExactAnswer[]
  readonly missing: readonly { readonly name: string; readonly reason: string }[]
}

const nameShape = z.enum(['eyring-kramers', 'discrete-kramers', 'freidlin-wentzell', 'heavy-tail', 'kesten'])
export type AsymptoticName = z.infer<typeof nameShape>

/** `real` describes a number that may be infinite. JSON lacks such numbers, so documents write them as text. */
export const asymptoticShape = <Real extends z.ZodType>(real: Real) =>
  z.union([
    z.strictObject({
      name: nameShape,
      applies: z.literal(true),
      quantities: z
        .record(z.string(), z.strictObject({ value: real, unit: z.string() }))
        .describe(
          "Quantities by name: meanExitStep, ratePerStep, probability, barrier, .. The unit of a pure number is ''.",
        ),
      conditions: z.array(z.string()).describe('Assumptions of the law, with their numbers for this cell.'),
      error: z.string().describe('Order of the terms that the law neglects.'),
      source: z.string(),
    }),
    z.strictObject({ name: nameShape, applies: z.literal(false), reason: z.string() }),
  ])
/** What an asymptotic formula says about a cell, or why it does not apply. */
export type Asymptotic = Plain<z.infer<ReturnType<typeof asymptoticShape<z.ZodNumber>>>>
export type AppliedAsymptotic = Extract<Asymptotic, { applies: true }>
