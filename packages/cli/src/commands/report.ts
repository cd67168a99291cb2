import { command } from '../command.ts'
import { flag, type OptionsOf, required, text } from '../options/option.ts'
import { progress } from '../options/shared.ts'

const options = {
  output: { ...required(text('<file>', 'the file to write, .html or .md')), letter: 'o' },
  with: text('<sweeps>', 'other sweeps that the report is about too, separated by commas'),
  oracle: flag('draw exact values where they are about the same event (about a second a cell)'),
  theorem: flag('draw the bracket of Theorem 1 where it is about the same event'),
  progress,
}
export type ReportCommandOptions = OptionsOf<typeof options>

export const report = command({
  name: 'report',
  arguments: ['<sweep>'],
  summary: 'a sweep as one file for readers: answer, figures, tables, method, checks, reproduction',
  options,
  examples: [
    'report double-well -o double-well.html',
    'report before --with after -o both.html',
    'report double-well -o report.md',
  ],
  kinds: [],
  act: async (...given) => (await import('./report/report.ts')).report(...given),
})
