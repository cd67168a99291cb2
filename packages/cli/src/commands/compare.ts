import { command } from '../command.ts'
import { type OptionsOf, text, valued } from '../options/option.ts'
import { wholeNumber } from '../options/parse.ts'
import { all, format, json, output, progress } from '../options/shared.ts'

const options = {
  of: text('<estimate>', 'compare only this estimate (default: all estimates; a table shows only one of them)'),
  split: valued('<n>', 'compare, within one sweep, the first n trials of each cell with its later trials', wholeNumber),
  figure: text('<file>', 'also save a figure of the differences to a file (.svg, .png, .pdf or .json)'),
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
  summary: 'compare two sweeps cell by cell, or the first trials of one sweep with its later trials',
  options,
  examples: [
    'compare before after',
    'compare before after --of escape --figure differences.svg',
    'compare double-well --split 1000',
  ],
  kinds: ['Comparison'],
  act: async (...given) => (await import('./compare/compare.ts')).compare(...given),
})
