import type { CrossingResult } from '../document/crossing.ts'
import { painter } from './color.ts'
import { type Column, layOut } from './layout.ts'
import { paramTitles } from './paramTitles.ts'
import { grouped, short, significant } from './quantity.ts'
import type { TableOptions } from './renderRecords.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { printable, wrapped } from './text.ts'

interface Row {
  readonly line: CrossingResult
  readonly crossing: CrossingResult['crossings'][number] | null
}

export function crossingLines(
  all: readonly CrossingResult[],
  { width = 100, color = false }: TableOptions = {},
): string[] {
  const [first] = all
  if (first === undefined) return []
  const paint = painter(color)
  const paths = [...new Set(all.flatMap(({ params }) => Object.keys(params)))]
  const titles = paramTitles([...paths, first.over])
  const rows = all.flatMap((line): Row[] =>
    line.crossings.length === 0 ? [{ line, crossing: null }] : line.crossings.map((crossing) => ({ line, crossing })),
  )
  const digits = digitsOf(first.step)
  const columns: Column[] = [
    ...paths.map((path, at): Column => {
      const isNumeric = all.every(({ params }) => typeof params[path] === 'number')
      const cells = subtreeLabels(rows.map(({ line }) => line.params[path]))
      return { title: printable(titles[at]!), align: isNumeric ? 'right' : 'left', cells }
    }),
    {
      title: printable(titles.at(-1)!),
      align: 'left',
      cells: rows.map(({ line, crossing }) =>
        crossing === null ? withoutCrossing(line) : `${crossingText(crossing, digits)}${line.located ? '' : ' *'}`,
      ),
    },
    { title: 'points', align: 'right', cells: rows.map(({ line }) => String(line.points)) },
    { title: 'trials', align: 'right', cells: rows.map(({ line }) => short(BigInt(line.trials))) },
  ]
  const visited = all.reduce((sum, { points }) => sum + points, 0)
  const grid = all.reduce((sum, { grid }) => sum + grid, 0)
  const percent = Number((first.confidence * 100).toPrecision(12))
  const notes = [
    `At ${percent} % confidence for all lines together, ${first.estimate} crosses ${first.equals} between the two ` +
      'limits in brackets. ' +
      `${grouped(visited)} of ${grouped(grid)} grid points were visited. ` +
      'If two crossings are at most an eighth of the range apart, both may be missed.',
    ...(all.every(({ located }) => located)
      ? []
      : [
          `* not located to within ${significant(2 * first.step, 3)}; for narrower limits, use more trials per point ` +
            '(a larger --trials)',
        ]),
  ]
  const lines = layOut(columns, width, paint)
  return [...lines, '', ...notes.flatMap((note) => wrapped(note, width)).map((line) => paint('dim', line))]
}

function crossingText({ value, low, high, direction }: NonNullable<Row['crossing']>, digits: number): string {
  const limits = `[${outward(low, digits, Math.floor)}, ${outward(high, digits, Math.ceil)}]`
  return `${value.toFixed(digits)} ${limits}${direction === 'falling' ? ' falling' : ''}`
}

function withoutCrossing({ found, estimate, side, equals, from, to }: CrossingResult): string {
  return found === 'none' ? `none: ${estimate} ${side} ${equals} from ${from} to ${to}` : 'undecided *'
}

function outward(limit: number, digits: number, round: (x: number) => number): string {
  const scale = 10 ** digits
  // The product is rounded to 14 digits, so that rounding error does not move a limit that already has at most `digits`
  // decimals.
  return (round(Number((limit * scale).toPrecision(14))) / scale).toFixed(digits)
}

/** Number of decimals that distinguish neighbouring grid points. */
function digitsOf(step: number): number {
  return Math.min(12, Math.max(0, 1 - Math.floor(Math.log10(step))))
}
