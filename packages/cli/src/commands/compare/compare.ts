import { formatOfFile } from '@driftfarm/farm'
import { comparisonFigure, documents } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { note, printDocument, printedDocument } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import type { CompareOptions } from '../compare.ts'
import { writeFigure } from '../figure/write.ts'

export async function compare(
  given: Shell,
  text: string,
  other: string | undefined,
  options: CompareOptions,
): Promise<void> {
  const shell = withProgressLine(given, options.progress)
  const { split, of, figure } = options
  if (other === undefined && split === undefined)
    throw new CliError(
      'USAGE',
      'only one sweep is given',
      'name a second sweep, or compare parts of this one with --split N',
    )
  if (other !== undefined && split !== undefined)
    throw new CliError('USAGE', '--split takes only one sweep', 'omit --split or the second sweep')
  if (figure !== undefined) formatOfFile(figure)
  requireFarm(shell, text)
  await withSweep(shell, text, async (farmClient, { id }) => {
    let onCell: ((done: number) => void) | null = null
    const onCells = (done: number, total: number) => {
      onCell ??= progressOf(shell, 'comparing cell', total)
      onCell(done)
    }
    const second = other === undefined ? undefined : (await farmClient.find(other)).id
    const data = await farmClient.compare({ first: id, second, split, of }, { onCells })
    if (of !== undefined && data.cells.length > 0 && data.cells.every(({ estimates }) => estimates[of] === undefined))
      throw new CliError(
        'UNKNOWN_ESTIMATE',
        `no pair of matching cells has the estimate ${of}`,
        'omit --of to see which estimates the matching cells have',
      )
    if (figure !== undefined) {
      await writeFigure(shell, comparisonFigure(data), figure, {})
      if (options.json !== true) note(shell, `wrote ${figure}`)
    }
    await printDocument(shell, printedDocument(documents.Comparison, data), options)
  })
}
