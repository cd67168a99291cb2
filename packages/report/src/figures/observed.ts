import { extentOf } from '@driftfarm/statistics'
import { isSeriesPoint, type ObservedData } from '../document/observed.ts'
import { FigureError } from '../error.ts'
import { numberAxis, valueAxis } from '../figure/axis.ts'
import { bandedCells } from '../figure/bandedCells.ts'
import type { Figure, FigureOptions } from '../figure/figure.ts'
import { figureFromParts } from '../figure/layer.ts'
import { selectCells, spread, withIndex } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { intervalsSentence } from '../figure/words.ts'
import { grouped, methodText } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import { lineFigure } from './line.ts'

export const observed: FigureTerm = {
  label: 'observed values',
  applies: ({ requests }) => requests?.observe !== false || 'the sweep observes no values',
  options: ['x', 'by', 'of', 'log', 'where', 'cell'],
  howToRead:
    'Each line shows the mean of an observed value in one cell, over the trials that still run at the step. The band ' +
    'is the confidence interval of the mean at each step. A value without a series is drawn as one point per cell.',
  async ofSweep({ source, sweep, request, results }) {
    const given = await results()
    const { cells } = selectCells(given, request.where)
    const chosen = withIndex(cells, request.cell)
    const drawn = spread(chosen, maxLines).map(({ index }) => index)
    const { data } = await source.observed({ sweep, cells: drawn })
    const values = data.cells.flatMap((cell) => cell.values)
    if (values.length === 0)
      throw new FigureError(
        'NOTHING_TO_DRAW',
        `${data.sweep.name} observes nothing, or no selected cell has trials of the direct method`,
        { hint: 'add `observe:` to the spec and run it again' },
      )
    const of = request.of?.replace(/^observe:/, '') ?? (values.find(isSeriesPoint) ?? values[0]!).observation
    const own = values.filter(({ observation }) => observation === of)
    if (own.some(isSeriesPoint)) return seriesFigure(data, of, { request, hidden: chosen.length - drawn.length })
    const times = new Set(own.map(({ time }) => time))
    const name = times.size > 1 ? `${of}@${own[0]!.time}` : of
    return lineFigure({ ...given, cells: chosen }, { ...request, of: `observe:${name}` })
  },
}

/** More lines could not be distinguished. */
const maxLines = 8

function seriesFigure(
  { sweep, cells: all }: ObservedData,
  of: string,
  { request, hidden }: { readonly request: FigureOptions; readonly hidden: number },
): Figure {
  const isLog = (axis: 'x' | 'y') => request.log?.includes(axis) === true
  const cells = all.map((cell) => ({
    ...cell,
    means: cell.values.flatMap((value) => {
      const { mean, time, observation } = value
      const isShown = observation === of && isSeriesPoint(value) && mean !== null && !(isLog('x') && time === '0')
      return isShown ? [{ ...mean, step: Number(time) }] : []
    }),
  }))
  const means = cells.flatMap((cell) => cell.means)
  if (means.length === 0)
    throw new FigureError('NOTHING_TO_DRAW', `no selected cell has a finite value of ${of}`, {
      hint: 'check the expression of this value in `observe`',
    })
  const counts = extentOf(means.map(({ events }) => events))
  const left = all.flatMap(({ values }) =>
    values.map(({ observation, notFinite }) => observation === of && notFinite > 0),
  )
  const steps = extentOf(means.map(({ step }) => step))
  return figureFromParts({
    figure: 'observed',
    title: `${sweep.name}: mean of ${of} against the step`,
    sweep,
    of: `observe:${of}`,
    x: numberAxis('step n', steps, { scale: isLog('x') ? 'log' : 'linear' }),
    y: valueAxis(
      `mean of ${of}`,
      // Intervals of a few trials do not determine the scale, because they are very wide.
      means.flatMap(({ value, low, high, events }) => (events < 0.1 * counts[1] ? [value] : [value, low, high])),
      { log: isLog('y') },
    ),
    ...bandedCells(cells, request, ({ means: own }) => ({
      points: own.map(({ step, value, low, high }) => ({ x: step, y: value, low, high })),
      method: [...new Set(own.map((mean) => methodText(mean)))].join(' or '),
    })),
    caption: texts(
      intervalsSentence(means),
      counts[0] === counts[1]
        ? `Each mean is over ${grouped(counts[0])} trial${counts[0] === 1 ? '' : 's'}.`
        : `A mean is over the trials that still run at the step: ${counts.map(grouped).join(' to ')} trials.`,
      means.some(({ low, high }) => !Number.isFinite(high - low)) && 'An unbounded interval has no band.',
      left.includes(true) && 'Values that are NaN or infinite are left out.',
      hidden > 0 && `${all.length} of ${grouped(all.length + hidden)} cells are drawn.`,
    ),
  })
}
