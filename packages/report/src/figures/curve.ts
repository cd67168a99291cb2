import type { CurvesData } from '../document/curves.ts'
import { grouped } from '../table/quantity.ts'
import { alongSentence } from './along.ts'
import { sweptAxes } from './axes.ts'
import { atMiddleOf, rolesOf, varying } from './chosen.ts'
import { FigureError } from './error.ts'
import type { Figure, FigureOptions, Layer } from './figure.ts'
import { seriesOf } from './series.ts'
import { whereOf } from './where.ts'
import { methodOf, placeText } from './words.ts'

/** More curves in one figure cannot be told apart. */
const mostCurves = 8

/** F(n), the share of trials that have escaped by step n, with its limits at each step and its band over all steps. */
export function curveFigure(
  curves: CurvesData,
  options: FigureOptions & { readonly where?: string | undefined } = {},
): Figure {
  const { sweep } = curves
  const all = sweptAxes(curves.cells)
  const holds = options.where === undefined ? () => true : whereOf(all, options.where)
  const found = curves.cells.filter(({ params }) => holds(params))
  if (found.length === 0)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      curves.cells.length === 0 ? `no cell of ${sweep.name} has a curve` : `no cell has ${options.where}`,
      { hint: 'a curve needs trials, of the direct method, that can escape' },
    )
  const axes = options.where === undefined ? all : sweptAxes(found)
  const { roles, along, rest } = rolesOf(axes, ['by'], options, found)
  const { cells, sentences } = atMiddleOf(found, rest)
  const shown = seriesOf(roles.by, cells)
  const drawn = shown.slice(0, mostCurves).flatMap(({ name, has }) => {
    const cell = cells.find(({ params }) => has(params))
    return cell === undefined ? [] : [{ name, cell }]
  })
  const layers = drawn.flatMap(({ name, cell }): Layer[] => {
    const { points } = cell
    const where = placeText(varying(axes), cell.params)
    const text = `cell ${cell.index}${where === '' ? '' : ` · ${where}`}`
    const from = points[0]?.step === 0 ? [] : [{ x: 0, y: 0 }]
    return [
      {
        type: 'band',
        series: name,
        role: 'simultaneous',
        steps: false,
        points: points.map(({ step, bandLow, bandHigh }) => ({ x: step, low: bandLow, high: bandHigh })),
        text: `${text} · band over all steps`,
      },
      {
        type: 'band',
        series: name,
        role: 'interval',
        steps: false,
        points: points.map(({ step, low, high }) => ({ x: step, low, high })),
        text: `${text} · limits at each step`,
      },
      {
        type: 'line',
        series: name,
        role: 'estimate',
        steps: false,
        points: [...from, ...points.map(({ step, value }) => ({ x: step, y: value }))],
        text,
      },
    ]
  })
  const horizon = Math.max(1, ...drawn.map(({ cell }) => cell.points.at(-1)?.step ?? 0))
  const highs = drawn.flatMap(({ cell }) => cell.points.map(({ high }) => high))
  const log = options.log ?? []
  const first = Math.max(1, Math.min(...drawn.map(({ cell }) => cell.points[0]?.step ?? 1)))
  const events = [...new Set(drawn.map(({ cell }) => cell.event))]
  return {
    figure: 'curve',
    title: `${sweep.name}: share of trials that have escaped by step n`,
    sweep: { id: sweep.id, name: sweep.name, state: sweep.state },
    of: 'escape',
    x: {
      label: 'step n',
      scale: log.includes('x') ? 'log' : 'linear',
      domain: [log.includes('x') ? first : 0, horizon],
      categories: null,
      ticks: null,
      path: null,
    },
    y: {
      label: 'F(n) = P(escape by step n)',
      scale: 'linear',
      domain: [0, Math.min(1, Math.max(1e-6, ...highs) * 1.05)],
      categories: null,
      ticks: null,
      path: null,
    },
    color: null,
    seriesTitle: roles.by?.title ?? null,
    series: drawn.flatMap(({ name }) => (name === null ? [] : [name])),
    layers,
    caption: [
      `Event: ${events.join(' or ')}.`,
      ...[...new Set(drawn.map(({ cell }) => `Dark: ${methodOf(cell)} at each step; light: ${cell.band} over all.`))],
      ...(shown.length > mostCurves
        ? [`The first ${mostCurves} of ${grouped(shown.length)} values of ${roles.by!.title}; --where chooses others.`]
        : []),
      ...sentences,
      ...alongSentence(along),
    ],
  }
}
