import { extentOf } from '@driftfarm/statistics'
import { hiddenAxesSentence, varyTogether } from '../axes/jointAxes.ts'
import { doubtOf } from '../document/findings.ts'
import { FigureError } from '../error.ts'
import { axisOfPath, finite, numberAxis, withMargin } from '../figure/axis.ts'
import { withWholeTiles } from '../figure/edges.ts'
import { type Axis, type Figure, type FigureOptions, maxMarkedTiles, type Tile } from '../figure/figure.ts'
import { figureFromParts } from '../figure/layer.ts'
import {
  atMiddleValues,
  estimateOf,
  type FiguredCell,
  type FiguredResults,
  rolesOf,
  selectCells,
} from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { doubtSentences, intervalsSentence, oneSidedLimit, placeText, pointText, quantityOf } from '../figure/words.ts'
import { texts } from '../format/text.ts'

const needsTwoAxes = 'a map needs two axes'

export const map: FigureTerm = {
  applies: ({ axes }) => axes > 1 || needsTwoAxes,
  options: ['x', 'y', 'of', 'log', 'where', 'show'],
  howToRead:
    'Each tile is a cell, and its colour shows the number on the scale above. Hatched cells ended before their ' +
    'stopping rule was met, or have trials pending. According to the checks, cells marked ? are doubtful and cells ' +
    'marked ! are wrong.',
  ofSweep: async ({ request, results }) => mapFigure(await results(), request),
}

const labels = {
  value: (label: string) => label,
  width: (label: string) => `interval width of ${label}`,
  trials: () => 'trials',
} as const

/** Cells that form no grid, as in a design, are drawn as points instead of tiles. */
export function mapFigure(results: FiguredResults, options: FigureOptions = {}): Figure {
  const { cells: all, axes } = selectCells(results, options.where)
  const of = estimateOf(all, options.of)
  const { roles, along, rest } = rolesOf(axes, ['x', 'y'], options, all)
  const { x, y } = roles
  if (x === undefined || y === undefined)
    throw new FigureError('NO_SUCH_FIGURE', `${results.sweep.name} has fewer than two axes`, {
      hint: `${needsTwoAxes}; use --kind line for one axis, or --kind ends for none`,
    })
  const { cells, sentences } = atMiddleValues(all, rest)
  const isScattered = varyTogether(x, y, cells)
  const show = options.show ?? 'value'
  const quantity = quantityOf(of)
  const log = options.log ?? []
  const tiles = cells.map((cell): Tile => {
    const estimate = cell.estimates[of]
    const where = placeText(axes, cell.params)
    const at = { cell: cell.index, x: x.placeOf(cell.params) ?? 'none', y: y.placeOf(cell.params) ?? 'none' }
    const state = stateOf(cell)
    if (estimate === undefined) {
      const text = `cell ${cell.index} · ${where} · ${state}`
      return { ...at, value: null, low: null, high: null, state, limit: null, doubt: null, text }
    }
    const { value, low, high } = estimate
    const numbers = { value, width: high - low, trials: Number(cell.trials) }
    return {
      ...at,
      value: finite(numbers[show]),
      low: finite(low),
      high: finite(high),
      state,
      limit: show === 'value' ? oneSidedLimit(estimate, quantity.isShare) : null,
      doubt: doubtOf(cell.checks),
      text: `${pointText(where, cell.index, of, estimate, cell.trials)}${state === 'done' ? '' : ` · ${state}`}`,
    }
  })
  const values = tiles.flatMap(({ value }) => (value === null ? [] : [value]))
  const across = axisOfPath(x, log.includes('x') ? true : null)
  const up = axisOfPath(y, log.includes('y') ? true : null)
  const label = labels[show](quantity.label)
  const color = colorAxis(label, values, log.includes('z'), show === 'value' && quantity.isShare)
  const below = tiles.filter(({ state }) => state === 'below target').length
  const empty = tiles.filter(({ value }) => value === null).length
  const estimates = cells.flatMap(({ estimates: { [of]: estimate } }) => (estimate === undefined ? [] : [estimate]))
  const belowSign = isScattered ? '/' : 'Hatched'
  return figureFromParts({
    figure: 'map',
    title: `${results.sweep.name}: ${label} over ${x.title} and ${y.title}`,
    sweep: results.sweep,
    of,
    x: isScattered ? withMargin(across) : withWholeTiles(across, x.places),
    y: isScattered ? withMargin(up) : withWholeTiles(up, y.places),
    color,
    layers: [isScattered ? { type: 'scatter', points: tiles } : { type: 'tiles', tiles }],
    caption: texts(
      show !== 'trials' && intervalsSentence(estimates),
      below > 0 && `${belowSign}: target not reached (${below} of ${tiles.length} cells).`,
      empty > 0 && `Grey: no finite estimate of ${of} (${empty} of ${tiles.length} cells).`,
      color.scale === 'log' &&
        values.some((value) => value <= 0) &&
        'White: no event was observed. The estimate is 0, which has no colour on a log scale.',
      sentences,
      hiddenAxesSentence(along),
      doubtSentences(tiles, 'signs'),
      tiles.length > maxMarkedTiles &&
        tiles.some(({ doubt, state }) => doubt !== null || (isScattered && state === 'below target')) &&
        `The ${isScattered ? 'points' : 'tiles'} are too small to show ${isScattered ? 'these marks' : '! and ?'}.`,
    ),
  })
}

export function stateOf({ trials, stopped }: Pick<FiguredCell, 'trials' | 'stopped'>): Tile['state'] {
  if (Number(trials) === 0) return 'no trials'
  if (stopped === null || stopped.rule === 'max' || stopped.rule === 'budget') return 'below target'
  return 'done'
}

/**
 * A log scale covers the positive values. A linear scale includes 0. If the values are shares and the largest exceeds
 * 1/2, a linear scale runs from 0 to 1, so that different maps can be compared.
 */
function colorAxis(label: string, values: readonly number[], log: boolean, isShare: boolean): Axis {
  const positive = values.filter((value) => value > 0)
  if (log && positive.length > 0) return numberAxis(label, extentOf(positive), { scale: 'log' })
  const [low, high] = extentOf(values)
  if (values.length === 0 || (isShare && high > 0.5)) return numberAxis(label, [0, 1])
  return numberAxis(label, [Math.min(0, low), high > low ? high : high || 1])
}
