import { count, nonNegative, type Plain } from '@driftfarm/statistics'
import type { Asymptotic, NotApplicable, OracleAnswer } from '@driftfarm/theory'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { real, realShape } from './number.ts'
import { type Origin, originShape } from './origin.ts'

const finiteShape = z.strictObject({
  form: z
    .enum(['none', 'several', 'additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled'])
    .describe('Form of the drift (injected noise). If there are several, `law` and `scale` describe the first.'),
  points: count.describe('Number of reachable points found.'),
  apart: nonNegative.describe(
    'Largest relative difference between the coordinates of two points that were merged into one.',
  ),
})

const chainShape = z.strictObject({
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

const exactShape = z.strictObject({
  value: nonNegative,
  error: nonNegative.describe(
    'Relative error. For quadrature, it includes the difference between the answers at two resolutions, which are ' +
      'computed in boxes of different sizes. For a finite sum, it is the rounding error. If the value is 0, ' +
      'the error is absolute.',
  ),
  reason: z.exactOptional(z.string().describe('Why the error is not smaller; present if it is above 1e-6.')),
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

const lawName = z.enum(['eyring-kramers', 'discrete-kramers', 'freidlin-wentzell', 'heavy-tail', 'kesten'])

/** An asymptotic law, with text in place of numbers that JSON lacks. */
const lawShape = z.union([
  z.strictObject({
    name: lawName,
    applies: z.literal(true),
    quantities: z
      .record(z.string(), z.strictObject({ value: realShape, unit: z.string() }))
      .describe(
        "Quantities by name: meanExitStep, ratePerStep, probability, barrier, .. The unit of a pure number is ''.",
      ),
    conditions: z.array(z.string()).describe('Assumptions of the law, with their numbers for this cell.'),
    error: z.string().describe('Order of the terms that the law neglects.'),
    source: z.string(),
  }),
  z.strictObject({ name: lawName, applies: z.literal(false), reason: z.string() }),
])
export type LawStatement = Plain<z.infer<typeof lawShape>>

const cellShape = originShape.extend({
  refused: z.string().nullable().describe('Why there is no exact answer; null if there is one.'),
  chain: chainShape
    .nullable()
    .describe(
      'The chain that was computed: theta_{n+1} = theta_n - eta grad L(theta_n) + s xi. null if there is no ' +
        'exact answer.',
    ),
  answers: z.record(z.string(), exactShape).describe('Exact values, by name of the estimate.'),
  missing: z.record(z.string(), z.string()).describe('Why requested values are not known, by name of the estimate.'),
  laws: z.array(lawShape).describe('Statements of the asymptotic laws, or why they do not apply.'),
})
export type OracleCell = Plain<z.infer<typeof cellShape>>

export const oracleShape = z.strictObject({ sweep: z.strictObject({ name: z.string() }), cells: z.array(cellShape) })
export type OracleData = Plain<z.infer<typeof oracleShape>>
export type OracleDocument = Envelope<'Oracle', OracleData>

export function oracleCell(
  { index, id, params }: Origin,
  found: OracleAnswer | NotApplicable,
  laws: readonly Asymptotic[],
): OracleCell {
  const none = { refused: null, chain: null, answers: {}, missing: {}, laws: laws.map(statement) }
  const origin = { index, id, params }
  if ('reason' in found) return { ...origin, ...none, refused: found.reason }
  return {
    ...origin,
    ...none,
    chain: found.chain,
    answers: Object.fromEntries(found.answers.map(({ name, ...answer }) => [name, answer])),
    missing: Object.fromEntries(found.missing.map(({ name, reason }) => [name, reason])),
  }
}

function statement(law: Asymptotic): LawStatement {
  if (!law.applies) return law
  const quantities = Object.entries(law.quantities).map(
    ([name, { value, unit }]) => [name, { value: real(value), unit }] as const,
  )
  return { ...law, quantities: Object.fromEntries(quantities) }
}
