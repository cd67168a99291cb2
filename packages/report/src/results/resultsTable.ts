import { type EstimateKind, estimateKinds, type SweepState } from '@driftfarm/spec'
import { meaningOf, stoppedText } from '@driftfarm/statistics'
import { contrastLines } from '../document/contrast.ts'
import { crossingLines } from '../document/crossing.ts'
import { type SweepSummary, unitsColumn, unitsOf } from '../document/fields.ts'
import { CheckedCells, findingLines, markOf } from '../document/findings.ts'
import type { CellResult, ResultsData } from '../document/results.ts'
import type { StreamedResults } from '../document/streamed.ts'
import { chunked } from '../format/json.ts'
import { countText } from '../format/quantity.ts'
import {
  fitColumns,
  isCut,
  lineOf,
  type MeasuredColumn,
  type Paint,
  painter,
  type TableOptions,
  tableWidth,
  titleLines,
  withGaps,
} from '../format/table.ts'
import { printable, texts, wrapped } from '../format/text.ts'
import { type CellColumn, type CellRow, EstimateColumns, ParamColumns } from './columns.ts'
import { InformativeCells } from './informativeCells.ts'

/** The columns apart from parameters and estimates. */
const fixed: readonly (readonly [title: string, align: 'left' | 'right', text: (cell: CellResult) => string])[] = [
  ['cell', 'right', ({ index }) => String(index)],
  ['trials', 'right', ({ trials }) => String(trials)],
  ['diverged', 'right', ({ counts }) => String(counts.ends.diverged)],
  ['stopped by', 'left', ({ stopped }) => stoppedText(stopped)],
]

/**
 * The columns and their widths depend on all cells, so pass every cell to `observe` before you call `above` and `line`.
 * No cell is stored here, since a sweep may have a million cells.
 */
export class ResultsTable {
  readonly #width: number
  readonly #paint: Paint
  readonly #params = new ParamColumns()
  readonly #estimates = new EstimateColumns()
  readonly #checks = new CheckedCells()
  readonly #ends = new Set<string>()
  readonly #events = new Set<string>()
  readonly #widths = fixed.map(() => 0)
  #diverged = false
  #state: SweepState = 'complete'
  #isCut = false
  #columns: readonly CellColumn[] = []
  #fitted: readonly MeasuredColumn[] = []
  #omitted: readonly string[] = []

  constructor(private readonly options: TableOptions = {}) {
    this.#width = options.width ?? 100
    this.#paint = painter(options.color ?? false)
  }

  observe(cell: CellResult): CellRow {
    const { params, counts, estimates, checks, stopped } = cell
    this.#params.observe(params)
    this.#estimates.observe(cell)
    this.#checks.observe(checks, stopped !== null)
    this.#ends.add(stoppedText(stopped))
    const { escape: escaping } = estimates
    if (escaping?.event !== undefined) this.#events.add(escaping.event)
    this.#diverged ||= counts.ends.diverged > 0
    const texts = fixed.map(([, , text]) => text(cell))
    for (const [at, text] of texts.entries()) this.#widths[at] = Math.max(this.#widths[at]!, text.length)
    return [texts, markOf(cell), this.#params.texts(params), this.#estimates.texts(estimates)]
  }

  above({ name, state, cells, trials, seed, method }: SweepSummary): string[] {
    this.#choose(unitsColumn(method))
    this.#state = state
    this.#isCut = isCut(cells, this.options)
    const paint = this.#paint
    const head = [
      paint('bold', printable(name)),
      paint(colorOf(state), state),
      countText(cells, 'cell'),
      `${trials} ${unitsOf(method)}`,
      `seed ${seed}`,
      ...this.#sameEnd().map((end) => stopTexts[end] ?? `stopped by ${end}`),
    ].join('  ')
    return [head, '', ...titleLines(this.#fitted, paint)]
  }

  line(row: CellRow): string {
    const texts = this.#columns.map((column) => column.text(row))
    return lineOf(this.#fitted, texts)
  }

  below({ contrasts, crossings = [], findings }: Pick<ResultsData, 'contrasts' | 'crossings' | 'findings'>): string[] {
    // Below a shortened list of cells, the contrasts are shortened too: a full list would move the cells out of view.
    const compared = contrastLines(contrasts, this.#isCut ? { ...this.options, most: 0 } : this.options)
    return [
      ...this.#notes(),
      ...findingLines({ ...this.#checks, state: this.#state }, findings, this.#width, this.#paint),
      ...(compared.length === 0 ? [] : ['', ...compared]),
      ...(crossings.length === 0 ? [] : ['', ...crossingLines(crossings, this.options)]),
    ]
  }

  #choose(units: string): void {
    const columns = fixed.map(([fixedTitle, align], at): CellColumn => {
      const title = fixedTitle === 'trials' ? units : fixedTitle
      return { title, align, width: Math.max(title.length, this.#widths[at]!), text: ([texts]) => texts[at]! }
    })
    const [cell, trials, diverged, end] = columns as [CellColumn, CellColumn, CellColumn, CellColumn]
    const before = [cell, ...this.#params.columns(), trials]
    const after = [...(this.#diverged ? [diverged] : []), ...(this.#sameEnd().length > 0 ? [] : [end])]
    const shown: CellColumn[] = []
    const names = this.#estimates.names()
    for (const name of names) {
      const next = this.#estimates.column(name, shown.length === 0)
      if (shown.length > 0 && tableWidth([...before, ...shown, next, ...after]) > this.#width) break
      shown.push(next)
    }
    this.#columns = [...before, ...shown, ...after]
    this.#fitted = fitColumns(this.#columns, this.#width)
    this.#omitted = names.slice(shown.length)
  }

  /** If all cells stopped for the same reason, returns the reason, which is printed instead of a column. Else []. */
  #sameEnd(): string[] {
    return this.#ends.size === 1 && !this.#ends.has('open') ? [...this.#ends] : []
  }

  #notes(): string[] {
    const omitted = this.#omitted
    const columns = new Set(this.#estimates.names().filter((name) => !omitted.includes(name)))
    const lines = texts(
      this.#checks.legend(),
      [...this.#events].flatMap((event) => meanings(event, columns)),
      this.#events.size > 0 && [...columns].some((name) => /^(class|settle):/.test(name)) && places,
      this.#estimates.intervals(columns),
      omitted.length > 0 && `not shown: ${omitted.map(printable).join(', ')} (to see them: --format json or csv)`,
    )
    return lines.length === 0 ? [] : ['', ...lines.map((line) => this.#paint('dim', line))]
  }
}

const stopTexts: Readonly<Record<string, string>> = {
  trials: 'stopped after the requested number of trials',
  max: 'stopped at the maximum number of trials',
  budget: 'stopped when the budget was used up',
}

const places =
  'class, settle: these columns describe the point where a trial ended. An escaped trial ended at its escape, unless ' +
  '`afterEscape: continue`.'

const kindsWithMeaning = (Object.keys(estimateKinds) as EstimateKind[]).filter((kind) => meaningOf(kind) !== undefined)

function meanings(event: string, shown: ReadonlySet<string>): string[] {
  return [
    'escape: probability of ' +
      `${event === 'first escape' ? 'a first escape within the steps of a trial' : 'escaping before converging'}`,
    ...kindsWithMeaning.filter((kind) => shown.has(kind)).map((kind) => `${kind}: ${meaningOf(kind)}`),
  ]
}

function colorOf(state: SweepState): 'green' | 'yellow' | 'red' {
  if (state === 'complete') return 'green'
  return state === 'incomplete' || state === 'cancelled' ? 'red' : 'yellow'
}

/** Yields the table in parts, while the cells are read. */
export async function* streamTable(
  { head, cells, tail }: StreamedResults,
  options: TableOptions = {},
): AsyncGenerator<string> {
  const table = new ResultsTable(options)
  const cut = isCut(head.sweep.cells, options)
  const telling = new InformativeCells()
  /** Rows as JSON: a sweep may have a million cells, and reading them again would take as long as the first time. */
  const rows: string[] = []
  for await (const cell of cells()) {
    const row = table.observe(cell)
    if (cut) telling.observe(cell, row)
    else rows.push(JSON.stringify(row))
  }
  yield text(table.above(head.sweep))
  if (cut) yield text(cutLines(table, telling, options))
  else yield* chunked(rows, (row) => `${table.line(JSON.parse(row) as CellRow)}\n`)
  yield text(table.below(await tail()))
}

function cutLines(
  table: ResultsTable,
  telling: InformativeCells,
  { width = 100, color = false }: TableOptions,
): string[] {
  const rows = telling.rows()
  const [places, lines] = [rows.map(({ cell }) => cell.index), rows.map(({ row }) => table.line(row))]
  return [...withGaps(places, lines, painter(color)), '', ...wrapped(telling.note(), width)]
}

const text = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('')
