import type { ContrastResult } from '../document/contrast.ts'
import type { Paint } from './color.ts'
import { estimateText } from './digits.ts'
import { type Column, layOut } from './layout.ts'
import { paramTitles } from './paramTitles.ts'
import { significant } from './quantity.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { abbreviate, padStart, printable, widthOf } from './text.ts'

/** Characters of a compared value that are shown. */
const longestValue = 24

/** Contrasts for people: one line for each pair of cells, then the methods of the intervals. */
export function contrastLines(contrasts: readonly ContrastResult[], width: number, paint: Paint): string[] {
  if (contrasts.length === 0) return []
  const paths = [...new Set(contrasts.flatMap(({ params }) => Object.keys(params)))]
  const titles = paramTitles([...paths, ...contrasts.flatMap(({ between }) => Object.keys(between))])
  const texts = contrasts.map(numberText)
  const widest = Math.max(...texts.map(({ value }) => widthOf(value)))
  const tested = contrasts.some(({ pValue }) => pValue !== null)
  const columns: Column[] = [
    { title: 'contrast', align: 'left', cells: contrasts.map(comparison) },
    { title: 'cells', align: 'left', cells: contrasts.map(({ cells }) => cells.join(', ')) },
    ...paths.map((path, at): Column => {
      const labels = subtreeLabels(contrasts.map(({ params }) => params[path]))
      const cells = labels.map((label) => abbreviate(label, longestValue))
      const numbers = contrasts.every(({ params }) => typeof params[path] === 'number')
      return { title: printable(titles[at]!), align: numbers ? 'right' : 'left', cells }
    }),
    {
      title: 'value',
      align: 'left',
      cells: texts.map(({ value, interval }) => `${padStart(value, widest)} ${interval}`),
    },
    ...(tested ? [{ title: 'p', align: 'left', cells: contrasts.map(({ pValue }) => pText(pValue)) } as const] : []),
  ]
  const methods = [...new Set(contrasts.map(describe))].join(', ')
  const test = tested ? '; p: McNemar, exact' : ''
  return [...layOut(columns, width, paint), '', paint('dim', `contrasts: ${methods}${test}`)]
}

/** A comparison as text, such as `escape: eta 0.2 - 0.1`. */
function comparison({ of, kind, between }: ContrastResult): string {
  const [path, values] = Object.entries(between)[0]!
  const [first, second] = subtreeLabels(values).map((label) => abbreviate(label, longestValue))
  const name = path.slice(path.lastIndexOf('.') + 1)
  return printable(`${of}: ${name} ${first} ${kind === 'difference' ? '-' : '/'} ${second}`)
}

function numberText({ value, low, high }: ContrastResult): { readonly value: string; readonly interval: string } {
  const numbers = [value, low, high].map(Number) as [number, number, number]
  if (numbers.every(Number.isFinite)) return estimateText({ value: numbers[0], low: numbers[1], high: numbers[2] })
  const [about, from, to] = numbers.map(unbounded)
  return { value: about!, interval: `[${from}, ${to}]` }
}

/** Next to an infinite limit the width of the interval does not tell how many digits are meaningful. */
function unbounded(x: number): string {
  if (Number.isNaN(x)) return '0/0'
  return Number.isFinite(x) ? significant(x, 3) : '∞'
}

function pText(p: number | null): string {
  if (p === null) return ''
  return p < 1e-4 ? p.toExponential(0) : String(Number(p.toPrecision(2)))
}

function describe({ confidence, method, simultaneous }: ContrastResult): string {
  const percent = Number((confidence * 100).toPrecision(12))
  const shared = simultaneous === undefined ? '' : ` over ${simultaneous} contrasts`
  return `${percent} % ${method}${shared}`
}
