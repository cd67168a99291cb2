import type { Estimate } from '@driftfarm/statistics'
import { sweptAxes } from '../axes/sweptAxes.ts'
import { unitsColumn, unitsOf } from '../document/fields.ts'
import { markOf } from '../document/findings.ts'
import { isSeriesPoint, observedLines, shownColumns } from '../document/observed.ts'
import { estimateNames } from '../format/label.ts'
import { estimateText, grouped, methodText, short } from '../format/quantity.ts'
import { shellWord } from '../shellWord.ts'
import type { ReportedSweep } from './gathered.ts'
import { grounds, intervalText } from './methods.ts'

/** In rows. */
const longTable = 100

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

/** Every cell. */
export function cellsTable({ results }: ReportedSweep) {
  const { cells, sweep } = results
  const axes = sweptAxes(cells)
  const all = estimateNames(cells)
  const escapeOf = (stay: string) => stay.replace('stay', 'escape')
  const isComplement = (stay: string) => (cell: (typeof cells)[number]) => {
    const { [stay]: one, [escapeOf(stay)]: other } = cell.estimates
    return one !== undefined && other !== undefined && one.events + other.events === Number(cell.trials)
  }
  const complements = all.filter((name) => name.startsWith('stay') && cells.every(isComplement(name)))
  const names = all.filter((name) => !complements.includes(name))
  const units = unitsColumn(sweep.method)
  const titles = ['cell', ...axes.map(({ title }) => title), units, ...names, 'stopped by', 'digest']
  const rows = cells.map((cell) => [
    String(cell.index),
    // All digits, so that a reader can write the value into a spec.
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
  const known = complements.map((name) => `${name}: 1 minus ${escapeOf(name)}`)
  return withoutConstants(titles, rows, known)
}

/** The values at times, without series. */
export function observedTable({ observed }: ReportedSweep) {
  const lines = observed === null ? [] : observedLines(observed).filter((line) => !isSeriesPoint(line))
  const titles = shownColumns.map(([title]) => title)
  const rows = lines.map((line, at) => shownColumns.map(([, of]) => String(of(line, at))))
  return withoutConstants(titles, rows)
}

/** In a long table, a sentence replaces each column that has the same text in every row. */
function withoutConstants(titles: readonly string[], rows: readonly (readonly string[])[], known: string[] = []) {
  const isShown = titles.map((_, at) => rows.length < longTable || rows.some((row) => row[at] !== rows[0]![at]))
  const shown = (texts: readonly string[]) => texts.filter((_, at) => isShown[at])
  const constants = titles.flatMap((title, at) => (isShown[at] ? [] : [`${title}: ${rows[0]![at] || 'none'}`]))
  const same = [...constants, ...known].join('; ')
  const note = same === '' ? null : `In every row, ${same}.`
  return { titles: shown(titles), rows: rows.map(shown), note }
}

export function methodSentences(sweeps: readonly ReportedSweep[]): readonly string[] {
  const intervals = [...methodsOf(sweeps)].map(
    ([said, method]) => `${said} (${intervalText(method)?.text ?? 'see the documentation'})`,
  )
  return [...grounds, `Intervals: ${intervals.join('; ')}.`]
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
    // Texts are made once for each kind of interval, because a report may have a hundred thousand intervals.
    const kinds = new Map<string, Estimate>()
    for (const { estimates } of results.cells)
      for (const name in estimates) {
        const { method, confidence, simultaneous } = estimates[name]!
        kinds.set(`${method} ${confidence} ${simultaneous}`, estimates[name]!)
      }
    for (const estimate of kinds.values()) used.set(methodText(estimate), estimate.method)
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
