import { command } from '../command.ts'
import { negated, type OptionsOf, valued } from '../options/option.ts'
import { positive, probability, share } from '../options/parse.ts'
import { json, progress, set, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  width: valued('<w>', 'give two of width, confidence and trials, get the third: high - low of an interval', share),
  relative: valued('<r>', 'a width by its share of the probability: (high - low)/2 <= r p', positive),
  confidence: valued('<c>', 'of an interval, e.g. 0.95', share),
  probability: valued('<p>', 'a guess of the probability (default: that of stored trials, else 0.5)', probability),
  pilot: negated('compute no trial at all; times and the method are then not known'),
  progress,
  json,
}
export type PlanOptions = OptionsOf<typeof options>

export const plan = command({
  name: 'plan',
  arguments: ['<spec>'],
  summary: 'what a run would do: cells, trials, batches, time. Stores nothing; a pilot of a few trials tells the time',
  options,
  examples: [
    'plan examples/double-well.yaml',
    'plan examples/double-well.yaml --relative 0.1 --confidence 0.95 --probability 0.001',
  ],
  kinds: ['Plan'],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./plan/plan.ts')).plan(...given),
})
