import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text } from '../options/option.ts'
import { format, json, output, progress } from '../options/shared.ts'

const options = {
  by: text('<path>', 'fit separately for each value of this swept path'),
  where: text('<condition>', 'fit only cells that meet this condition, e.g. "eta > 0.1 && rule == adam"'),
  method: choice('<method>', 'fit only cells of this method (default: direct, if any cell uses it)', [
    'direct',
    'splitting',
    'tilt',
  ]),
  residuals: flag('show cells and residuals instead of coefficients; --draw and --figure then draw the residuals'),
  draw: flag('draw the fit in the terminal, below the table'),
  figure: text('<file>', 'also draw the fit into a file (.svg, .png, .pdf or .json)'),
  format,
  output,
  progress,
  json,
}
export type FitCommandOptions = OptionsOf<typeof options>

export const fit = command({
  name: 'fit',
  arguments: ['<sweep>', '<formula>'],
  summary: 'fit a line or several terms to the cells by maximum likelihood, with confidence intervals',
  options,
  examples: [
    'fit barrier "log(escapeRate) ~ 1/T"',
    'fit barrier "log(escapeRate) ~ 1/T + log(T)" --by eta --figure barrier.svg',
    'fit barrier "log(escape) ~ 1/T" --where "T < 0.1" --residuals --format csv -o residuals.csv',
  ],
  kinds: ['Fit'],
  act: async (...given) => (await import('./fit/fit.ts')).fit(...given),
})
