import { extentOf } from '@driftfarm/statistics'
import { numberAxis, valueAxis, withMargin } from '../figure/axis.ts'
import type { Figure, FigureOptions, Layer } from '../figure/figure.ts'
import { groundOf, isInView, marksOf, type PathsData } from '../figure/ground.ts'
import { figureFromParts, lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'
import { countText } from '../format/quantity.ts'

export const trajectory: FigureTerm = {
  label: 'paths of trials',
  options: ['log', 'cell', 'trials'],
  howToRead: 'Each path is a trial, drawn step by step on the landscape.',
  async ofSweep({ source, sweep, request: { cell = 0, trials = defaultTrials, ...options } }) {
    return trajectoryFigure(await source.paths({ sweep, cell, trials: [...trials] }), options)
  },
}

const defaultTrials = [0, 1, 2, 3, 4] as const

export function trajectoryFigure(data: PathsData, options: FigureOptions = {}): Figure {
  const { sweep, cell, scene, paths, every } = data
  const series = paths.map(({ trial, end }) => `trial ${trial}: ${end}`)
  const where = cell.where === '' ? '' : ` (${cell.where})`
  const title = `${sweep.name}: ${countText(paths.length, 'trial')} of cell ${cell.index}${where}`
  const common = { figure: 'trajectory', title, sweep, seriesTitle: 'outcome', series } as const
  const told = every > 1 ? [`The paths show only one step in ${every}, and the last step.`] : []
  if (scene === null) {
    const losses = paths.flatMap(({ points }) => points.map(({ loss }) => loss))
    const last = Math.max(1, ...paths.flatMap(({ points }) => points.map(({ n }) => n)))
    return figureFromParts({
      ...common,
      x: numberAxis('step n', [0, last]),
      y: valueAxis('loss L', losses, { log: options.log?.includes('y') === true }),
      layers: paths.map(({ points }, at) => {
        const finite = points.filter(({ loss }) => Number.isFinite(loss)).map(({ n, loss }) => ({ x: n, y: loss }))
        return lineLayer(series[at]!, 'path', finite, series[at]!)
      }),
      caption: ['The landscape has more than two coordinates, so the figure shows the loss at each step.', ...told],
    })
  }
  const { x, y, layers } = groundOf(scene)
  const flat = scene.view.length === 1
  const isSeen = (at: { x: number; y: number }) => isInView([at.x, at.y], scene.view)
  const drawn = paths.map(({ points }) =>
    points
      .filter(({ theta, loss }) => theta.every(Number.isFinite) && Number.isFinite(loss))
      .map(({ theta, loss }) => ({ x: theta[0]!, y: flat ? loss : theta[1]! }))
      .filter((at) => !flat || isSeen(at)),
  )
  return figureFromParts({
    ...common,
    x,
    y: flat ? withMargin({ ...y, domain: extentOf([...y.domain!, ...drawn.flat().map((point) => point.y)]) }) : y,
    layers: [
      ...layers,
      ...drawn.flatMap((points, at): Layer[] => [
        lineLayer(series[at]!, 'path', points, series[at]!),
        ...discAtEnd(points.filter(isSeen), series[at]!),
      ]),
      ...marksOf(scene),
    ],
    caption: [
      flat
        ? 'Each dot is a step. The dots are drawn slightly above the graph, each trial at its own height. A disc ' +
          'marks the end of a path.'
        : 'A disc marks the end of a path.',
      ...scene.sentences,
      ...told,
    ],
  })
}

function discAtEnd(points: readonly { readonly x: number; readonly y: number }[], series: string): Layer[] {
  const last = points.at(-1)
  if (last === undefined) return []
  const point = { cell: null, x: last.x, y: last.y, low: null, high: null, limit: null, doubt: null, text: series }
  return [pointsLayer(series, [point])]
}
