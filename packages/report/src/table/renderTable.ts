import { type EstimateKind, estimateKinds, parseEstimate, printEstimate, type SweepState } from '@driftfarm/spec'
import { type Estimate, meaningOf } from '@driftfarm/statistics'
import type { CellResult, ResultsData } from '../document/results.ts'
import { type Paint, painter } from './color.ts'
import { contrastLines } from './contrastLines.ts'
import { estimateText } from './digits.ts'
import { findingLines, markLegend, markOf } from './findingLines.ts'
import { type Column, layOut, tableWidth } from './layout.ts'
import { paramTitles } from './paramTitles.ts'
import type { TableOptions } from './renderRecords.ts'
import { stoppedText } from './stoppedText.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { abbreviate, padEnd, padStart, printable, widthOf } from './text.ts'

/** Characters of a swept mapping that are shown. */
const longestParam = 48

/** The results for people: one line for each cell, with as many estimates and intervals as fit the width. */
export function renderTable(results: ResultsData, { width = 100, color = false }: TableOptions = {}): string {
  const { sweep, cells, contrasts, findings } = results
  const paint = painter(color)
  const { columns, omitted } = chooseColumns(cells, width)
  const head = [
    paint('bold', printable(sweep.name)),
    paint(colorOf(sweep.state), sweep.state),
    `${sweep.cells} ${sweep.cells === 1 ? 'cell' : 'cells'}`,
    `${sweep.trials} trials`,
    `seed ${sweep.seed}`,
    ...sameEnd(cells).map((end) => `ended by ${end}`),
  ].join('  ')
  const compared = contrastLines(contrasts, width, paint)
  const below = [...findingLines(cells, findings, width, paint), ...(compared.length === 0 ? [] : ['', ...compared])]
  return `${[head, '', ...layOut(columns, width, paint), ...notes(cells, omitted, paint), ...below].join('\n')}\n`
}

function chooseColumns(cells: readonly CellResult[], width: number): { columns: Column[]; omitted: string[] } {
  const before = [
    column('cell', 'right', cells, (cell) => String(cell.index)),
    ...params(cells),
    column('trials', 'right', cells, (cell) => String(cell.trials)),
  ]
  const diverged = cells.some((cell) => cell.counts.ends.diverged > 0)
  const after = [
    ...(diverged ? [column('diverged', 'right', cells, (cell) => String(cell.counts.ends.diverged))] : []),
    ...(sameEnd(cells).length > 0 ? [] : [column('ended by', 'left', cells, (cell) => stoppedText(cell.stopped))]),
  ]
  const shown: Column[] = []
  const names = estimateNames(cells)
  for (const name of names) {
    const next = estimates(name, cells, shown.length === 0)
    if (shown.length > 0 && tableWidth([...before, ...shown, next, ...after]) > width) break
    shown.push(next)
  }
  return { columns: [...before, ...shown, ...after], omitted: names.slice(shown.length) }
}

/** What ended the cells, if it is the same for all: then it needs no column. */
function sameEnd(cells: readonly CellResult[]): string[] {
  const ends = new Set(cells.map((cell) => stoppedText(cell.stopped)))
  return ends.size === 1 && !ends.has('open') ? [...ends] : []
}

/**
 * Names of the estimates in order of interest. Divergence is left out, since it has a column of counts. So is `stay`
 * where it is the complement of `escape`, that is, where no trial diverged.
 */
function estimateNames(cells: readonly CellResult[]): string[] {
  const names = [...new Set(cells.flatMap((cell) => Object.keys(cell.estimates)))].filter(
    (name) => parseEstimate(name)?.kind !== 'diverge' && !cells.every((cell) => isComplement(name, cell)),
  )
  const rank = (text: string) => {
    const name = parseEstimate(text)
    return name?.horizon !== null ? 4 : (ranks[name.kind] ?? 3)
  }
  return names
    .map((name, at) => [name, at] as const)
    .sort(([a, i], [b, j]) => rank(a) - rank(b) || i - j)
    .map(([name]) => name)
}

const ranks: Readonly<Partial<Record<EstimateKind, number>>> = { escape: 0, converge: 1, exit: 2, class: 2, mark: 2 }

/** Whether `stay`, with or without a horizon, is the complement of `escape`. */
function isComplement(name: string, { estimates, trials }: CellResult): boolean {
  const parsed = parseEstimate(name)
  if (parsed?.kind !== 'stay') return false
  const escaping = estimates[printEstimate({ ...parsed, kind: 'escape' })]
  if (escaping === undefined) return false
  return BigInt(escaping.events) + BigInt(estimates[name]?.events ?? -1) === BigInt(trials)
}

/** A column of an estimate. `marked`: whether the cell's mark for a doubtful or wrong number is put beside it. */
function estimates(name: string, cells: readonly CellResult[], marked: boolean): Column {
  const texts = cells.map(({ estimates: { [name]: estimate } }) =>
    estimate === undefined ? null : estimateText(estimate),
  )
  const widest = texts.reduce((most, text) => Math.max(most, widthOf(text?.value ?? '')), 0)
  const marks = cells.map(({ checks }) => (marked ? markOf(checks) : ''))
  const markWidth = Math.max(0, ...marks.map((mark) => mark.length))
  return {
    title: printable(name),
    align: 'left',
    cells: texts.map((text, at) =>
      text === null ? '' : `${padStart(text.value, widest)}${padEnd(marks[at]!, markWidth)} ${text.interval}`,
    ),
  }
}

function params(cells: readonly CellResult[]): Column[] {
  const paths = [...new Set(cells.flatMap((cell) => Object.keys(cell.params)))]
  const titles = paramTitles(paths)
  return paths.map((path, at) => {
    const numbers = cells.every((cell) => typeof cell.params[path] === 'number')
    const labels = subtreeLabels(cells.map((cell) => cell.params[path]))
    return {
      title: printable(titles[at]!),
      align: numbers ? 'right' : 'left',
      cells: labels.map((label) => abbreviate(label, longestParam)),
    }
  })
}

function column(
  title: string,
  align: Column['align'],
  cells: readonly CellResult[],
  text: (cell: CellResult) => string,
): Column {
  return { title, align, cells: cells.map(text) }
}

/** Notes below the table: which event, method and confidence the numbers have, and which estimates did not fit. */
function notes(cells: readonly CellResult[], omitted: readonly string[], paint: Paint): string[] {
  const columns = new Set(estimateNames(cells).filter((name) => !omitted.includes(name)))
  const all = cells.flatMap((cell) => Object.entries(cell.estimates)).filter(([name]) => columns.has(name))
  const events = [...new Set(cells.flatMap(({ estimates: { escape: escaping } }) => escaping?.event ?? []))]
  const lines = [
    ...markLegend(cells),
    ...events.flatMap((event) => meanings(event, columns)),
    ...intervals(all),
    ...(omitted.length > 0 ? [`not shown: ${omitted.map(printable).join(', ')} (--format json or csv)`] : []),
  ]
  return lines.length === 0 ? [] : ['', ...lines.map((line) => paint('dim', line))]
}

const kindsWithMeaning = (Object.keys(estimateKinds) as EstimateKind[]).filter((kind) => meaningOf(kind) !== undefined)

/** The meaning of the columns about escapes. */
function meanings(event: string, shown: ReadonlySet<string>): string[] {
  return [
    'escape: probability of ' +
      `${event === 'first escape' ? 'a first escape within the steps of a trial' : 'escaping before converging'}`,
    ...kindsWithMeaning.filter((kind) => shown.has(kind)).map((kind) => `${kind}: ${meaningOf(kind)}`),
  ]
}

/** The methods of the intervals: stated once if all columns have the same, else for each column. */
function intervals(all: readonly (readonly [name: string, estimate: Estimate])[]): string[] {
  const byName = new Map<string, Set<string>>()
  for (const [name, estimate] of all) byName.set(name, (byName.get(name) ?? new Set()).add(describe(estimate)))
  const byMethods = new Map<string, string[]>()
  for (const [name, methods] of byName) {
    const text = [...methods].join(' or ')
    byMethods.set(text, [...(byMethods.get(text) ?? []), printable(name)])
  }
  const [only, ...others] = byMethods.keys()
  if (only === undefined) return []
  if (others.length === 0) return [`intervals: ${only}`]
  return [`intervals: ${[...byMethods].map(([methods, names]) => `${names.join(', ')} ${methods}`).join('; ')}`]
}

function describe({ confidence, method, simultaneous }: Estimate): string {
  const percent = Number((confidence * 100).toPrecision(12))
  return `${percent} % ${method}${simultaneous === undefined ? '' : ` over ${simultaneous} cells`}`
}

function colorOf(state: SweepState): 'green' | 'yellow' | 'red' {
  if (state === 'complete') return 'green'
  return state === 'incomplete' || state === 'cancelled' ? 'red' : 'yellow'
}
