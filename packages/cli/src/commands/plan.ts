import { command } from '../command.ts'
import { negated, type OptionsOf, valued } from '../options/option.ts'
import { positive, probability, share } from '../options/parse.ts'
import { json, progress, set, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  width: valued(
    '<w>',
    'how many trials give an interval with high - low = w; with --trials: at which confidence',
    share,
  ),
  relative: valued('<r>', 'a width by its share of the probability: (high - low)/2 <= r p', positive),
  confidence: valued('<c>', 'of an interval (default: that of the spec); with --trials: how wide it is', share),
  probability: valued(
    '<p>',
    'a guess of the probability (default: that of stored trials, else of the pilot; for --width 0.5)',
    probability,
  ),
  pilot: negated('compute no trial at all; times and the method are then not known'),
  progress,
  json,
}
export type PlanOptions = OptionsOf<typeof options>

export const plan = command({
  name: 'plan',
  arguments: ['<spec>'],
  summary:
    'what a run would do: cells, trials, batches, time. Stores nothing; a pilot of about a second tells the time',
  options,
  examples: ['plan examples/double-well.yaml', 'plan examples/double-well.yaml --relative 0.1'],
  kinds: ['Plan'],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./plan/plan.ts')).plan(...given),
})
