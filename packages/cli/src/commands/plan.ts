import { command } from '../command.ts'
import { negated, type OptionsOf, valued } from '../options/option.ts'
import { positive, probability, share } from '../options/parse.ts'
import { json, progress, set, trials } from '../options/shared.ts'

const options = {
  set,
  trials,
  width: valued(
    '<w>',
    'find the number of trials for an interval of width w = high - low. With --trials, find the confidence instead',
    share,
  ),
  relative: valued(
    '<r>',
    'like --width, but for a relative half-width r of the probability p: (high - low)/2 <= r p',
    positive,
  ),
  confidence: valued(
    '<c>',
    'confidence of the interval (default: that of the spec). With --trials, find the width at this confidence',
    share,
  ),
  probability: valued(
    '<p>',
    'assumed probability (default: from stored trials, if any; else, with --relative, from the pilot; else 0.5)',
    probability,
  ),
  pilot: negated('compute no trials. Without a pilot, the plan contains no times and recommends no method'),
  progress,
  json,
}
export type PlanOptions = OptionsOf<typeof options>

export const plan = command({
  name: 'plan',
  arguments: ['<spec>'],
  summary:
    'show the cells, trials, batches and time of a run. A pilot of about a second measures the speed. Nothing ' +
    'is stored',
  options,
  examples: ['plan examples/double-well.yaml', 'plan examples/double-well.yaml --relative 0.1'],
  kinds: ['Plan'],
  begins: (spec) => `reading ${spec}`,
  act: async (...given) => (await import('./plan/plan.ts')).plan(...given),
})
