import { numberAxis, valueAxis } from '../figure/axis.ts'
import type { Figure, FigureOptions, Layer } from '../figure/figure.ts'
import { groundOf, isInView, type LandscapeScene, marksOf, type PathsData } from '../figure/ground.ts'
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

/** The series of a path. Its end is the outcome, which determines the colour. */
export const pathName = ({ trial, end }: PathsData['paths'][number]): string => `trial ${trial}: ${end}`

export function trajectoryFigure(data: PathsData, options: FigureOptions = {}): Figure {
  const { sweep, cell, scene, paths, every } = data
  const series = paths.map(pathName)
  const where = cell.where === '' ? '' : ` (${cell.where})`
  const title = `${sweep.name}: ${countText(paths.length, 'trial')} of cell ${cell.index}${where}`
  const common = { figure: 'trajectory', title, sweep, series } as const
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
  if (scene.view.length === 1) return figureFromParts({ ...common, ...againstStep(data, scene, series, told) })
  const { x, y, layers } = groundOf(scene)
  const isSeen = (at: { x: number; y: number }) => isInView([at.x, at.y], scene.view)
  const drawn = paths.map(({ points }) =>
    points.filter(isFinitePoint).map(({ theta }) => ({ x: theta[0]!, y: theta[1]! })),
  )
  return figureFromParts({
    ...common,
    x,
    y,
    layers: [
      ...layers,
      ...drawn.flatMap((points, at): Layer[] => [
        lineLayer(series[at]!, 'path', points, series[at]!),
        ...discAtEnd(points.filter(isSeen), series[at]!),
      ]),
      ...marksOf(scene),
    ],
    caption: ['A disc marks the end of a path.', ...scene.sentences, ...told],
  })
}

type PathPoint = PathsData['paths'][number]['points'][number]

const isFinitePoint = ({ theta, loss }: PathPoint): boolean => theta.every(Number.isFinite) && Number.isFinite(loss)

/** With one coordinate, paths on the graph of the loss would cover one another. */
function againstStep(
  { paths }: PathsData,
  { coordinates, view, columns, escapes, marks, sentences }: LandscapeScene,
  series: readonly string[],
  told: readonly string[],
): Pick<Figure, 'x' | 'y' | 'layers' | 'caption'> {
  const last = Math.max(1, ...paths.flatMap(({ points }) => points.map(({ n }) => n)))
  const set: Layer[] = escapes?.includes(1)
    ? [{ type: 'escapes', columns: 2, rows: columns, values: escapes.flatMap((value) => [value, value]) }]
    : []
  const seen = marks.filter(({ at }) => isInView(at, view))
  return {
    x: numberAxis('step n', [0, last]),
    y: numberAxis(coordinates[0]!, view[0]!),
    layers: [
      ...set,
      ...seen.map(({ at }) =>
        lineLayer(
          null,
          'reference',
          [0, last].map((n) => ({ x: n, y: at[0]! })),
          'named minimum',
        ),
      ),
      ...paths.flatMap(({ points }, at): Layer[] => {
        const path = points.filter(isFinitePoint).map(({ n, theta }) => ({ x: n, y: theta[0]! }))
        const isSeen = ({ y }: { readonly y: number }) => isInView([y], view)
        return [lineLayer(series[at]!, 'path', path, series[at]!), ...discAtEnd(path.filter(isSeen), series[at]!)]
      }),
      { type: 'marks', marks: seen.map(({ name, at }) => ({ x: 0.94 * last, y: at[0]!, name })) },
    ],
    caption: ['A disc marks the end of a path.', ...sentences, ...told],
  }
}

function discAtEnd(points: readonly { readonly x: number; readonly y: number }[], series: string): Layer[] {
  const last = points.at(-1)
  if (last === undefined) return []
  const point = { cell: null, x: last.x, y: last.y, low: null, high: null, limit: null, doubt: null, text: series }
  return [pointsLayer(series, [point])]
}
