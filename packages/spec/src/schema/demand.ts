import * as z from 'zod'
import { keys, oneKey, quantity, text, words } from './leaf.ts'
import { ranges } from './range.ts'

const tagName = z.string().regex(/^[^\p{C}]{1,64}$/u, { error: 'at most 64 letters' })

const ruleKeys = {
  estimate: text('the name of an estimate').meta({ description: 'The estimate that the rule is about, by its name.' }),
  relative: quantity(ranges.positive, '(high - low)/2 <= relative * value').optional(),
  halfWidth: quantity(ranges.halfWidth, '(high - low)/2 <= halfWidth').optional(),
  method: words('gbas')
    .meta({ description: 'With relative: so many events that the relative error is kept whatever the probability is.' })
    .optional(),
  events: quantity(ranges.events, 'Ends at the exact index of this event.').optional(),
  above: quantity(ranges.threshold, 'Is the probability above this? A sequential test.').optional(),
  indifference: quantity(
    ranges.indifference,
    'With above: a share of it within which either answer is right. Default 0.1.',
  ).optional(),
}

const boundKeys = {
  confidence: quantity(ranges.confidence, 'Default: the confidence of the spec.').optional(),
  min: quantity(ranges.trials, 'First check point. Default 1000.').optional(),
  max: quantity(ranges.trials, 'Last check point. Default 10000000.').optional(),
}

const rule = keys({ ...ruleKeys, ...boundKeys })
const listed = keys({
  rules: z.array(rule).meta({ description: 'Several rules, with the bounds beside them in common.' }),
  ...boundKeys,
})

/** More contrasts than a reader could use; each is paired over all cells. */
const mostContrasts = 100

const contrastsSchema = z
  .array(
    keys({
      of: text('the name of a probability such as escape').meta({ description: 'The probability, by its name.' }),
      between: z
        .record(z.string(), z.array(z.unknown(), { error: 'a list of two values of the axis' }), {
          error: 'one swept path with two of its values, such as { update.eta: [0.1, 0.2] }',
        })
        .meta({ description: 'One swept path with two of its values: first against second.' }),
      kind: words('difference', 'ratio').meta({ description: 'Default difference.' }).optional(),
    }),
    { error: 'a list of {of, between, kind}' },
  )
  .max(mostContrasts, { error: `at most ${mostContrasts} contrasts` })
  .meta({
    description:
      'Compares a probability between each two cells that agree in all else; trial by trial under streams: common.',
  })

const untilSchema = z
  .union(
    [
      keys({ ...rule.partial().shape, rules: listed.shape.rules.optional() }),
      z.array(rule, { error: 'a list of stop rules' }),
    ],
    {
      error: 'a stop rule {estimate, relative | halfWidth | events | above} or a list of them',
    },
  )
  .meta({ description: 'Instead of trials: stop rules, the first one met at a check point ends the cell.' })

/** What is asked of each cell. It is not part of a cell's identity and cannot be swept. */
export const demandShape = {
  trials: quantity(ranges.trials, 'Trials of each cell.').optional(),
  until: untilSchema.optional(),
  budget: quantity(ranges.trials, 'Beside until: trials over all cells, spent where the need is greatest.').optional(),
  record: z
    .union(
      [
        words('all', 'events', 'none'),
        oneKey({ sample: quantity(ranges.share, 'The share of trials that are kept, chosen by a hash.').optional() }),
      ],
      {
        error: 'all, events, none or {sample: share}',
      },
    )
    .meta({ description: 'Which outcomes are kept as rows. Default all up to 10 million trials a sweep, else none.' })
    .optional(),
  horizons: z
    .array(quantity(ranges.horizon), { error: 'a list of steps' })
    .meta({ description: 'Extra horizons below trial.steps, estimated from the same trials.' })
    .optional(),
  confidence: quantity(ranges.confidence, 'Of every interval. Default 0.95.').optional(),
  simultaneous: z
    .boolean({ error: 'true or false' })
    .meta({ description: 'Divide alpha by the number of cells, and that of contrasts by their number. Default false.' })
    .optional(),
  interval: words('clopper-pearson', 'wilson', 'jeffreys').meta({ description: 'Default clopper-pearson.' }).optional(),
  estimates: z
    .array(text('the name of an estimate'), { error: 'a list of names such as escape' })
    .meta({ description: 'Default: every probability that the events define.' })
    .optional(),
  rate: keys({
    after: quantity(ranges.stepIndex, 'Steps of the burn-in that escapeRate leaves out. Default 0.').optional(),
  })
    .meta({ description: 'How escapeRate is counted.' })
    .optional(),
  contrasts: contrastsSchema.optional(),
  priority: quantity(ranges.priority, 'Sweeps with a higher one are computed first. Default 0.').optional(),
  tags: z
    .record(tagName, text('a text').max(256, { error: 'a text of at most 256' }), {
      error: 'a mapping of names to texts, such as {note: "first try"}',
    })
    .meta({ description: 'Words of your own, by which sweeps are found again. They change nothing.' })
    .optional(),
}

export const demandKeys = Object.keys(demandShape)
