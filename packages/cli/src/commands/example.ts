import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { output } from '../options/shared.ts'

const options = { output }
export type ExampleOptions = OptionsOf<typeof options>

export const example = command({
  name: 'example',
  arguments: ['[name]'],
  summary:
    'list the examples (specs and a Python module), or print one example. With -o, also write the files that the ' +
    'example reads',
  options,
  examples: [
    'example',
    'example double-well > spec.yaml',
    'example minibatch-csv -o spec.yaml',
    'example driftfarm.py -o driftfarm.py',
  ],
  kinds: [],
  act: async (...given) => (await import('./example/example.ts')).example(...given),
})
