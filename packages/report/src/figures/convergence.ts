import { extentOf } from '@driftfarm/statistics'
import { FigureError } from '../error.ts'
import { numberAxis, valueAxis, withMargin } from '../figure/axis.ts'
import { bandedCells } from '../figure/bandedCells.ts'
import type { Figure, FigureOptions } from '../figure/figure.ts'
import type { ConvergenceData } from '../figure/ground.ts'
import { figureFromParts } from '../figure/layer.ts'
import { estimateOf, selectCells, spread, withIndex } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { quantityOf } from '../figure/words.ts'
import { methodText, short } from '../format/quantity.ts'

export const convergence: FigureTerm = {
  label: 'estimate against the number of trials',
  applies: ({ estimates }) =>
    estimates.length === 0 ||
    estimates.some((name) => quantityOf(name).isShare) ||
    'the sweep estimates no probability',
  options: ['by', 'of', 'log', 'where', 'cell'],
  howToRead: 'The figure shows how the interval narrows as trials are added in the order of their indices.',
  async ofSweep({ source, sweep, request, results }) {
    const { cells } = selectCells(await results(), request.where)
    const of = estimateOf(cells, request.of)
    const indices = spread(withIndex(cells, request.cell), maxConvergences).map(({ index }) => index)
    return convergenceFigure(await source.convergence({ sweep, of, cells: indices }), request)
  },
}

/** More bands would overlap. */
const maxConvergences = 4

export function convergenceFigure({ sweep, of, cells: all }: ConvergenceData, options: FigureOptions = {}): Figure {
  const quantity = quantityOf(of)
  if (all.length === 0)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      quantity.isShare ? `no selected cell of ${sweep.name} has trials of the direct method` : `${of} is not an event`,
      { hint: 'choose an event such as escape, and cells with `method: direct`' },
    )
  const drawn = bandedCells(all, options, (cell) => ({
    points: cell.points.map(({ trials, value, low, high }) => ({ x: trials, y: value, low, high })),
    method: methodText(cell),
  }))
  const points = all.flatMap((cell) => cell.points)
  const [least, most] = extentOf(points.map(({ trials }) => trials))
  const shown = all.flatMap(({ points: own }) => own.filter(({ trials }) => trials >= 0.02 * own.at(-1)!.trials))
  const limits = shown.flatMap(({ low, high }) => [low, high])
  const methods = new Set(all.map((each) => methodText(each)))
  return figureFromParts({
    figure: 'convergence',
    title: `${sweep.name}: ${quantity.label} against the number of trials`,
    sweep,
    of,
    x: withMargin(numberAxis('trials', [least, most], { scale: most >= 20 * least ? 'log' : 'linear' })),
    // Intervals after few trials do not determine the scale, because they are very wide.
    y: valueAxis(quantity.label, limits, { log: options.log?.includes('y') === true, within: [0, 1] }),
    ...drawn,
    caption: [
      `Intervals: ${[...methods].join(' or ')}, each valid only for its own number of trials. ` +
        'They are not valid if sampling is stopped because the result looks good.',
      ...(all.length === 1 ? [`Cell ${all[0]!.index}, ${short(most)} trials.`] : []),
    ],
  })
}
