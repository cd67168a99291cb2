import { groupedBy } from '@driftfarm/formula'
import { sweptAxes } from '../axes/sweptAxes.ts'
import { unitsColumn, unitsOf } from '../document/fields.ts'
import { markOf } from '../document/findings.ts'
import { isSeriesPoint, observedLines, shownColumns } from '../document/observed.ts'
import { estimateNames } from '../format/label.ts'
import { estimateText, grouped, methodText, short } from '../format/quantity.ts'
import { commandText, shellWord } from '../shellWord.ts'
import type { ReportedSweep } from './gathered.ts'
import { grounds, intervalText, ruleText } from './methods.ts'

/** A longer table is hard to read, and `driftfarm results` prints all rows. */
const maxRows = 500
const maxEstimateColumns = 6

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

export function cellsTable({ results }: ReportedSweep) {
  const { cells, sweep } = results
  const units = unitsColumn(sweep.method)
  const axes = sweptAxes(cells)
  const names = estimateNames(cells).slice(0, maxEstimateColumns)
  const titles = ['cell', ...axes.map(({ title }) => title), units, ...names, 'stopped by', 'digest']
  return shortened(titles, cells, 'cells', [sweep.name, '--format', 'csv'], (cell) => [
    String(cell.index),
    ...axes.map((axis) => String(axis.placeOf(cell.params) ?? '')),
    grouped(Number(cell.trials)),
    ...names.map((name) => {
      const estimate = cell.estimates[name]
      if (estimate === undefined) return ''
      const { value, interval } = estimateText(estimate)
      return `${value}${name === names[0] ? markOf(cell) : ''} ${interval}`
    }),
    cell.stopped?.rule ?? '',
    cell.digest,
  ])
}

/** The values at times, without series; null if there are none. */
export function observedTable({ results, observed }: ReportedSweep) {
  const lines = observed === null ? [] : observedLines(observed).filter((line) => !isSeriesPoint(line))
  if (lines.length === 0) return null
  const titles = shownColumns.map(([title]) => title)
  return shortened(titles, lines, 'values', [results.sweep.name, '--observed'], (line, at) =>
    shownColumns.map(([, of]) => String(of(line, at))),
  )
}

/** The first rows of a table. The command `results` prints all rows, with these words. */
function shortened<Item>(
  titles: readonly string[],
  items: readonly Item[],
  what: string,
  words: readonly string[],
  rowOf: (item: Item, at: number) => readonly string[],
) {
  const rows = items.slice(0, maxRows).map(rowOf)
  const sentence =
    `The first ${grouped(rows.length)} of ${grouped(items.length)} ${what} are shown. For all ${what}, run ` +
    `\`${commandText(['results', ...words])}\`.`
  return { titles, rows, sentence: items.length > rows.length ? sentence : null }
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
