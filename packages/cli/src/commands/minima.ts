import { command } from '../command.ts'
import { type OptionsOf, text, valued } from '../options/option.ts'
import { cellIndex, positive, wholeNumber } from '../options/parse.ts'
import { json, output, progress, set } from '../options/shared.ts'

const options = {
  set,
  trials: valued('<n>', 'descents for each cell (default: 1000; one from a point)', wholeNumber),
  cell: valued('<index>', 'only this cell (default: every landscape with its starts once)', cellIndex),
  seed: text('<n>', 'of the starts, instead of the spec’s'),
  eta: valued('<x>', 'step size of the descents (default: that of the quench, else of the update at n = 0)', positive),
  steps: valued('<n>', 'most steps of a descent (default: 100000)', wholeNumber),
  gradient: valued(
    '<x>',
    'a descent ends where the gradient is at most x long; Newton’s method does the rest (default: 1e-6)',
    positive,
  ),
  output: { ...output, help: 'write the minima as YAML to a file' },
  progress,
  json,
}
export type MinimaOptions = OptionsOf<typeof options>

export const minima = command({
  name: 'minima',
  arguments: ['<spec>'],
  summary: 'the minima that noise-free descent from the starts of a spec finds, ready to be pasted',
  options,
  examples: ['minima examples/xor.yaml', 'minima examples/xor.yaml --cell 0 -o minima.yaml'],
  kinds: ['Minima'],
  act: async (...given) => (await import('./minima/minima.ts')).minima(...given),
})
