import * as z from 'zod'
import { count, decimal, extended, nonNegative, type Plain, real, share } from '../shape.ts'

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
        'The weight of a level is the estimated probability of exceeding its score. Three numbers for each p = 1/10, ' +
          '1/100, ..: p; the number of replicas with a level of positive weight at most p; the mean score of the ' +
          'first such level, over these replicas.',
      ),
  })
  .describe('Splitting: spread of the replicas. The value of the estimate is their mean.')

const weights = z
  .strictObject({
    /** Sample variance divided by the squared mean (1 / p - 1 for unweighted trials). */
    relativeVariance: nonNegative,
    /** The largest weight, divided by the sum of all weights. */
    largestShare: share,
    /** (sum w)^2 / sum w^2 over the trials that escaped. */
    effectiveEvents: nonNegative,
  })
  .describe('Tilt: spread of the weights.')

const observed = z
  .strictObject({
    deviation: z.exactOptional(nonNegative.describe('Sample standard deviation; absent for a single trial.')),
    min: z.number(),
    max: z.number(),
    notFinite: z.exactOptional(count.describe('Trials whose value is NaN or infinite. The mean leaves them out.')),
    quantiles: z.record(z.string(), z.number()).describe('Quantiles by share, with a relative error below 1 %.'),
  })
  .describe('observe:NAME: distribution of the value over the trials that have it.')

const methods = [
  // Probabilities
  'clopper-pearson',
  'wilson',
  'jeffreys',
  'inverse-binomial',
  'gbas',
  'gbas-bounded',
  // Probabilities and escapeRate
  'beta-binomial',
  // escapeRate
  'poisson',
  // escapeStep and observe (splitting and tilt also use `asymptotic-sequence`)
  'student',
  'asymptotic-sequence',
  'bounded',
  // Splitting (a tilt also uses `alike`)
  'replicas',
  'extinct',
  'alike',
  // Tilt
  'weights',
  'original-noise',
  'no-weight',
  // cost:MARK
  'delta',
  'bonferroni',
] as const

/** Keys are in the order in which an estimate is printed. */
export const estimateShape = z
  .strictObject({
    value: real,
    low: real,
    high: real,
    confidence: share,
    method: z
      .string()
      .regex(new RegExp(`^(${methods.join('|')})(\\/[0-9]+)?$`))
      .describe('Method of the interval; /42 means that 1 - confidence was divided by 42 because of interim looks.'),
    /** Number of trials that had the event or the value; for escapeRate only escapes after the burn-in. */
    events: count,
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
        .describe('Costs: the value and its limits, counted in gradients of single samples.'),
    ),
    replicas: z.exactOptional(spread),
    weights: z.exactOptional(weights),
    observed: z.exactOptional(observed),
  })
  .describe(
    'A probability, or escapeRate (per step), escapeStep (steps), cost:MARK (steps) or observe:NAME (mean of a ' +
      'value), with its confidence interval.',
  )

/** A probability, rate, time, cost or mean, with its interval. Documents contain infinities as strings. */
export type Estimate = Plain<z.infer<typeof estimateShape>>
export type Exponentiality = Plain<z.infer<typeof exponentiality>>
export type Spread = Plain<z.infer<typeof spread>>
export type Weights = Plain<z.infer<typeof weights>>
