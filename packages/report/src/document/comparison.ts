import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { csvLines } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { estimateNames, paramColumns, paramTitles } from '../format/label.ts'
import { confidenceText, countText, grouped, parameterText } from '../format/quantity.ts'
import { isCut, type RecordColumn, renderColumns, renderRecords, type TableOptions } from '../format/table.ts'
import { printable, texts, wrapped } from '../format/text.ts'
import { define } from './define.ts'
import { integerShape, limitedShape, paramsShape, sweepShape } from './fields.ts'

const sideShape = limitedShape.extend({ method: z.string() })

const contrastShape = limitedShape
  .extend({
    method: z
      .string()
      .describe(
        'A method of contrasts, or `both`. With `both`, the interval is computed from the intervals of the two ' +
          'estimates, and `confidence` is their joint confidence.',
      ),
  })
  .describe('Difference or ratio of the first and the second estimate, with its interval.')

const comparedShape = z.strictObject({
  first: sideShape,
  second: sideShape,
  confidence: share.describe('Confidence of the difference and of the ratio.'),
  difference: contrastShape.describe('First estimate minus second estimate.'),
  ratio: contrastShape.describe(
    'First estimate divided by second estimate. A limit is infinite if the second estimate may be 0.',
  ),
  paired: z.boolean().describe('Whether trials of equal index share their noise and were compared in pairs.'),
  differs: z.boolean().describe('Whether the interval of the difference excludes 0.'),
})
export type ComparedEstimate = Plain<z.infer<typeof comparedShape>>

const cellShape = z.strictObject({
  cells: z.tuple([count, count]).describe('Cell indices in the first and in the second sweep.'),
  params: paramsShape,
  trials: z.tuple([integerShape, integerShape]),
  same: z.exactOptional(
    z.literal(true).describe('Both sweeps have this cell and share its trials, so there is nothing to compare.'),
  ),
  estimates: z.record(z.string(), comparedShape).describe('Estimates that both cells have.'),
})
export type ComparedCell = Plain<z.infer<typeof cellShape>>

/** Two sweeps side by side, or the first trials of one sweep beside the later ones. */
const comparisonShape = z.strictObject({
  sweeps: z.tuple([sweepShape, sweepShape]),
  split: count
    .nullable()
    .describe(
      'For one sweep: the first side has the trials below this index, and the second side has the rest. Null if two ' +
        'sweeps are compared.',
    ),
  settings: z
    .array(z.strictObject({ path: z.string(), first: z.string(), second: z.string() }))
    .describe('Settings in which the specs differ. The value `swept` means that the sweep varies the setting.'),
  matchedBy: z.array(z.string()).describe('Paths that have the same values in matched cells.'),
  only: z
    .strictObject({ first: z.array(count), second: z.array(count) })
    .describe('Indices of the cells without a match.'),
  cells: z.array(cellShape),
})
export type ComparisonData = Plain<z.infer<typeof comparisonShape>>

/** What `compare` prints. */
export const comparison = define('Comparison', comparisonShape, {
  table: renderComparison,
  csv: comparisonCsv,
  jsonl: ({ cells }) => jsonLines(cells),
})

/**
 * Says how many pairs of cells differ, and how many would differ by chance. Each interval is valid only on its own, so
 * a few of many intervals exclude 0 by chance.
 */
export function differingText(cells: readonly ComparedCell[], of: string): string {
  const found = cells.flatMap(({ same, estimates }) => (same ? [] : (estimates[of] ?? [])))
  const shared = cells.filter(({ same }) => same).length
  const sharedText = shared === 0 ? '' : `${countText(shared, 'cell')} of both sweeps with the same trials; `
  const differ = found.filter(({ differs }) => differs).length
  const words = `${sharedText}${differ} of ${found.length} ${found.length === 1 ? 'cell differs' : 'cells differ'}`
  const [first] = found
  if (first === undefined) return words
  const expected = Number((found.length * (1 - first.confidence)).toPrecision(2))
  return (
    `${words}: a cell is counted if 0 is outside the interval of its difference; about ${expected} would be ` +
    'counted by chance even if none differed'
  )
}

/** How far a difference is from 0, in half-widths of its interval: more than 1 if the interval excludes 0. */
function clearness({ difference: { value, low, high } }: ComparedEstimate): number {
  const size = Math.abs(Number(value))
  return size === 0 ? 0 : (2 * size) / (Number(high) - Number(low)) || 0
}

/** The cells that have an estimate; those whose difference is clearest come first. */
export function clearestFirst(cells: readonly ComparedCell[], of: string): ComparedCell[] {
  const known = cells.flatMap((cell) => {
    const found = cell.estimates[of]
    return found === undefined ? [] : [[clearness(found), cell] as const]
  })
  return known.sort(([a], [b]) => Number(b > a) - Number(b < a)).map(([, cell]) => cell)
}

const maxListed = 12

/** The names of the two sides. Sweeps of the same name are told apart by their ids. */
export function sideNames({ sweeps: [first, second], split }: Pick<ComparisonData, 'sweeps' | 'split'>) {
  if (split !== null) return [`first ${grouped(split)}`, 'later trials'] as const
  if (first.name !== second.name) return [first.name, second.name] as const
  return [`${first.name} ${first.id.slice(0, 6)}`, `${second.name} ${second.id.slice(0, 6)}`] as const
}

function renderComparison(data: ComparisonData, options: TableOptions = {}): string {
  const { sweeps, split, settings, only, cells } = data
  const width = options.width ?? 160
  const names = sideNames(data).map(printable) as [string, string]
  const of = estimateNames(cells)
  const shown = of[0]
  const lines = [
    split === null
      ? `${names[0]} against ${names[1]}`
      : `${printable(sweeps[0].name)}: the first ${grouped(split)} trials against the later ones`,
    ...settingLines(settings, names),
    ...aloneLines(only, names, split),
  ]
  if (shown === undefined) return `${[...lines, 'no cells to compare'].join('\n')}\n`
  const cut = isCut(cells.filter(({ estimates }) => shown in estimates).length, options)
  const ordered = cut ? clearestFirst(cells, shown) : cells
  const rows = ordered.flatMap(({ estimates: { [shown]: found }, ...cell }) => (found ? [{ ...cell, found }] : []))
  const listed = rows.slice(0, options.most)
  const paths = data.matchedBy
  const table = renderColumns(options, listed, [
    split === null ? ['cells', ({ cells }) => cells.join(', ')] : ['cell', ({ cells }) => cells[0]],
    ...paramColumns(paramTitles(paths), paths, listed),
    [names[0], ({ found }) => parameterText(found.first).join(' ')],
    [names[1], ({ found }) => parameterText(found.second).join(' ')],
    ['difference', ({ found }) => parameterText(found.difference).join(' ')],
    ['ratio', ({ found }) => parameterText(found.ratio).join(' ')],
    ['', ({ same, found }) => (same ? 'same trials' : found.differs ? 'differs' : '')],
  ])
  const all = texts(
    lines,
    '',
    printable(shown),
    table.trimEnd(),
    cut &&
      `${listed.length} of ${rows.length} cells are shown, starting with the clearest differences; --all shows all`,
    differingText(cells, shown),
    wrapped(methodsText(rows.map(({ found }) => found)), width),
    of.length > 1 &&
      wrapped(`also compared: ${of.slice(1).map(printable).join(', ')} (shown by --of NAME or --json)`, width),
  )
  return `${all.join('\n')}\n`
}

function comparisonCsv({ cells, matchedBy }: ComparisonData): Generator<string> {
  const rows = cells.flatMap((cell) =>
    Object.entries(cell.estimates).map(([estimate, found]) => ({ ...cell, estimate, found })),
  )
  return csvLines(rows, [
    ['first_cell', ({ cells }) => cells[0]],
    ['second_cell', ({ cells }) => cells[1]],
    ['estimate', ({ estimate }) => estimate],
    ['first', ({ found }) => found.first.value],
    ['second', ({ found }) => found.second.value],
    ['difference', ({ found }) => found.difference.value],
    ['low', ({ found }) => found.difference.low],
    ['high', ({ found }) => found.difference.high],
    ['method', ({ found }) => found.difference.method],
    ['ratio', ({ found }) => found.ratio.value],
    ['ratio_low', ({ found }) => found.ratio.low],
    ['ratio_high', ({ found }) => found.ratio.high],
    ['paired', ({ found }) => found.paired],
    ['differs', ({ found }) => found.differs],
    ...matchedBy.map((path): RecordColumn<ComparedCell> => [path, ({ params }) => params[path]]),
  ])
}

function settingLines(settings: ComparisonData['settings'], [first, second]: readonly [string, string]): string[] {
  if (settings.length === 0) return []
  const rows = settings.slice(0, maxListed).map(({ path, first: a, second: b }) => [path, a, b])
  const more = settings.length - rows.length
  return texts(
    renderRecords(['setting', first, second], rows, { width: 160 }).trimEnd(),
    more > 0 && `and ${countText(more, 'more setting')}; --json lists all`,
  )
}

function aloneLines(
  only: ComparisonData['only'],
  [first, second]: readonly [string, string],
  split: number | null,
): string[] {
  const [left, right] = [only.first.length > 0, only.second.length > 0]
  if (split !== null)
    return texts(left && `left out because a side of the split has no trials: ${countText(only.first.length, 'cell')}`)
  return texts(
    left && `only in ${first}: ${counted(only.first)}`,
    right && `only in ${second}: ${counted(only.second)}`,
  )
}

const counted = (indices: readonly number[]): string =>
  indices.length === 1
    ? `cell ${indices[0]}`
    : `${indices.length} cells (${indices.slice(0, 5).join(', ')}${indices.length > 5 ? ', ..' : ''})`

function methodsText(found: readonly ComparedEstimate[]): string {
  const all = found.map(({ difference, confidence }) => `${confidenceText(confidence, 6)} ${difference.method}`)
  const methods = [...new Set(all)]
  const paired = found.filter((each) => each.paired).length
  return (
    `intervals of the difference: ${methods.join(' or ')}, each valid on its own (not simultaneously)` +
    (paired === 0 ? '' : `; in ${countText(paired, 'cell')}, trials that share their noise were compared in pairs`)
  )
}
