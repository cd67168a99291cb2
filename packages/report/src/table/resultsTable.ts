import { type EstimateKind, estimateKinds, type SweepState } from '@driftfarm/spec'
import { meaningOf } from '@driftfarm/statistics'
import type { CellResult, ResultsData } from '../document/results.ts'
import type { SweepSummary } from '../document/sweep.ts'
import type { CellColumn, CellRow } from './cellColumn.ts'
import { type Paint, painter } from './color.ts'
import { contrastLines } from './contrastLines.ts'
import { crossingLines } from './crossingLines.ts'
import { EstimateColumns } from './estimateColumns.ts'
import { CheckedCells, findingLines, markOf } from './findingLines.ts'
import { fitColumns, lineOf, type MeasuredColumn, tableWidth, titleLines } from './layout.ts'
import { ParamColumns } from './paramColumns.ts'
import { countText } from './quantity.ts'
import { isCut, type TableOptions } from './renderRecords.ts'
import { stoppedText } from './stoppedText.ts'
import { printable } from './text.ts'

/**
 * The columns and their widths depend on all cells, so pass every cell to `observe` before you call `above` and `line`.
 * No cell is stored here, since a sweep may have a million cells.
 */
export class ResultsTable {
  readonly #width: number
  readonly #paint: Paint
  readonly #options: TableOptions
  readonly #params = new ParamColumns()
  readonly #estimates = new EstimateColumns()
  readonly #checks = new CheckedCells()
  readonly #ends = new Set<string>()
  readonly #events = new Set<string>()
  readonly #widest = { cell: 0, trials: 0, diverged: 0 }
  #diverged = false
  #isCut = false
  #columns: readonly CellColumn[] = []
  #fitted: readonly MeasuredColumn[] = []
  #omitted: readonly string[] = []

  constructor(options: TableOptions = {}) {
    const { width = 100, color = false } = options
    this.#width = width
    this.#paint = painter(color)
    this.#options = options
  }

  observe(cell: CellResult): CellRow {
    const { index, params, trials, counts, estimates, checks, stopped } = cell
    this.#params.observe(params)
    this.#estimates.observe(cell)
    this.#checks.observe(checks)
    const end = stoppedText(stopped)
    this.#ends.add(end)
    const { escape: escaping } = estimates
    if (escaping?.event !== undefined) this.#events.add(escaping.event)
    const { diverged } = counts.ends
    this.#diverged ||= diverged > 0
    const row = [
      String(index),
      String(trials),
      String(diverged),
      end,
      markOf(checks),
      this.#params.texts(params),
      this.#estimates.texts(estimates),
    ] as const
    const widest = this.#widest
    widest.cell = Math.max(widest.cell, row[0].length)
    widest.trials = Math.max(widest.trials, row[1].length)
    widest.diverged = Math.max(widest.diverged, row[2].length)
    return row
  }

  above({ name, state, cells, trials, seed }: SweepSummary): string[] {
    this.#choose()
    this.#isCut = isCut(cells, this.#options)
    const paint = this.#paint
    const head = [
      paint('bold', printable(name)),
      paint(colorOf(state), state),
      countText(cells, 'cell'),
      `${trials} trials`,
      `seed ${seed}`,
      ...this.#sameEnd().map((end) => stopTexts[end] ?? `stopped by ${end}`),
    ].join('  ')
    return [head, '', ...titleLines(this.#fitted, paint)]
  }

  line(row: CellRow): string {
    return lineOf(
      this.#fitted,
      this.#columns.map((column) => column.text(row)),
    )
  }

  below({ contrasts, crossings = [], findings }: Pick<ResultsData, 'contrasts' | 'crossings' | 'findings'>): string[] {
    // Below a shortened list of cells, the contrasts are shortened too: a full list would move the cells out of view.
    const compared = contrastLines(contrasts, this.#isCut ? { ...this.#options, most: 0 } : this.#options)
    return [
      ...this.#notes(),
      ...findingLines(this.#checks, findings, this.#width, this.#paint),
      ...(compared.length === 0 ? [] : ['', ...compared]),
      ...(crossings.length === 0 ? [] : ['', ...crossingLines(crossings, this.#options)]),
    ]
  }

  #choose(): void {
    const { cell, trials, diverged } = this.#widest
    const before = [
      column('cell', 'right', cell, ([index]) => index),
      ...this.#params.columns(),
      column('trials', 'right', trials, ([, of]) => of),
    ]
    const after = [
      ...(this.#diverged ? [column('diverged', 'right', diverged, ([, , of]) => of)] : []),
      ...(this.#sameEnd().length > 0
        ? []
        : [
            column(
              'stopped by',
              'left',
              Math.max(0, ...[...this.#ends].map((end) => end.length)),
              ([, , , end]) => end,
            ),
          ]),
    ]
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
    const lines = [
      ...this.#checks.legend(),
      ...[...this.#events].flatMap((event) => meanings(event, columns)),
      ...(this.#events.size > 0 && [...columns].some((name) => /^(class|settle):/.test(name)) ? [places] : []),
      ...this.#estimates.intervals(columns),
      ...(omitted.length > 0
        ? [`not shown: ${omitted.map(printable).join(', ')} (to see them: --format json or csv)`]
        : []),
    ]
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

function column(title: string, align: MeasuredColumn['align'], width: number, text: CellColumn['text']): CellColumn {
  return { title, align, width: Math.max(title.length, width), text }
}

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
