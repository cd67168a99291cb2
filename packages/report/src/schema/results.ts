import { sweepStateNames } from '@driftfarm/spec'
import { check, finding } from './check.ts'
import { contrast } from './contrast.ts'
import {
  cellId,
  count,
  decimal,
  documentSchema,
  integerOrDecimal,
  type JsonSchema,
  mapOf,
  nonNegative,
  object,
  share,
  text,
} from './json.ts'

export const sweepState: JsonSchema = { enum: sweepStateNames }

const bracket: JsonSchema = { type: 'array', prefixItems: [count, count], items: count, minItems: 2, maxItems: 2 }

const limits: JsonSchema = {
  type: 'array',
  prefixItems: [count, { anyOf: [count, { type: 'null' }] }],
  minItems: 2,
  maxItems: 2,
}

/** A number from 0 on; costs of what was never reached are infinite. */
const extended: JsonSchema = { anyOf: [nonNegative, { const: 'Infinity' }] }

const spread: JsonSchema = {
  description: 'Of splitting: how far the replicas, whose mean is the value, lie apart.',
  ...object({
    count,
    extinct: { description: 'Replicas that died out before the event; they count as 0.', ...count },
    relativeVariance: { description: 'Sample variance over the square of the mean.', ...nonNegative },
    largestShare: { description: 'Of the sum of all, the largest.', ...share },
    levels: { description: 'Levels of a replica, on average.', ...nonNegative },
    ladder: {
      description: 'Probability 1/10, 1/100, .., replicas that came so far, mean score that is exceeded with it.',
      type: 'array',
      items: { type: 'array', prefixItems: [share, count, { type: 'number' }], minItems: 3, maxItems: 3 },
    },
  }),
}

export const estimate: JsonSchema = {
  description: 'A probability, or escapeRate (per step), escapeStep (steps) or cost:MARK (steps), with its interval.',
  ...object(
    {
      value: extended,
      low: nonNegative,
      high: extended,
      confidence: share,
      method: {
        description:
          'What made the interval; /42 says that 1 - confidence was divided by 42 for the looks at the data.',
        type: 'string',
        pattern:
          '^(clopper-pearson|wilson|jeffreys|inverse-binomial|gbas|gbas-bounded|beta-binomial|poisson|student|asymptotic-sequence|bounded|replicas|extinct|alike|weights|original-noise|no-weight|delta|bonferroni)(/[0-9]+)?$',
      },
      events: count,
    },
    {
      event: { enum: ['first escape', 'escape before converging'] },
      simultaneous: { description: 'Cells that share 1 - confidence.', ...count },
      replicas: spread,
      weights: {
        description: 'Of a tilt: what its weights are worth.',
        ...object({ relativeVariance: nonNegative, largestShare: share, effectiveEvents: nonNegative }),
      },
      atRisk: { description: 'escapeRate: steps at risk.', ...decimal },
      after: { description: 'escapeRate: steps of the burn-in that are left out.', ...count },
      exponentiality: {
        description:
          'escapeRate: chi-square test of one rate after the burn-in, approximate; null where the tally cannot tell.',
        anyOf: [object({ statistic: nonNegative, degreesOfFreedom: count, pValue: share }), { type: 'null' }],
      },
      quantiles: {
        description: 'escapeStep: by share of all trials, the steps between which that share had escaped; null: never.',
        ...mapOf({ anyOf: [bracket, { type: 'null' }] }),
      },
      quantileLimits: {
        description:
          'escapeStep: exact limits of the same quantiles; the upper one null, or both, where they lie beyond the horizon.',
        ...mapOf({ anyOf: [limits, { type: 'null' }] }),
      },
      gradients: {
        description: 'Costs: the same in gradients of single samples.',
        ...object({ value: extended, low: nonNegative, high: extended }),
      },
    },
  ),
}

const stopped: JsonSchema = {
  description: 'What ended the cell; null while trials are still to come.',
  anyOf: [
    { type: 'null' },
    object({ rule: { enum: ['trials', 'max', 'budget'] } }),
    object({ rule: { const: 'relative' }, estimate: text, relative: nonNegative }),
    object({ rule: { const: 'halfWidth' }, estimate: text, halfWidth: nonNegative }),
    object({ rule: { const: 'events' }, estimate: text, events: count }),
    object({ rule: { const: 'gbas' }, estimate: text, relative: nonNegative, events: count }),
    object({
      rule: { const: 'above' },
      estimate: text,
      above: share,
      indifference: share,
      decision: { description: 'On which side of `above` the probability lies.', enum: ['above', 'below'] },
    }),
  ],
}

const counts = object(
  {
    escaped: { description: 'Trials that escaped, whatever their end.', ...count },
    ends: {
      description: 'One end a trial: they add up to the trials.',
      ...object({ escaped: count, converged: count, diverged: count, undecided: count }),
    },
    exits: mapOf(count),
    settled: mapOf(count),
    classes: mapOf(count),
    marks: mapOf(count),
  },
  {
    unreached: {
      description: 'Trials of which a descent that ran out of its steps left something undecided; absent for none.',
      ...count,
    },
  },
)

const cell = object({
  index: count,
  id: cellId,
  params: { description: 'Values of the swept paths.', type: 'object' },
  trials: integerOrDecimal,
  counts,
  estimates: mapOf(estimate),
  checks: {
    description: 'Should I believe this? Question by question; one may have several answers.',
    type: 'array',
    items: check,
  },
  stopped,
  steps: decimal,
  cpuSeconds: nonNegative,
  digest: {
    description: 'Additive hash of (trial, outcome record) over the trials that count.',
    type: 'string',
    pattern: '^mset128:[0-9a-f]{32}$',
  },
})

/** JSON Schema of the document that `results --json` and `run --json` print. */
export const resultsSchema: JsonSchema = documentSchema(
  'Results',
  object({
    sweep: object({
      id: cellId,
      name: text,
      state: sweepState,
      seed: decimal,
      cells: count,
      trials: integerOrDecimal,
    }),
    cells: { type: 'array', items: cell },
    contrasts: { type: 'array', items: contrast },
    findings: {
      description: 'What the checks of all cells say beside what is good: each once, worst first.',
      type: 'array',
      items: finding,
    },
  }),
)
