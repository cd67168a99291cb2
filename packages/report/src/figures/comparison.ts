import type { ComparisonData } from '../document/comparison.ts'
import { FigureError } from '../error.ts'
import { byInterest, paramTitles } from '../format/label.ts'
import { oneLine } from '../format/text.ts'
import type { Figure } from './figure.ts'
import { forest } from './forest.ts'
import { quantityOf } from './words.ts'

/** More rows would be unreadable. */
const maxRows = 60

export function comparisonFigure({ sweeps, split, cells, matchedBy }: ComparisonData): Figure {
  const [of] = byInterest([...new Set(cells.flatMap(({ estimates }) => Object.keys(estimates)))])
  if (of === undefined)
    throw new FigureError('NOTHING_TO_DRAW', 'no two cells match', { hint: 'compare sweeps with common parameters' })
  const titles = paramTitles(matchedBy)
  const shown = cells.slice(0, maxRows).flatMap(({ cells: pair, params, estimates }) => {
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
      caption: [
        `Intervals: ${methods.join(' or ')}, each valid on its own (not simultaneously). The line marks a ` +
          'difference of 0.',
        ...(cells.length > shown.length ? [`Only the first ${shown.length} of ${cells.length} cells are shown.`] : []),
      ],
    },
    shown.map(({ name, pair, found: { difference } }) => {
      const { value, low, high, method } = difference
      const text = `cells ${pair[0]} and ${pair[1]} · ${name} · difference ${value} [${low}, ${high}] · ${method}`
      return { name, value, low, high, cell: pair[0], text }
    }),
    { label, none: 0, log: false },
  )
}
