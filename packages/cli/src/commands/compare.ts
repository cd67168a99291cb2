import { command } from '../command.ts'
import { type OptionsOf, text, valued } from '../options/option.ts'
import { wholeNumber } from '../options/parse.ts'
import { all, format, json, output, progress } from '../options/shared.ts'

const options = {
  of: text('<estimate>', 'only this estimate (default: all, of which a table shows one)'),
  split: valued('<n>', 'of one sweep: the first n trials of each cell against those after', wholeNumber),
  figure: text('<file>', 'draw the differences into .svg, .png, .pdf or .json too'),
  format,
  output,
  all,
  progress,
  json,
}
export type CompareOptions = OptionsOf<typeof options>

export const compare = command({
  name: 'compare',
  arguments: ['<sweep>', '[other]'],
  summary: 'two sweeps side by side, cell by cell, or the first trials of one against those after',
  options,
  examples: [
    'compare before after',
    'compare before after --of escape --figure differences.svg',
    'compare double-well --split 1000',
  ],
  kinds: ['Comparison'],
  act: async (...given) => (await import('./compare/compare.ts')).compare(...given),
})
