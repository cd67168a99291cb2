import { command } from '../command.ts'
import { type OptionsOf, valued } from '../options/option.ts'
import { positive } from '../options/parse.ts'
import { answeredCell, json, progress, set } from '../options/shared.ts'

const options = {
  set,
  cell: answeredCell,
  radius: valued(
    '<x>',
    'radius of the ball (default: the radius of `escape` if escape means leaving a ball around the minimum, ' +
      'otherwise the radius with the best bounds)',
    positive,
  ),
  progress,
  json,
}
export type TheoremOptions = OptionsOf<typeof options>

export const theorem = command({
  name: 'theorem',
  arguments: ['<spec>'],
  summary: 'evaluate Theorem 1 for the cells of a spec: its conditions, and bounds on staying near the minimum',
  options,
  examples: ['theorem examples/safran-shamir.yaml --cell 0'],
  kinds: ['Theorem'],
  act: async (...given) => (await import('./theory/theorem.ts')).theorem(...given),
})
