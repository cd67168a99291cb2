import { type Contrast, canonicalJson } from '@driftfarm/spec'
import { type ContrastEstimate, contrastEstimateShape, count, type Plain } from '@driftfarm/statistics'
import * as z from 'zod'
import type { Params } from '../axes/sweptAxes.ts'
import { csvLine } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { paramColumns, paramTitles, subtreeLabels } from '../format/label.ts'
import { estimateText, grouped, methodText } from '../format/quantity.ts'
import { isCut, painter, renderColumns, type TableOptions, withGaps } from '../format/table.ts'
import { abbreviate, padStart, printable, widthOf, wrapped } from '../format/text.ts'
import type { View } from './define.ts'
import { paramsShape, realShape, withRealsAsText } from './fields.ts'

/** A contrast as in `ContrastEstimate`. Numbers that JSON lacks, such as Infinity, are written as strings. */
export const contrastShape = z
  .strictObject({
    of: z.string(),
    kind: z.enum(['difference', 'ratio']).describe('difference: first minus second; ratio: first divided by second.'),
    between: z
      .record(z.string(), z.tuple([z.unknown(), z.unknown()]))
      .describe('The swept path in which the two cells differ, with its two values.'),
    params: paramsShape.describe('Values of the swept paths that the two cells share.'),
    cells: z.tuple([count, count]).describe('Indices of the two cells.'),
    ...contrastEstimateShape(realShape).shape,
  })
  .describe('A probability in one cell compared with the same probability in another.')
export type ContrastResult = Plain<z.infer<typeof contrastShape>>

export function contrastResult(
  { of, kind, path, between }: Contrast,
  cells: readonly [number, number],
  [first, second]: readonly [Params, Params],
  estimate: ContrastEstimate,
): ContrastResult {
  const shared = Object.entries(first).filter(
    ([key, value]) => key !== path && canonicalJson(value) === canonicalJson(second[key]),
  )
  return {
    of,
    kind,
    between: { [path]: between },
    params: Object.fromEntries(shared),
    cells,
    ...withRealsAsText<Pick<ContrastResult, keyof ContrastEstimate>>(estimate),
  }
}

/** Shows only the contrasts of results. In JSON, the contrasts are part of the results. */
export const contrastsOfResults: Required<View<{ readonly contrasts: readonly ContrastResult[] }>> = {
  table: renderContrasts,
  csv: renderContrastsCsv,
  jsonl: ({ contrasts }) => jsonLines(contrasts),
}

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
  const texts = contrasts.map(estimateText)
  const widest = texts.reduce((most, { value }) => Math.max(most, widthOf(value)), 0)
  const tested = contrasts.some(({ pValue }) => pValue !== null)
  const table = renderColumns(options, contrasts, [
    ['contrast', comparison],
    ['cells', ({ cells }) => cells.join(', ')],
    ...paramColumns(titles, paths, contrasts, longestValue),
    ['value', (_, at) => `${padStart(texts[at]!.value, widest)} ${texts[at]!.interval}`],
    tested && ['p', ({ pValue }) => pText(pValue)],
  ])
  const methods = [...new Set(contrasts.map((each) => methodText(each, 'contrasts')))].join(', ')
  const test = tested ? '; p: McNemar, exact' : ''
  const [head, ...lines] = table.trimEnd().split('\n')
  const note = all.length === places.length ? [] : ['', ...wrapped(noteOf(all.length, places.length, tested), width)]
  return [head!, ...withGaps(places, lines, paint), ...note, '', paint('dim', `contrasts: ${methods}${test}`)]
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

function pText(p: number | null): string {
  if (p === null) return ''
  return p < 1e-4 ? p.toExponential(0) : String(Number(p.toPrecision(2)))
}

export function renderContrasts(
  { contrasts }: { readonly contrasts: readonly ContrastResult[] },
  options: TableOptions = {},
): string {
  const lines = contrastLines(contrasts, options)
  return `${(lines.length === 0 ? ['no contrasts'] : lines).join('\n')}\n`
}

const before = ['of', 'kind', 'between', 'between.first', 'between.second', 'cells.first', 'cells.second'] as const
const pairs = ['both', 'first', 'second', 'neither'] as const
const numbers = ['value', 'low', 'high', 'confidence', 'method', 'simultaneous'] as const

export function* renderContrastsCsv({ contrasts }: { readonly contrasts: readonly ContrastResult[] }) {
  const paths = [...new Set(contrasts.flatMap(({ params }) => Object.keys(params)))]
  yield csvLine([...before, ...paths, ...numbers, ...pairs.map((key) => `paired.${key}`), 'pValue'])
  for (const contrast of contrasts) {
    const { of, kind, between, cells, params, paired, pValue } = contrast
    const [path, values] = Object.entries(between)[0]!
    yield csvLine([
      ...[of, kind, path, ...values, ...cells],
      ...paths.map((each) => params[each]),
      ...numbers.map((key) => contrast[key]),
      ...pairs.map((key) => paired?.[key]),
      pValue,
    ])
  }
}
