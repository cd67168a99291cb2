import { command } from '../command.ts'
import type { OptionsOf } from '../options/option.ts'
import { output } from '../options/shared.ts'

const options = { output }
export type ExampleOptions = OptionsOf<typeof options>

export const example = command({
  name: 'example',
  arguments: ['[name]'],
  summary:
    'specs to start from; by its name one is printed, or written with the files that it reads; the Python module too',
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
