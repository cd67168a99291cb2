import { formatOfFile } from '@driftfarm/farm'
import { documents, fitFigure, residualsFigure, residualsOfFit, terminalFigure } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { formatOf, note, print, printDocument, printedDocument, terminalFor } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { writeFigure } from '../figure/write.ts'
import type { FitCommandOptions } from '../fit.ts'

export async function fit(given: Shell, text: string, formula: string, options: FitCommandOptions): Promise<void> {
  const shell = withProgressLine(given, options.progress)
  const { by, where, method, residuals, draw, figure, output } = options
  const format = formatOf(options)
  if (draw === true && (format !== 'table' || output !== undefined))
    throw new CliError('USAGE', '--draw works only below a table in the terminal', 'omit --json, --format and -o')
  if (residuals === true && format === 'json')
    throw new CliError('USAGE', '--json already includes the residuals', 'omit --residuals')
  // Check the file's extension before anything is computed.
  if (figure !== undefined) formatOfFile(figure)
  requireFarm(shell, text)
  await withSweep(shell, text, async (farmClient, { id }) => {
    let showProgress: ((done: number) => void) | null = null
    const { data, warnings } = await farmClient.fit(
      { sweep: id, formula, by, where, method },
      {
        onCells(done, total) {
          showProgress ??= progressOf(shell, 'reading cell', total)
          showProgress(done)
        },
      },
    )
    const drawn = () => (residuals === true ? residualsFigure(data) : fitFigure(data))
    if (figure !== undefined) {
      await writeFigure(shell, drawn(), figure, {})
      if (options.json !== true) note(shell, `wrote ${figure}`)
    }
    const view = residuals === true ? { ...documents.Fit, ...residualsOfFit } : documents.Fit
    await printDocument(shell, printedDocument(view, data, { warnings, warnsWithRecords: true }), options)
    if (draw === true) await print(shell, `\n${terminalFigure(drawn(), terminalFor(shell)).join('\n')}\n`)
  })
}
