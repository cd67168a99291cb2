import type { ContrastResult } from '../document/contrast.ts'
import { painter } from './color.ts'
import { estimateText } from './digits.ts'
import { type Column, layOut } from './layout.ts'
import { paramTitles } from './paramTitles.ts'
import { grouped, significant } from './quantity.ts'
import { isCut, type TableOptions } from './renderRecords.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { abbreviate, padStart, printable, widthOf, wrapped } from './text.ts'

/** In characters. */
const longestValue = 24

/**
 * A shortened list shows this many contrasts from its beginning, as many from its end, and as many with the smallest p.
 */
const edge = 10

export function contrastLines(all: readonly ContrastResult[], options: TableOptions = {}): string[] {
  if (all.length === 0) return []
  const { width = 100, color = false } = options
  const paint = painter(color)
  const places = isCut(all.length, options) ? informativePlaces(all) : [...all.keys()]
  const contrasts = places.map((place) => all[place]!)
  const paths = [...new Set(contrasts.flatMap(({ params }) => Object.keys(params)))]
  const titles = paramTitles([...paths, ...contrasts.flatMap(({ between }) => Object.keys(between))])
  const texts = contrasts.map(numberText)
  const widest = texts.reduce((most, { value }) => Math.max(most, widthOf(value)), 0)
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
  const lines = layOut(columns, width, paint)
  const titleCount = lines.length - places.length
  const rows = places.flatMap((place, at) => {
    const isNext = place === (places[at - 1] ?? -1) + 1
    return [...(isNext ? [] : [paint('dim', '...')]), lines[titleCount + at]!]
  })
  const note = all.length === places.length ? [] : ['', ...wrapped(noteOf(all.length, places.length, tested), width)]
  return [...lines.slice(0, titleCount), ...rows, ...note, '', paint('dim', `contrasts: ${methods}${test}`)]
}

function informativePlaces(contrasts: readonly ContrastResult[]): number[] {
  const places = [...contrasts.keys()]
  if (places.length <= 3 * edge) return places
  const clearest = places
    .filter((place) => contrasts[place]!.pValue !== null)
    .sort((a, b) => contrasts[a]!.pValue! - contrasts[b]!.pValue! || a - b)
  const chosen = new Set([...places.slice(0, edge), ...clearest.slice(0, edge), ...places.slice(-edge)])
  return [...chosen].sort((a, b) => a - b)
}

function noteOf(all: number, shown: number, tested: boolean): string {
  const clearest = tested ? `, and the ${edge} with the smallest p` : ''
  const left = `${grouped(all - shown)} of ${grouped(all)} contrasts are left out`
  return `${left}. The table shows the first and last ${edge}${clearest}; --all shows all.`
}

/** For example `escape: eta 0.2 - 0.1`. */
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

/**
 * Prints the value or a limit of a contrast whose value or limits are not all finite. The width of the interval then
 * does not show how many digits are meaningful, so each finite number gets three digits.
 */
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
  const shared = simultaneous === undefined ? '' : ` (simultaneous over ${simultaneous} contrasts)`
  return `${percent} % ${method}${shared}`
}
