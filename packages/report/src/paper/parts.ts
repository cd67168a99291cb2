import { groupedBy } from '@driftfarm/formula'
import { sweptAxes } from '../axes/sweptAxes.ts'
import { unitsColumn, unitsOf } from '../document/fields.ts'
import { markOf } from '../document/findings.ts'
import { isSeriesPoint, observedLines, shownColumns } from '../document/observed.ts'
import type { CellResult } from '../document/results.ts'
import { estimateNames } from '../format/label.ts'
import { estimateText, grouped, methodText, short } from '../format/quantity.ts'
import { EstimateColumns } from '../results/columns.ts'
import { shellWord } from '../shellWord.ts'
import type { ReportedSweep } from './gathered.ts'
import { grounds, intervalText, ruleText } from './methods.ts'

/** More columns would not fit on a printed page. */
const maxEstimateColumns = 6

export interface ReportTable {
  readonly titles: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** A sentence below the table. */
  readonly note: string | null
}

/** One row for each finding that is not `good`: verdict, check, cells, finding, and what to do. */
export function checkRows({ results }: ReportedSweep): readonly (readonly string[])[] {
  return results.findings.map(({ verdict, name, count, cells, text, hint }) => [
    verdict,
    name,
    count === results.cells.length
      ? `all ${grouped(count)}`
      : `${grouped(count)} (${cells.slice(0, 5).join(', ')}${count > 5 ? ', ..' : ''})`,
    text,
    hint ?? '',
  ])
}

type Column<Row> = readonly [title: string, textOf: (row: Row, at: number) => string]

/** Every cell, in one table for each group of estimates that fits on a page. */
export function cellsTables({ results }: ReportedSweep): readonly ReportTable[] {
  const { cells, sweep } = results
  const all = estimateNames(cells)
  const shown = estimatesShown(results)
  const before: Column<CellResult>[] = [
    ['cell', ({ index }) => String(index)],
    ...sweptAxes(cells).map(
      ({ title, placeOf }): Column<CellResult> => [title, (cell) => String(placeOf(cell.params) ?? '')],
    ),
    [unitsColumn(sweep.method), ({ trials }) => grouped(Number(trials))],
  ]
  const estimates = shown.map(
    (name, at): Column<CellResult> => [
      name,
      (cell) => {
        const estimate = cell.estimates[name]
        if (estimate === undefined) return ''
        const { value, interval } = estimateText(estimate)
        return `${value}${at === 0 ? markOf(cell) : ''} ${interval}`
      },
    ],
  )
  const rules = new Set(cells.map(({ stopped }) => stopped?.rule))
  const after: Column<CellResult>[] = [['digest', ({ digest }) => digest]]
  if (rules.size > 1) after.unshift(['stopped by', ({ stopped }) => stopped?.rule ?? ''])
  const omitted = all.filter((name) => !shown.includes(name))
  const note =
    omitted.length === 0 ? null : `Not shown: ${omitted.join(', ')}. No trial diverged: each trial escaped or stayed.`
  const pages = Math.max(1, Math.ceil(estimates.length / maxEstimateColumns))
  return Array.from({ length: pages }, (_, page) => {
    const some = estimates.slice(page * maxEstimateColumns, (page + 1) * maxEstimateColumns)
    return tableOf([...before, ...some, ...(page === 0 ? after : [])], cells, page === pages - 1 ? note : null)
  })
}

const tableOf = <Row>(columns: readonly Column<Row>[], rows: readonly Row[], note: string | null): ReportTable => ({
  titles: columns.map(([title]) => title),
  rows: rows.map((row, at) => columns.map(([, textOf]) => textOf(row, at))),
  note,
})

/** If no trial diverged, `diverge` is 0 in every cell, and `stay` may be the complement of `escape`. */
function estimatesShown({ cells }: ReportedSweep['results']): readonly string[] {
  const shown = new EstimateColumns()
  for (const cell of cells) shown.observe(cell)
  const names = shown.names()
  return names.length > 0 && cells.every(({ counts }) => counts.ends.diverged === 0) ? names : estimateNames(cells)
}

/** The values at times, without series; empty if there are none. */
export function observedTables({ observed }: ReportedSweep): readonly ReportTable[] {
  const lines = observed === null ? [] : observedLines(observed).filter((line) => !isSeriesPoint(line))
  const columns = shownColumns.map(
    ([title, of]) => [title, (line: (typeof lines)[number], at: number) => String(of(line, at))] as const,
  )
  return lines.length === 0 ? [] : [tableOf(columns, lines, null)]
}

export function methodSentences(sweeps: readonly ReportedSweep[]): readonly string[] {
  const used = methodsOf(sweeps)
  const intervals = [...used].map(
    ([said, method]) => `${said} (${intervalText(method)?.text ?? 'see the documentation'})`,
  )
  const cells = sweeps.flatMap(({ results }) => results.cells)
  const rules = groupedBy(
    cells.flatMap(({ stopped }) => stopped?.rule ?? []),
    (rule) => rule,
  )
  return [
    ...grounds,
    `Intervals: ${intervals.join('; ')}.`,
    rules.size === 0
      ? 'No cell has stopped yet.'
      : `Cells stopped ${[...rules].map(([rule, { length }]) => `${ruleText(rule)} (${grouped(length)})`).join('; ')}.`,
  ]
}

export function references(sweeps: readonly ReportedSweep[]): readonly string[] {
  const all = [...methodsOf(sweeps).values()].flatMap((method) => {
    return intervalText(method)?.reference?.split('; ') ?? []
  })
  return [...new Set(all)].sort()
}

/** Maps the text that tables show for a method, such as `95 % wilson`, to the name of the method. */
function methodsOf(sweeps: readonly ReportedSweep[]): ReadonlyMap<string, string> {
  const used = new Map<string, string>()
  for (const { results, figures } of sweeps) {
    for (const { estimates } of results.cells)
      for (const estimate of Object.values(estimates)) used.set(methodText(estimate), estimate.method)
    for (const contrast of results.contrasts)
      used.set(`${100 * contrast.confidence} % ${contrast.method}`, contrast.method)
    if (figures.some(({ figure }) => figure.figure === 'curve')) used.set('dkw', 'dkw')
  }
  return used
}

export function reproduction({ results, origins }: ReportedSweep, version: string) {
  const { sweep } = results
  const file = `${sweep.name}.yaml`
  const cpu = results.cells.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  return {
    facts: [
      ['sweep', sweep.id],
      ['seed', sweep.seed],
      ['kernel', String(origins.kernel)],
      [unitsOf(results.sweep.method), short(BigInt(sweep.trials))],
      ['CPU time', `${Number(cpu.toPrecision(3))} s`],
      ['submitted', origins.submittedAt],
      ['Drift Farm', version],
      ['digests', 'equal digests mean equal outcomes, trial by trial, on any machine'],
    ] as const,
    commands: [`driftfarm run ${shellWord(file)}`, `driftfarm verify ${shellWord(sweep.name)}`],
    spec: origins.spec,
  }
}
