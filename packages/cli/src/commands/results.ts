import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text } from '../options/option.ts'
import { all, formatOfRecords, json, output, progress } from '../options/shared.ts'

const options = {
  format: formatOfRecords,
  output,
  rows: { ...flag('one record a kept trial or replica'), conflicts: 'curve' },
  curve: flag('the share of trials that had escaped, step by step'),
  fit: text('<formula>', 'what `fit` prints instead, e.g. "log(escapeRate) ~ 1/T"'),
  method: choice('<method>', 'with --fit: over the cells of this method (default: direct where there are any)', [
    'direct',
    'splitting',
    'tilt',
  ]),
  contrasts: flag('the contrasts of the spec alone'),
  crossings: flag('where the threshold of the spec is crossed, alone'),
  best: text('<estimate>', 'the cell in which an estimate is largest, with an interval that allows for the choice'),
  max: flag('with --best: the largest (default)'),
  min: flag('with --best: the smallest'),
  all,
  progress,
  json,
}
export type ResultsOptions = OptionsOf<typeof options>

export const results = command({
  name: 'results',
  arguments: ['<sweep>'],
  summary: 'estimates of every cell, or one record a trial',
  options,
  examples: [
    'results double-well',
    'results double-well --rows --format csv -o rows.csv',
    'results double-well --format parquet -o cells.parquet',
    'results double-well --best escape',
    'results double-well --fit "log(escapeRate) ~ 1/T" --json',
  ],
  kinds: ['Results', 'Rows', 'Curves', 'Fit', 'Best'],
  act: async (...given) => (await import('./results/results.ts')).results(...given),
})
