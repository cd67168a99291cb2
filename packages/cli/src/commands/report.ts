import { command } from '../command.ts'
import { flag, type OptionsOf, required, text } from '../options/option.ts'
import { progress } from '../options/shared.ts'

const options = {
  output: { ...required(text('<file>', 'file to write, .html or .md')), letter: 'o' },
  with: text('<sweeps>', 'further sweeps to include, separated by commas'),
  oracle: flag('also draw the exact values of estimates, where they can be computed (about a second per cell)'),
  theorem: flag('also draw the bounds of Theorem 1, if the theorem bounds the event that the trials measure'),
  progress,
}
export type ReportCommandOptions = OptionsOf<typeof options>

export const report = command({
  name: 'report',
  arguments: ['<sweep>'],
  summary: 'write a report of a sweep as one file: answer, figures, tables, method, checks and how to reproduce it',
  options,
  examples: [
    'report double-well -o double-well.html',
    'report before --with after -o both.html',
    'report double-well -o report.md',
  ],
  kinds: [],
  act: async (...given) => (await import('./report/report.ts')).report(...given),
})
