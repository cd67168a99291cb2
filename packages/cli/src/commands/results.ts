import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text } from '../options/option.ts'
import { all, formatOfRecords, json, output, progress } from '../options/shared.ts'

const options = {
  format: formatOfRecords,
  output,
  rows: { ...flag('print one record per recorded trial or replica'), conflicts: 'curve' },
  curve: flag('print the share of escaped trials, step by step'),
  fit: text('<formula>', 'print a fit of this formula, as `fit` does, e.g. "log(escapeRate) ~ 1/T"'),
  method: choice('<method>', 'with --fit: fit only cells of this method (default: direct, if any cell uses it)', [
    'direct',
    'splitting',
    'tilt',
  ]),
  contrasts: flag('print only the contrasts of the spec'),
  crossings: flag('print only the points where the estimate crosses the threshold of the spec'),
  best: text(
    '<estimate>',
    'print the cell in which this estimate is largest, with an interval that takes this selection into account',
  ),
  max: flag('with --best: find the largest estimate (default)'),
  min: flag('with --best: find the smallest estimate'),
  all,
  progress,
  json,
}
export type ResultsOptions = OptionsOf<typeof options>

export const results = command({
  name: 'results',
  arguments: ['<sweep>'],
  summary: 'print the estimates of every cell, or one record per trial',
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
