import { count, nonNegative, type Plain } from '@driftfarm/statistics'
import type { Asymptotic, OracleAnswer, Refusal } from '@driftfarm/theory'
import * as z from 'zod'
import type { Envelope } from './envelope.ts'
import { real, realShape } from './number.ts'
import { type Origin, originShape } from './origin.ts'

const finiteShape = z.strictObject({
  form: z
    .enum(['none', 'several', 'additive', 'multiplicative', 'rate', 'rotation', 'flip', 'anisotropic', 'loss-scaled'])
    .describe('Of the drift; law and scale are then those of its first entry.'),
  points: count.describe('How many were found.'),
  apart: nonNegative.describe('The largest distance, over their size, of two that were taken for one.'),
})

const chainShape = z.strictObject({
  dimension: count,
  law: z.string(),
  beta: z.number().nullable().describe('Of the momentum rule.'),
  eta: z.number(),
  scale: z.number().describe('s at n = 0.'),
  temperature: z
    .number()
    .nullable()
    .describe(
      'Of slow motion: the variance of the noise of a step over 2 eta, with momentum over 2 eta (1 - beta). null ' +
        'where it changes with n, and for a law without variance.',
    ),
  finite: z.exactOptional(finiteShape.describe('Where trials come to finitely many points.')),
})

const exactShape = z.strictObject({
  value: nonNegative,
  error: nonNegative.describe(
    'Relative disagreement of two resolutions and boxes, or of a finite sum its rounding; absolute ' +
      'where the value is 0.',
  ),
  reason: z.exactOptional(z.string().describe('Why the error is no smaller; where it is above 1e-6.')),
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

/** A law as in theory, with text in place of numbers that JSON lacks. */
const lawShape = z.union([
  z.strictObject({
    name: lawName,
    applies: z.literal(true),
    quantities: z
      .record(z.string(), z.strictObject({ value: realShape, unit: z.string() }))
      .describe("By name: meanExitStep, ratePerStep, probability, barrier, ..; the unit of a pure number is ''."),
    conditions: z.array(z.string()).describe("What the law assumes, with the cell's numbers."),
    error: z.string().describe('Order of what the law leaves out.'),
    source: z.string(),
  }),
  z.strictObject({ name: lawName, applies: z.literal(false), reason: z.string() }),
])
export type LawStatement = Plain<z.infer<typeof lawShape>>

/** What is known exactly of one cell. */
const cellShape = originShape.extend({
  refused: z.string().nullable().describe('Why nothing is known exactly.'),
  chain: chainShape
    .nullable()
    .describe('theta_{n+1} = theta_n - eta grad L(theta_n) + s xi, as it was followed; null if refused.'),
  answers: z.record(z.string(), exactShape).describe('By name of the estimate.'),
  /** What was asked for but is not known. */
  missing: z.record(z.string(), z.string()).describe('Reason by name.'),
  laws: z.array(lawShape).describe('What asymptotic laws say, or why they say nothing.'),
})
export type OracleCell = Plain<z.infer<typeof cellShape>>

export const oracleShape = z.strictObject({ sweep: z.strictObject({ name: z.string() }), cells: z.array(cellShape) })
export type OracleData = Plain<z.infer<typeof oracleShape>>
export type OracleDocument = Envelope<'Oracle', OracleData>

export function oracleCell(
  { index, id, params }: Origin,
  found: OracleAnswer | Refusal,
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
