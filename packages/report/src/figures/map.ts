import { extentOf } from '@driftfarm/statistics'
import { varyTogether } from '../axes/jointAxes.ts'
import type { Params, SweptAxis } from '../axes/sweptAxes.ts'
import { doubtOf } from '../document/findings.ts'
import { FigureError } from '../error.ts'
import { axisOfPath, finite, numberAxis, withMargin } from '../figure/axis.ts'
import { contourOf } from '../figure/contour.ts'
import { ascending, placesOn, tileEdges, withWholeTiles } from '../figure/edges.ts'
import {
  type Axis,
  type Figure,
  type FigureOptions,
  type Layer,
  layersOf,
  maxMarkedTiles,
  type Tile,
} from '../figure/figure.ts'
import { figureFromParts } from '../figure/layer.ts'
import {
  estimateOf,
  type FiguredCell,
  type FiguredResults,
  inPanels,
  rolesOf,
  selectCells,
} from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import {
  cellText,
  doubtSentences,
  intervalsSentence,
  limitSentences,
  oneSidedLimit,
  pointText,
  quantityOf,
} from '../figure/words.ts'
import { texts } from '../format/text.ts'
import { titleOf } from './line.ts'

const needsTwoAxes = 'a map needs two axes'

export const map: FigureTerm = {
  label: 'map over two axes',
  applies: ({ axes }) => axes > 1 || needsTwoAxes,
  options: ['x', 'y', 'panel', 'of', 'log', 'where', 'show', 'contour'],
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

/** The axes and the layer of a map. Cells that form no grid, as in a design, are points instead of tiles. */
export function tilesOver(
  [x, y]: readonly [SweptAxis, SweptAxis],
  cells: readonly { readonly params: Params }[],
  tiles: readonly Tile[],
  log: FigureOptions['log'] = [],
) {
  const isScattered = varyTogether(x, y, cells)
  const along = (axis: SweptAxis, letter: 'x' | 'y') => {
    const found = axisOfPath(axis, log.includes(letter) ? true : null)
    return isScattered ? withMargin(found) : withWholeTiles(found, axis.places)
  }
  const layer: Layer = isScattered ? { type: 'scatter', points: tiles } : { type: 'tiles', tiles }
  return { isScattered, x: along(x, 'x'), y: along(y, 'y'), layers: [layer] }
}

export function mapFigure(results: FiguredResults, options: FigureOptions = {}): Figure {
  const { cells: all, axes } = selectCells(results, options.where)
  const of = estimateOf(all, options.of)
  const { roles, ...held } = rolesOf(axes, ['x', 'y', 'panel'], options, all)
  const { x, y, panel } = roles
  if (x === undefined || y === undefined)
    throw new FigureError('NO_SUCH_FIGURE', `${results.sweep.name} has fewer than two axes`, {
      hint: `${needsTwoAxes}; use --kind line for one axis, or --kind ends for none`,
    })
  const show = options.show ?? 'value'
  const quantity = quantityOf(of)
  const log = options.log ?? []
  const tileOf = (cell: FiguredCell): Tile => {
    const estimate = cell.estimates[of]
    const name = cellText(axes, cell)
    const at = { cell: cell.index, x: x.placeOf(cell.params) ?? 'none', y: y.placeOf(cell.params) ?? 'none' }
    const state = stateOf(cell)
    if (estimate === undefined) {
      return { ...at, value: null, low: null, high: null, state, limit: null, doubt: null, text: `${name} · ${state}` }
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
      doubt: doubtOf(cell),
      text: `${pointText(name, of, estimate, cell.trials)}${state === 'done' ? '' : ` · ${state}`}`,
    }
  }
  const { isScattered, layers: _, ...drawn } = tilesOver([x, y], held.cells, [], log)
  const level = isScattered || show !== 'value' ? undefined : options.contour
  const { cells, sentences, ...layers } = inPanels(panel, held, (among) => {
    const tiles = among.map(tileOf)
    const contour = level === undefined ? [] : contourLayers(level, tiles, drawn)
    return [isScattered ? { type: 'scatter', points: tiles } : { type: 'tiles', tiles }, ...contour]
  })
  const tiles = cells.map(tileOf)
  const values = tiles.flatMap(({ value }) => (value === null ? [] : [value]))
  const label = labels[show](quantity.label)
  const color = colorAxis(label, values, log.includes('z'), show === 'value' && quantity.isShare)
  const below = tiles.filter(({ state }) => state === 'below target').length
  const empty = tiles.filter(({ value }) => value === null).length
  const estimates = cells.flatMap(({ estimates: { [of]: estimate } }) => (estimate === undefined ? [] : [estimate]))
  const belowSign = isScattered ? '/' : 'Hatched'
  return figureFromParts({
    figure: 'map',
    title: titleOf(results.sweep.name, `${label} over ${x.title} and ${y.title}`, undefined, panel),
    sweep: results.sweep,
    of,
    ...drawn,
    color,
    ...layers,
    caption: texts(
      show === 'value' && 'Colours: the estimates. The data of the figure also have their intervals.',
      show === 'width' && 'Colours: the upper minus the lower limit of each interval.',
      show !== 'trials' && intervalsSentence(estimates),
      layersOf(layers).some(({ type }) => type === 'contour') &&
        `Line: ${label} = ${level}, interpolated between cells; dashed where the interval of a cell contains ${level}.`,
      limitSentences(tiles, 'signs'),
      below > 0 && `${belowSign}: target not reached (${below} of ${tiles.length} cells).`,
      empty > 0 && `Grey: no finite estimate of ${of} (${empty} of ${tiles.length} cells).`,
      color.scale === 'log' &&
        values.some((value) => value <= 0) &&
        'White: no event was observed. The estimate is 0, which has no colour on a log scale.',
      sentences,
      doubtSentences(tiles, 'signs'),
      tiles.length > maxMarkedTiles &&
        tiles.some(({ doubt, state }) => doubt !== null || (isScattered && state === 'below target')) &&
        `The ${isScattered ? 'points' : 'tiles'} are too small to show ${isScattered ? 'these marks' : '! and ?'}.`,
    ),
  })
}

/** Only axes of numbers have a contour, because there is nothing between categories. */
function contourLayers(level: number, tiles: readonly Tile[], { x, y }: Pick<Figure, 'x' | 'y'>): readonly Layer[] {
  const [xs, ys] = [placesOn(tiles, 'x'), placesOn(tiles, 'y')]
  const [across, up] = [tileEdges(x, xs), tileEdges(y, ys)]
  if (!across.isNumeric || !up.isNumeric) return []
  const [columns, rows] = [ascending(xs), ascending(ys)]
  const at = new Map(tiles.map((tile) => [`${tile.x} ${tile.y}`, tile]))
  const tileAt = (place: number) =>
    at.get(`${columns[place % columns.length]} ${rows[Math.floor(place / columns.length)]}`)
  const found = contourOf(columns.length, rows.length, level, {
    value: (place) => tileAt(place)?.value ?? null,
    interval: (place) => [tileAt(place)?.low ?? null, tileAt(place)?.high ?? null],
  })
  const pieces = found.map(({ from, to, isSure }) => ({
    ...{ x1: across.at(from[0]), y1: up.at(from[1]), x2: across.at(to[0]), y2: up.at(to[1]) },
    sure: isSure,
  }))
  return pieces.length === 0 ? [] : [{ type: 'contour', level, pieces }]
}

export function stateOf({ trials, stopped }: Pick<FiguredCell, 'trials' | 'stopped'>): Tile['state'] {
  if (Number(trials) === 0) return 'no trials'
  if (stopped === null || stopped.rule === 'max' || stopped.rule === 'budget') return 'below target'
  return 'done'
}

/**
 * A log scale covers the positive values. A linear scale includes 0. For shares, it runs from 0 to 1, so that different
 * maps can be compared.
 */
function colorAxis(label: string, values: readonly number[], log: boolean, isShare: boolean): Axis {
  const positive = values.filter((value) => value > 0)
  if (log && positive.length > 0) return numberAxis(label, extentOf(positive), { scale: 'log' })
  const [low, high] = extentOf(values)
  if (values.length === 0 || isShare) return numberAxis(label, [0, 1])
  return numberAxis(label, [Math.min(0, low), high > low ? high : high || 1])
}
