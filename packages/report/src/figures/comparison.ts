import type { ComparisonData } from '../document/comparison.ts'
import { byInterest } from '../table/estimateColumns.ts'
import { paramTitles } from '../table/paramTitles.ts'
import { oneLine } from '../table/text.ts'
import { valueAxis } from './axes.ts'
import { FigureError } from './error.ts'
import type { Figure, Point } from './figure.ts'
import { quantityOf } from './words.ts'

/** More rows cannot be read. */
const mostRows = 60

/** What lies between matched cells of two sweeps, a row each, beside the line of no difference. */
export function comparisonFigure({ sweeps, split, cells, matchedBy }: ComparisonData): Figure {
  const [of] = byInterest([...new Set(cells.flatMap(({ estimates }) => Object.keys(estimates)))])
  if (of === undefined)
    throw new FigureError('NOTHING_TO_DRAW', 'no two cells match', { hint: 'compare sweeps with common parameters' })
  const titles = paramTitles(matchedBy)
  const seen = new Map<string, number>()
  const rows = cells.slice(0, mostRows).flatMap(({ cells: pair, params, estimates }) => {
    const found = estimates[of]
    if (found === undefined) return []
    const name = matchedBy.map((path, at) => `${titles[at]} ${oneLine(params[path])}`).join(', ') || 'all'
    const times = (seen.get(name) ?? 0) + 1
    seen.set(name, times)
    return [{ name: times === 1 ? name : `${name} (${times})`, pair, found }]
  })
  const points = rows.flatMap(({ name, pair, found: { difference } }): Point[] => {
    const { value, low, high, method } = difference
    if (typeof value !== 'number') return []
    return [
      {
        cell: pair[0],
        x: name,
        y: value,
        low: typeof low === 'number' ? low : null,
        high: typeof high === 'number' ? high : null,
        limit: null,
        doubt: null,
        text: `cells ${pair[0]} and ${pair[1]} · ${name} · difference ${value} [${low}, ${high}] · ${method}`,
      },
    ]
  })
  const [first, second] = sweeps
  const label = `difference of ${quantityOf(of).label}`
  const methods = [...new Set(rows.map(({ found }) => `${100 * found.confidence} % ${found.difference.method}`))]
  return {
    figure: 'contrast',
    title:
      split === null
        ? `${first.name} minus ${second.name}: ${label}`
        : `${first.name}: first ${split} trials minus those after`,
    sweep: null,
    of,
    x: {
      label: '',
      scale: 'categorical',
      domain: null,
      categories: rows.map(({ name }) => name),
      ticks: null,
      path: null,
    },
    y: valueAxis(label, [0, ...points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y])], { log: false }),
    color: null,
    seriesTitle: null,
    series: [],
    layers: [
      {
        type: 'line',
        series: null,
        role: 'reference',
        steps: false,
        points: rows.map(({ name }) => ({ x: name, y: 0 })),
        text: 'no difference',
      },
      { type: 'points', series: null, joined: false, points },
    ],
    caption: [
      `Intervals: ${methods.join(' or ')}, each by itself; the line is no difference.`,
      ...(cells.length > rows.length ? [`The first ${rows.length} of ${cells.length} cells.`] : []),
    ],
  }
}
