import { formatOfFile } from '@driftfarm/farm'
import { documents, fitFigure, residualsFigure, residualsOfFit, terminalFigure } from '@driftfarm/report'
import { command } from '../command.ts'
import { usageError } from '../failure.ts'
import { flag, text } from '../options/option.ts'
import { format, method, output, progress } from '../options/shared.ts'
import { formatOf, print, printData, terminalFor, writeFigure } from '../output.ts'
import { progressOfCells } from '../progress.ts'
import { withSweep } from '../session.ts'

export const fit = command('fit <sweep> <formula>', {
  summary: 'fit a line or several terms to the cells by maximum likelihood, with confidence intervals',
  options: {
    by: text('<path>', 'fit separately for each value of this swept path'),
    where: text('<condition>', 'fit only cells that meet this condition, e.g. "eta > 0.1 && rule == adam"'),
    method,
    residuals: flag('show cells and residuals instead of coefficients; --draw and --figure then draw the residuals'),
    draw: flag('draw the fit in the terminal, below the table'),
    figure: text('<file>', 'also draw the fit into a file (.svg, .png, .pdf, .csv or .json)'),
    format,
    output,
    progress,
  },
  examples: [
    'fit barrier "log(escapeRate) ~ 1/T"',
    'fit barrier "log(escapeRate) ~ 1/T + log(T)" --by eta --figure barrier.svg',
    'fit barrier "log(escape) ~ 1/T" --where "T < 0.1" --residuals --format csv -o residuals.csv',
  ],
  kinds: ['Fit'],
  async act(shell, text, formula, options) {
    const { by, where, method, residuals, draw, figure, output } = options
    const format = formatOf(options)
    if (draw === true && (format !== 'table' || output !== undefined))
      throw usageError('--draw works only below a table in the terminal', 'omit --json, --format and -o')
    if (residuals === true && format === 'json')
      throw usageError('--json already includes the residuals', 'omit --residuals')
    // Check the file's extension before anything is computed.
    if (figure !== undefined) formatOfFile(figure)
    await withSweep(shell, text, async (farmClient, { id }) => {
      const { data, warnings } = await farmClient.fit(
        { sweep: id, formula, by, where, method },
        { onCells: progressOfCells(shell) },
      )
      const drawn = () => (residuals === true ? residualsFigure(data) : fitFigure(data))
      if (figure !== undefined) await writeFigure(shell, drawn(), figure)
      const view = residuals === true ? { ...documents.Fit, ...residualsOfFit } : documents.Fit
      await printData(shell, view, data, options, { warnings, warnsWithRecords: true })
      if (draw === true) await print(shell, `\n${terminalFigure(drawn(), terminalFor(shell)).join('\n')}\n`)
    })
  },
})
