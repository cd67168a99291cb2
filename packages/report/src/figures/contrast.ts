import { distinct } from '../axes/sweptAxes.ts'
import type { ComparisonData } from '../document/comparison.ts'
import type { ContrastResult } from '../document/contrast.ts'
import type { ResultsData } from '../document/results.ts'
import { FigureError } from '../error.ts'
import { categoryAxis, valueAxis } from '../figure/axis.ts'
import type { Figure, FigureOptions, Point } from '../figure/figure.ts'
import { figureFromParts, lineLayer, pointsLayer } from '../figure/layer.ts'
import type { FigureTerm } from '../figure/term.ts'
import { expressionSentence, quantityOf, unboundedSentence } from '../figure/words.ts'
import { estimateNames, paramTitles } from '../format/label.ts'
import { countText, parameterText } from '../format/quantity.ts'
import { oneLine, texts } from '../format/text.ts'

export const contrast: FigureTerm = {
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
  const differs = Object.entries(between).map(([path, [a, b]]) => `${end(path)} ${oneLine(a)} | ${oneLine(b)}`)
  const shared = Object.entries(params).map(([path, value]) => `${end(path)} ${oneLine(value)}`)
  return { ...contrast, name: [differs.join(', '), shared.join(', ')].filter((part) => part !== '').join(' · ') }
}

/** If the value is a string, it is not a finite number, and the row has no point in the plot. */
interface ForestRow extends Pick<ContrastResult, 'value' | 'low' | 'high' | 'method' | 'cells'> {
  readonly name: string
  readonly kind: string
}

/**
 * `none` is the value that means no difference: 0 for a difference, 1 for a ratio. Rows with the same name are
 * numbered.
 */
function forest(
  { caption, ...parts }: Pick<Figure, 'title' | 'sweep' | 'of' | 'caption'>,
  rows: readonly ForestRow[],
  { label, none, log }: { readonly label: string; readonly none: number; readonly log: boolean },
): Figure {
  const places = distinct(rows.map(({ name }) => name))
  const finite = (value: number | string) => (typeof value === 'number' ? value : null)
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
    x: categoryAxis('', places),
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

export function comparisonFigure({ sweeps, split, cells, matchedBy }: ComparisonData): Figure {
  const [of] = estimateNames(cells)
  if (of === undefined)
    throw new FigureError('NOTHING_TO_DRAW', 'no two cells match', { hint: 'compare sweeps with common parameters' })
  const titles = paramTitles(matchedBy)
  const shown = cells.slice(0, maxCompared).flatMap(({ cells: pair, params, estimates }) => {
    const found = estimates[of]
    if (found === undefined) return []
    const name = matchedBy.map((path, at) => `${titles[at]} ${oneLine(params[path])}`).join(', ') || 'all'
    return [{ name, pair, found }]
  })
  const methods = [...new Set(shown.map(({ found }) => `${100 * found.confidence} % ${found.difference.method}`))]
  const [first, second] = sweeps
  const label = `difference in ${quantityOf(of).label}`
  return forest(
    {
      title:
        split === null
          ? `${first.name} minus ${second.name}: ${label}`
          : `${first.name}, first ${split} trials minus later trials: ${label}`,
      sweep: null,
      of,
      caption: texts(
        [...new Set(sweeps.flatMap((each) => expressionSentence(of, each, ` in ${each.name}`) || []))],
        `Intervals: ${methods.join(' or ')}, each valid on its own (not simultaneously). The line marks a ` +
          'difference of 0.',
        cells.length > shown.length && `Only ${shown.length} of ${cells.length} cells are shown.`,
      ),
    },
    shown.map(({ name, pair, found }) => ({ name, cells: pair, kind: 'difference', ...found.difference })),
    { label, none: 0, log: false },
  )
}
