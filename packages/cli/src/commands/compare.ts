import { formatOfFile } from '@driftfarm/farm'
import { comparisonFigure, documents } from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { flag, text } from '../options/option.ts'
import { wholeNumber } from '../options/parse.ts'
import { all, format, output, progress } from '../options/shared.ts'
import { printData, writeFigure } from '../output.ts'
import { progressOfCells } from '../progress.ts'
import { withSweep } from '../session.ts'

export const compare = command('compare <sweep> [other]', {
  summary: 'compare two sweeps cell by cell, or the first trials of one sweep with its later trials',
  options: {
    of: text('<estimate>', 'compare only this estimate (default: all estimates; a table shows only one of them)'),
    split: wholeNumber('compare, within one sweep, the first n trials of each cell with its later trials'),
    figure: text('<file>', 'also save a figure of the differences to a file (.svg, .png, .pdf, .csv or .json)'),
    intervals: flag('in the figure, draw a row with its interval for each difference, even if there could be a map'),
    format,
    output,
    all,
    progress,
  },
  examples: [
    'compare before after',
    'compare before after --of escape --figure differences.svg',
    'compare double-well --split 1000',
  ],
  kinds: ['Comparison'],
  async act(shell, text, other, options) {
    const { split, of, figure, intervals } = options
    if (other === undefined && split === undefined)
      throw usageError('only one sweep is given', 'name a second sweep, or compare parts of this one with --split N')
    if (other !== undefined && split !== undefined)
      throw usageError('--split takes only one sweep', 'omit --split or the second sweep')
    if (figure !== undefined) formatOfFile(figure)
    else if (intervals === true) throw usageError('--intervals needs a figure', 'add --figure FILE, or omit it')
    await withSweep(shell, text, async (farmClient, { id }) => {
      const onCells = progressOfCells(shell, 'comparing cell')
      const second = other === undefined ? undefined : (await farmClient.find(other)).id
      const data = await farmClient.compare({ first: id, second, split, of }, { onCells })
      if (of !== undefined && data.cells.length > 0 && data.cells.every(({ estimates }) => estimates[of] === undefined))
        throw new CliError(
          'UNKNOWN_ESTIMATE',
          `no pair of matching cells has the estimate ${of}`,
          'omit --of to see which estimates the matching cells have',
        )
      if (figure !== undefined) await writeFigure(shell, comparisonFigure(data, intervals), figure)
      await printData(shell, documents.Comparison, data, options)
    })
  },
})
