import * as z from 'zod'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const tagName = z.string().regex(/^[^\p{C}]{1,64}$/u, { error: 'a name of at most 64 characters' })

const ruleKeys = {
  estimate: text('the name of an estimate').meta({ description: 'The name of the estimate that the rule applies to.' }),
  relative: quantity(
    ranges.positive,
    'Stops when the relative half-width of the confidence interval is at most this: (high - low)/2 <= relative * ' +
      'value.',
  ).optional(),
  halfWidth: quantity(
    ranges.halfWidth,
    'Stops when the half-width of the confidence interval is at most this: (high - low)/2 <= halfWidth.',
  ).optional(),
  method: words('gbas')
    .meta({
      description:
        'With `relative`: stops after a fixed number of events. This number guarantees a relative error of at most ' +
        '`relative`, whatever the probability is.',
    })
    .optional(),
  events: quantity(ranges.events, 'Stops at the trial in which the number of events reaches this value.').optional(),
  above: quantity(
    ranges.threshold,
    'Stops when a sequential test has decided whether the probability is above this value.',
  ).optional(),
  indifference: quantity(
    ranges.indifference,
    'With `above`: the relative distance from `above` within which either answer is accepted. Default 0.1.',
  ).optional(),
}

const boundKeys = {
  confidence: quantity(
    ranges.confidence,
    'Confidence of the stopping rules. Default: the confidence of the spec.',
  ).optional(),
  min: quantity(ranges.trials, 'Number of trials at the first check point. Default 1000.').optional(),
  max: quantity(ranges.trials, 'Number of trials at the last check point. Default 10000000.').optional(),
}

const rule = keys({ ...ruleKeys, ...boundKeys })
const listed = keys({
  rules: z
    .array(rule)
    .meta({ description: 'Several rules. The `confidence`, `min` and `max` beside this list apply to all of them.' }),
  ...boundKeys,
})

/** The number is limited because each contrast takes a pass over all cells. */
const maxContrasts = 100

const contrastsSchema = z
  .array(
    keys({
      of: text('the name of a probability, such as escape').meta({ description: 'The name of the probability.' }),
      between: z
        .record(z.string(), z.array(z.unknown(), { error: 'a list of two values of the axis' }), {
          error: 'one swept path with two of its values, such as { update.eta: [0.1, 0.2] }',
        })
        .meta({
          description: 'One swept path with two of its values. The first value is compared with the second value.',
        }),
      kind: words('difference', 'ratio')
        .meta({ description: 'How the two probabilities are compared. Default difference.' })
        .optional(),
    }),
    { error: 'a list of {of, between, kind}' },
  )
  .max(maxContrasts, { error: `at most ${maxContrasts} contrasts` })
  .meta({
    description:
      'Compares a probability in pairs of cells. One cell has the first value of `between`, the other has the second ' +
      'value, and all other parameters agree. With `streams: common` the comparison is paired, trial by trial.',
  })

const untilSchema = z
  .union(
    [
      keys({ ...rule.partial().shape, rules: listed.shape.rules.optional() }),
      z.array(rule, { error: 'a list of stopping rules' }),
    ],
    {
      error: 'a stopping rule {estimate, relative | halfWidth | events | above} or a list of them',
    },
  )
  .meta({
    description: 'Stopping rules, instead of `trials`. The first rule that is met at a check point ends the cell.',
  })

/** Keys that are not part of a cell's identity and cannot be swept. */
export const demandShape = {
  trials: quantity(ranges.trials, 'Number of trials of each cell.').optional(),
  until: untilSchema.optional(),
  budget: quantity(
    ranges.trials,
    'With `until`: total number of trials over all cells, spent where they are needed most.',
  ).optional(),
  record: z
    .union(
      [
        words('all', 'events', 'none'),
        oneKey({
          sample: quantity(
            ranges.share,
            'The fraction of trials whose outcomes are recorded. A hash of the trial index selects these trials.',
          ).optional(),
        }),
      ],
      {
        error: 'all, events, none or {sample: share}',
      },
    )
    .meta({
      description:
        'Which outcomes are recorded as rows. Default: all for sweeps of up to 10 million trials, otherwise none.',
    })
    .optional(),
  horizons: z
    .array(quantity(ranges.horizon), { error: 'a list of steps' })
    .meta({
      description:
        'Additional horizons below trial.steps. Probabilities at these horizons are estimated from the same trials.',
    })
    .optional(),
  confidence: quantity(ranges.confidence, 'Confidence level of every interval. Default 0.95.').optional(),
  simultaneous: z
    .boolean({ error: 'true or false' })
    .meta({
      description:
        'Makes the intervals hold for all cells together. The error probability, 1 - confidence, is divided by the ' +
        'number of cells, or for contrasts by the number of contrasts. Default false.',
    })
    .optional(),
  interval: words('clopper-pearson', 'wilson', 'jeffreys')
    .meta({ description: 'Kind of confidence interval for probabilities. Default clopper-pearson.' })
    .optional(),
  estimates: z
    .array(text('the name of an estimate'), { error: 'a list of names such as escape' })
    .meta({ description: 'The estimates to report. Default: every probability that the events define.' })
    .optional(),
  rate: keys({
    after: quantity(ranges.stepIndex, 'Number of burn-in steps that escapeRate ignores. Default 0.').optional(),
  })
    .meta({ description: 'How escapeRate is computed.' })
    .optional(),
  contrasts: contrastsSchema.optional(),
  priority: quantity(ranges.priority, 'Sweeps with higher priority are computed first. Default 0.').optional(),
  tags: z
    .record(tagName, text('a text').max(256, { error: 'a text of at most 256 characters' }), {
      error: 'a mapping of names to texts, such as {note: "first try"}',
    })
    .meta({ description: 'Labels for finding the sweep later. They do not affect results.' })
    .optional(),
}

export const demandKeys = Object.keys(demandShape)
