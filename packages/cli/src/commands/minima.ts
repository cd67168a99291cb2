import { command } from '../command.ts'
import { type OptionsOf, text, valued } from '../options/option.ts'
import { cellIndex, positive, wholeNumber } from '../options/parse.ts'
import { json, output, progress, set } from '../options/shared.ts'

const options = {
  set,
  trials: valued('<n>', 'descents per cell (default: 1000; 1 if the start is a point)', wholeNumber),
  cell: valued(
    '<index>',
    'use only this cell (default: one cell for each combination of landscape, start and step size)',
    cellIndex,
  ),
  seed: text('<n>', 'seed of the starts (default: the seed of the spec)'),
  eta: valued(
    '<x>',
    'step size of the descents (default: the step size of the quench; without a quench, eta at step 0)',
    positive,
  ),
  steps: valued('<n>', 'maximum number of steps of a descent (default: 100000)', wholeNumber),
  gradient: valued(
    '<x>',
    'gradient norm at which a descent ends and Newton’s method takes over (default: 1e-6)',
    positive,
  ),
  output: { ...output, help: 'write the minima to a file as YAML' },
  progress,
  json,
}
export type MinimaOptions = OptionsOf<typeof options>

export const minima = command({
  name: 'minima',
  arguments: ['<spec>'],
  summary: 'find minima by noise-free descent from the starts of a spec, and print them ready to paste into the spec',
  options,
  examples: ['minima examples/xor.yaml', 'minima examples/xor.yaml --cell 0 -o minima.yaml'],
  kinds: ['Minima'],
  act: async (...given) => (await import('./minima/minima.ts')).minima(...given),
})
