import * as z from 'zod'
import { count, decimal, extended, nonNegative, type Plain, share } from '../shape.ts'

/** A chi-square test of the fit of a constant rate. */
const exponentiality = z.strictObject({ statistic: nonNegative, degreesOfFreedom: count, pValue: share })

/** Spread of the independent replicas of splitting, whose mean is the estimate. */
const spread = z
  .strictObject({
    count,
    extinct: count.describe('Replicas that died out before the event; they count as 0.'),
    relativeVariance: nonNegative.describe('Sample variance over the square of the mean.'),
    largestShare: share.describe('Of the sum of all, the largest.'),
    levels: nonNegative.describe('Levels of a replica, on average.'),
    ladder: z
      .array(z.tuple([share, count, z.number()]))
      .describe('Probability 1/10, 1/100, .., replicas that came so far, mean score that is exceeded with it.'),
  })
  .describe('Of splitting: how far the replicas, whose mean is the value, lie apart.')

/** Spread of the trials of a tilt, each of which has a weight. */
const weights = z
  .strictObject({
    /** Sample variance of the values over the square of their mean: 1 / p - 1 for plain trials. */
    relativeVariance: nonNegative,
    /** The largest value as a share of the sum of all. */
    largestShare: share,
    /**
     * The number of events of equal weight that would tell as much: (sum w)^2 / sum w^2 over the trials that escaped.
     */
    effectiveEvents: nonNegative,
  })
  .describe('Of a tilt: what its weights are worth.')

/** The methods that make an interval, grouped by what they are used for. */
const methods = [
  // Probabilities of events.
  'clopper-pearson',
  'wilson',
  'jeffreys',
  'inverse-binomial',
  'gbas',
  'gbas-bounded',
  // Probabilities of events, and escapeRate.
  'beta-binomial',
  // escapeRate, as a Poisson rate.
  'poisson',
  // escapeStep; `asymptotic-sequence` is also used for replicas and tilts.
  'student',
  'asymptotic-sequence',
  'bounded',
  // The mean of replicas of splitting.
  'replicas',
  'extinct',
  'alike',
  // Trials of a tilt, which use `alike` as well.
  'weights',
  'original-noise',
  'no-weight',
  // The cost of a mark.
  'delta',
  'bonferroni',
] as const

/** Keys are in the order in which an estimate is printed. */
export const estimateShape = z
  .strictObject({
    value: extended,
    low: nonNegative,
    high: extended,
    confidence: share,
    method: z
      .string()
      .regex(new RegExp(`^(${methods.join('|')})(\\/[0-9]+)?$`))
      .describe('What made the interval; /42 says that 1 - confidence was divided by 42 for the looks at the data.'),
    /** Number of trials that had the event; for escapeRate only escapes after the burn-in. */
    events: count,
    /** Which event is meant, where a name has two meanings. */
    event: z.exactOptional(z.enum(['first escape', 'escape before converging'])),
    simultaneous: z.exactOptional(count.describe('Cells that share 1 - confidence.')),
    atRisk: z.exactOptional(decimal.describe('escapeRate: steps at risk.')),
    after: z.exactOptional(count.describe('escapeRate: steps of the burn-in that are left out.')),
    exponentiality: z.exactOptional(
      exponentiality
        .nullable()
        .describe(
          'escapeRate: chi-square test of one rate after the burn-in, approximate; null where the tally cannot tell.',
        ),
    ),
    quantiles: z.exactOptional(
      z
        .record(z.string(), z.tuple([count, count]).nullable())
        .describe('escapeStep: by share of all trials, the steps between which that share had escaped; null: never.'),
    ),
    quantileLimits: z.exactOptional(
      z
        .record(z.string(), z.tuple([count, count.nullable()]).nullable())
        .describe(
          'escapeStep: exact limits of the same quantiles; the upper one null, or both, where they lie beyond the ' +
            'horizon.',
        ),
    ),
    gradients: z.exactOptional(
      z
        .strictObject({ value: extended, low: nonNegative, high: extended })
        .describe('Costs: the same in gradients of single samples.'),
    ),
    replicas: z.exactOptional(spread),
    weights: z.exactOptional(weights),
  })
  .describe('A probability, or escapeRate (per step), escapeStep (steps) or cost:MARK (steps), with its interval.')

/**
 * A probability, rate, time or cost, with its interval and the method that made the interval. Plain JSON except for
 * infinities, which documents print as text.
 */
export type Estimate = Plain<z.infer<typeof estimateShape>>
export type Exponentiality = Plain<z.infer<typeof exponentiality>>
export type Spread = Plain<z.infer<typeof spread>>
export type Weights = Plain<z.infer<typeof weights>>
