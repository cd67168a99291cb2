import { extentOf } from '@driftfarm/statistics'
import { valueAxis, withMargin } from './axis.ts'
import type { Figure, FigureOptions, Layer } from './figure.ts'
import { groundOf, type LandscapeScene, marksOf } from './landscape.ts'

/** Trials of a cell, replayed step by step. */
export interface PathsData {
  readonly sweep: NonNullable<Figure['sweep']>
  readonly cell: { readonly index: number; readonly where: string }
  /** null if the landscape has more than two coordinates. */
  readonly scene: LandscapeScene | null
  readonly paths: readonly {
    readonly trial: number
    readonly end: string
    /** Some of the steps, including the first and the last. */
    readonly points: readonly { readonly n: number; readonly theta: readonly number[]; readonly loss: number }[]
  }[]
  /** Number of steps from one point of a path to the next. */
  readonly every: number
}

/** The swept values of a cell as text: eta 0.1, sigma 1. */
export const cellPlaceText = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([path, value]) => `${path.split('.').at(-1)} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ')

export function trajectoryFigure(data: PathsData, options: FigureOptions = {}): Figure {
  const { sweep, cell, scene, paths, every } = data
  const series = paths.map(({ trial, end }) => `trial ${trial}: ${end}`)
  const where = cell.where === '' ? '' : ` (${cell.where})`
  const trials = `${paths.length} ${paths.length === 1 ? 'trial' : 'trials'}`
  const title = `${sweep.name}: ${trials} of cell ${cell.index}${where}`
  const common = { figure: 'trajectory', title, sweep, of: null, seriesTitle: 'outcome', series } as const
  const told = every > 1 ? [`The paths show only one step in ${every}, and the last step.`] : []
  if (scene === null) {
    const losses = paths.flatMap(({ points }) => points.map(({ loss }) => loss))
    const last = Math.max(1, ...paths.flatMap(({ points }) => points.map(({ n }) => n)))
    return {
      ...common,
      x: { label: 'step n', scale: 'linear', domain: [0, last], categories: null, ticks: null, path: null },
      y: valueAxis('loss L', losses, { log: options.log?.includes('y') === true }),
      color: null,
      layers: paths.map(
        ({ points }, at): Layer => ({
          type: 'line',
          series: series[at]!,
          role: 'path',
          steps: false,
          points: points.filter(({ loss }) => Number.isFinite(loss)).map(({ n, loss }) => ({ x: n, y: loss })),
          text: series[at]!,
        }),
      ),
      caption: ['The landscape has more than two coordinates, so the figure shows the loss at each step.', ...told],
    }
  }
  const { x, y, color, layers } = groundOf(scene)
  const flat = scene.view.length === 1
  const drawn = paths.map(({ points }) =>
    points
      .filter(({ theta, loss }) => theta.every(Number.isFinite) && Number.isFinite(loss))
      .map(({ theta, loss }) => ({ x: theta[0]!, y: flat ? loss : theta[1]! })),
  )
  return {
    ...common,
    x,
    y: flat
      ? withRoom(
          y,
          drawn.flat().map((point) => point.y),
        )
      : y,
    color,
    layers: [
      ...layers,
      ...drawn.flatMap((points, at): Layer[] => [
        { type: 'line', series: series[at]!, role: 'path', steps: false, points, text: series[at]! },
        ...discAtEnd(points, series[at]!),
      ]),
      ...marksOf(scene),
    ],
    caption: [
      ...scene.sentences,
      flat
        ? 'Each dot is a step. The dots are drawn slightly above the graph, each trial at its own height. A disc ' +
          'marks the end of a path.'
        : 'A disc marks the end of a path.',
      ...told,
    ],
  }
}

function discAtEnd(points: readonly { readonly x: number; readonly y: number }[], series: string): Layer[] {
  const last = points.at(-1)
  if (last === undefined) return []
  const point = { cell: null, x: last.x, y: last.y, low: null, high: null, limit: null, doubt: null, text: series }
  return [{ type: 'points', series, joined: false, points: [point] }]
}

function withRoom(axis: Figure['y'], values: readonly number[]): Figure['y'] {
  return withMargin({ ...axis, domain: extentOf([...axis.domain!, ...values]) })
}
