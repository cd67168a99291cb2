import { distinct, sweptAxes } from '../axes/sweptAxes.ts'
import { type ComparisonData, clearestFirst, sideNames } from '../document/comparison.ts'
import type { ContrastResult } from '../document/contrast.ts'
import type { ResultsData } from '../document/results.ts'
import { settingsText } from '../document/sweepList.ts'
import { FigureError } from '../error.ts'
import { categoryAxis, finite, numberAxis, valueAxis } from '../figure/axis.ts'
import { type Figure, type FigureOptions, isHatched, type Point, type Tile } from '../figure/figure.ts'
import { figureFromParts, lineLayer, pointsLayer } from '../figure/layer.ts'
import { numbersFirst, seriesOf, varyingAxes } from '../figure/selectCells.ts'
import type { FigureTerm } from '../figure/term.ts'
import { expressionSentence, placeText, quantityOf, unboundedSentence } from '../figure/words.ts'
import { tickText } from '../format/digits.ts'
import { estimateNames } from '../format/label.ts'
import { countText, parameterText } from '../format/quantity.ts'
import { oneLine, texts } from '../format/text.ts'
import { tilesOver } from './map.ts'

export const contrast: FigureTerm = {
  label: 'contrasts',
  applies: ({ requests }) => requests?.contrasts !== false || 'the sweep has no contrasts',
  options: ['of', 'log'],
  howToRead: 'Each row compares two cells. If the bar does not touch the dashed line, the cells differ.',
  ofSweep: ({ source, sweep, request }) =>
    source.withResults(sweep, async ({ head, tail }) => contrastFigure({ ...head, ...(await tail()) }, request)),
}

/** More rows would be unreadable. */
const maxRows = 40

export function contrastFigure(
  { sweep, contrasts }: Pick<ResultsData, 'sweep' | 'contrasts'>,
  options: FigureOptions = {},
): Figure {
  const requested = contrasts.filter(({ of }) => options.of === undefined || of === options.of)
  const [first] = requested
  if (first === undefined)
    throw new FigureError(
      'NOTHING_TO_DRAW',
      options.of === undefined ? `${sweep.name} has no contrasts` : `${sweep.name} has no contrast of ${options.of}`,
      { hint: contrasts.length === 0 ? 'add `contrasts:` to the spec' : 'remove --of' },
    )
  // Differences and ratios cannot share an axis, so only contrasts of the same kind as the first are drawn.
  const alike = requested.filter(({ kind, of }) => kind === first.kind && of === first.of)
  const shown = alike.slice(0, maxRows)
  const isDifference = first.kind === 'difference'
  const label = `${isDifference ? 'difference' : 'ratio'} of P(${first.of})`
  const methods = [...new Set(shown.map(({ method, confidence }) => `${100 * confidence} % ${method}`))]
  const others = options.of === undefined ? 'of another kind or probability' : 'of another kind'
  return forest(
    {
      title: `${sweep.name}: ${label}`,
      sweep,
      of: first.of,
      caption: texts(
        `Intervals: ${methods.join(' or ')}. The line marks a ${isDifference ? 'difference of 0' : 'ratio of 1'}.`,
        alike.length > shown.length && `Only the first ${shown.length} of ${alike.length} contrasts are shown.`,
        requested.length > alike.length &&
          `Not shown: ${countText(requested.length - alike.length, 'contrast')} ${others}.`,
      ),
    },
    shown.map(rowOf),
    { label, none: isDifference ? 0 : 1, log: !isDifference && options.log?.includes('x') === true },
  )
}

function rowOf({ between, params, ...contrast }: ContrastResult): ForestRow {
  const end = (path: string) => path.split('.').at(-1)
  const differs = Object.entries(between).map(([path, [a, b]]) => `${end(path)} ${textOf(a)} | ${textOf(b)}`)
  const shared = Object.entries(params).map(([path, value]) => `${end(path)} ${textOf(value)}`)
  return { ...contrast, name: [differs.join(', '), shared.join(', ')].filter((part) => part !== '').join(' · ') }
}

const textOf = (value: unknown): string => (typeof value === 'number' ? tickText(value) : oneLine(value))

/** If the value is a string, it is not a finite number, and the row has no point in the plot. */
interface ForestRow extends Pick<ContrastResult, 'value' | 'low' | 'high' | 'method' | 'cells'> {
  readonly name: string
  readonly kind: string
}

/**
 * `none` is the value that means no difference: 0 for a difference, 1 for a ratio. `names` is the title of the names of
 * the rows. Rows with the same name are numbered.
 */
function forest(
  { caption, ...parts }: Pick<Figure, 'title' | 'sweep' | 'of' | 'caption'>,
  rows: readonly ForestRow[],
  { label, none, log }: { readonly label: string; readonly none: number; readonly log: boolean },
  names = '',
): Figure {
  const places = distinct(rows.map(({ name }) => name))
  const points = rows.flatMap(({ name, kind, value, low, high, method, cells }, at): Point[] => {
    if (typeof value === 'string') return []
    const numbers = parameterText({ value, low, high }).join(' ')
    const text = `cells ${cells[0]} and ${cells[1]} · ${name} · ${kind} ${numbers} · ${method}`
    const limits = { low: finite(low), high: finite(high), limit: null }
    return [{ cell: cells[0], x: places[at]!, y: value, ...limits, doubt: null, text }]
  })
  const left = rows.length - points.length
  const rule = places.map((x) => ({ x, y: none }))
  return figureFromParts({
    figure: 'contrast',
    ...parts,
    x: categoryAxis(names, places),
    y: valueAxis(label, [none, ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])], { log }),
    layers: [lineLayer(null, 'reference', rule, 'no difference'), pointsLayer(null, points)],
    caption: texts(
      caption,
      unboundedSentence(points),
      left > 0 && `Not drawn, because the ${rows[0]!.kind} is infinite or unknown: ${left} of ${rows.length}.`,
    ),
  })
}

/** More rows would be unreadable. */
const maxCompared = 60

/**
 * The differences of two sweeps: a map if exactly two settings vary from cell to cell, else rows with intervals.
 * `intervals` asks for the rows.
 */
export function comparisonFigure({ cells: matched, ...rest }: ComparisonData, intervals = false): Figure {
  // A cell that both sweeps have does not differ from itself.
  const data = { ...rest, cells: matched.filter(({ same }) => !same) }
  const [of] = estimateNames(data.cells)
  if (of === undefined) {
    const why = matched.length === 0 ? 'no two cells match' : 'all matched cells have the same trials in both sweeps'
    throw new FigureError('NOTHING_TO_DRAW', why, { hint: 'compare sweeps with common parameters and other trials' })
  }
  const axes = varyingAxes(sweptAxes(data.cells))
  const all = clearestFirst(data.cells, of)
  const [x, y] = numbersFirst(axes)
  const isMap = !intervals && x !== undefined && y !== undefined && axes.length === 2
  const isCut = !isMap && all.length > maxCompared
  const shown = isCut ? all.slice(0, maxCompared) : data.cells.filter(({ estimates }) => of in estimates)
  const found = shown.map(({ estimates }) => estimates[of]!)
  const methods = new Set(found.map(({ confidence, difference }) => `${100 * confidence} % ${difference.method}`))
  const [first, second] = sideNames(data)
  const label = `difference in ${quantityOf(of).label}`
  const differing = data.settings.map(({ path, first, second }) => ({ path, value: `${first} and ${second}` }))
  const caption = texts(
    [...new Set(data.sweeps.flatMap((each) => expressionSentence(of, each, ` in ${each.name}`) || []))],
    differing.length > 0 && `The sweeps differ: ${settingsText(differing)}.`,
    `Intervals: ${[...methods].join(' or ')}, each valid on its own (not simultaneously).`,
    !isMap && 'The line marks a difference of 0.',
    isCut && `Shown are the ${maxCompared} clearest of ${all.length} differences, the clearest first.`,
  )
  const parts = {
    title: `${data.split === null ? '' : `${data.sweeps[0].name}, `}${first} minus ${second}: ${label}`,
    sweep: null,
    of,
    caption,
  } as const
  if (!isMap) {
    const named = axes.map((axis) => seriesOf(axis, shown))
    const rows = shown.map(({ cells, params }, at) => {
      const name = named.map((values) => values.find(({ has }) => has(params))?.name ?? 'none').join(', ')
      return { name: name || 'all', cells, kind: 'difference', ...found[at]!.difference }
    })
    return forest(parts, rows, { label, none: 0, log: false }, axes.map(({ title }) => title).join(', '))
  }
  const tiles = shown.map(({ cells, params }, at): Tile => {
    const { difference, differs } = found[at]!
    return {
      cell: cells[0],
      x: x.placeOf(params) ?? 'none',
      y: y.placeOf(params) ?? 'none',
      value: finite(difference.value),
      low: finite(difference.low),
      high: finite(difference.high),
      state: differs ? 'done' : 'may be equal',
      limit: null,
      doubt: null,
      text: `${placeText(axes, params)} · difference ${parameterText(difference).join(' ')} · ${difference.method}`,
    }
  })
  const most = Math.max(...tiles.map(({ value }) => Math.abs(value ?? 0))) || 1
  const { isScattered, ...drawn } = tilesOver([x, y], shown, tiles)
  return figureFromParts({
    figure: 'map',
    ...parts,
    ...drawn,
    color: numberAxis(label, [-most, most]),
    caption: texts(
      `Red: ${first} is larger. Blue: ${second} is larger. ${isScattered ? '/' : 'Hatched'}: the interval of the ` +
        `difference contains 0 (${tiles.filter(isHatched).length} of ${countText(tiles.length, 'cell')}).`,
      caption,
    ),
  })
}
