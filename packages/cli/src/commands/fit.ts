import { command } from '../command.ts'
import { choice, flag, type OptionsOf, text } from '../options/option.ts'
import { format, json, output, progress } from '../options/shared.ts'

const options = {
  by: text('<path>', 'a fit for each value of this swept path'),
  where: text('<condition>', 'only cells with these values, e.g. "eta > 0.1 && rule == adam"'),
  method: choice('<method>', 'over the cells of this method (default: direct where there are any)', [
    'direct',
    'splitting',
    'tilt',
  ]),
  residuals: flag('the cells with their residuals instead of the coefficients, also in the figure'),
  draw: flag('draw it in the terminal, below the table'),
  figure: text('<file>', 'draw it into .svg, .png, .pdf or .json too'),
  format,
  output,
  progress,
  json,
}
export type FitCommandOptions = OptionsOf<typeof options>

export const fit = command({
  name: 'fit',
  arguments: ['<sweep>', '<formula>'],
  summary: 'a line or several terms through the cells, by maximum likelihood, with intervals',
  options,
  examples: [
    'fit barrier "log(escapeRate) ~ 1/T"',
    'fit barrier "log(escapeRate) ~ 1/T + log(T)" --by eta --figure barrier.svg',
    'fit barrier "log(escape) ~ 1/T" --where "T < 0.1" --residuals --format csv -o residuals.csv',
  ],
  kinds: ['Fit'],
  act: async (...given) => (await import('./fit/fit.ts')).fit(...given),
})
