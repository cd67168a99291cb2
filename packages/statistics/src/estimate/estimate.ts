import * as z from 'zod'
import { count, decimal, extended, nonNegative, type Plain, share } from '../shape.ts'

/** A chi-square test of the fit of a constant rate. */
const exponentiality = z.strictObject({ statistic: nonNegative, degreesOfFreedom: count, pValue: share })

const spread = z
  .strictObject({
    count,
    extinct: count.describe('Replicas that died out before the event; they count as 0.'),
    relativeVariance: nonNegative.describe('Sample variance divided by the square of the mean.'),
    largestShare: share.describe('Largest value as a share of the sum of all values.'),
    levels: nonNegative.describe('Mean number of levels of a replica.'),
    ladder: z
      .array(z.tuple([share, count, z.number()]))
      .describe(
        'Three numbers for each rung: a probability 1/10, 1/100, ..; the number of replicas whose levels reach this ' +
          'probability; the mean, over these replicas, of the score that is exceeded with this probability.',
      ),
  })
  .describe('Splitting: spread of the replicas. The value of the estimate is their mean.')

const weights = z
  .strictObject({
    /** Sample variance of the values divided by the square of their mean (1 / p - 1 for unweighted trials). */
    relativeVariance: nonNegative,
    /** The largest value as a share of the sum of all values. */
    largestShare: share,
    /**
     * Effective number of events: (sum w)^2 / sum w^2 over the trials that escaped.
     */
    effectiveEvents: nonNegative,
  })
  .describe('Tilt: spread of the weights.')

/** Methods of computing intervals, grouped by the estimates that use them. */
const methods = [
  // For probabilities of events.
  'clopper-pearson',
  'wilson',
  'jeffreys',
  'inverse-binomial',
  'gbas',
  'gbas-bounded',
  // For probabilities of events, and for escapeRate.
  'beta-binomial',
  // For escapeRate, as a Poisson rate.
  'poisson',
  // For escapeStep; `asymptotic-sequence` is also used for replicas and tilts.
  'student',
  'asymptotic-sequence',
  'bounded',
  // For the mean of splitting replicas.
  'replicas',
  'extinct',
  'alike',
  // For the mean of weighted trials of a tilt, which may also use `alike`.
  'weights',
  'original-noise',
  'no-weight',
  // For `cost:MARK`.
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
      .describe('Method of the interval; /42 means that 1 - confidence was divided by 42 because of interim looks.'),
    /** Number of trials that had the event; for escapeRate only escapes after the burn-in. */
    events: count,
    /** Which kind of escape is counted, if the name of the estimate leaves this open. */
    event: z.exactOptional(z.enum(['first escape', 'escape before converging'])),
    simultaneous: z.exactOptional(count.describe('Number of cells among which 1 - confidence is divided.')),
    atRisk: z.exactOptional(decimal.describe('escapeRate: steps at risk.')),
    after: z.exactOptional(count.describe('escapeRate: number of burn-in steps that are left out.')),
    exponentiality: z.exactOptional(
      exponentiality
        .nullable()
        .describe(
          'escapeRate: approximate chi-square test of a constant rate after the burn-in; null if not computable.',
        ),
    ),
    quantiles: z.exactOptional(
      z
        .record(z.string(), z.tuple([count, count]).nullable())
        .describe(
          'escapeStep: quantiles. For each share of all trials, the first and last step of the histogram bin in ' +
            'which the escapes reached that share; null if they never did.',
        ),
    ),
    quantileLimits: z.exactOptional(
      z
        .record(z.string(), z.tuple([count, count.nullable()]).nullable())
        .describe(
          'escapeStep: exact confidence limits of these quantiles. The upper limit is null if it is beyond the ' +
            'horizon; the pair is null if both limits are beyond it.',
        ),
    ),
    gradients: z.exactOptional(
      z
        .strictObject({ value: extended, low: nonNegative, high: extended })
        .describe('Costs: value and limits, in gradients of single samples.'),
    ),
    replicas: z.exactOptional(spread),
    weights: z.exactOptional(weights),
  })
  .describe(
    'A probability, or escapeRate (per step), escapeStep (steps) or cost:MARK (steps), with its confidence interval.',
  )

/**
 * A probability, rate, time or cost, with its interval and the method of the interval. It is plain JSON, except that
 * documents contain infinities as strings.
 */
export type Estimate = Plain<z.infer<typeof estimateShape>>
export type Exponentiality = Plain<z.infer<typeof exponentiality>>
export type Spread = Plain<z.infer<typeof spread>>
export type Weights = Plain<z.infer<typeof weights>>
