import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResultsData } from '@driftfarm/report'
import { prose } from '../prose.ts'
import { entries } from './entries.ts'
import { type Entry, linkOf, type Ours, pageOf } from './entry.ts'
import type { Judged } from './judge.ts'
import { grouped, seconds, table, theirsText, withLimits } from './text.ts'

/** The result of a run of an entry: its judged rows, and each of our numbers with the limits to show. */
export interface Outcome {
  readonly entry: Entry
  readonly rows: readonly Judged[]
  readonly shown: readonly Ours[]
  readonly results: ResultsData
}

const tested = ({ rows }: Outcome): readonly Judged[] => rows.filter(({ agrees }) => agrees !== null)
export const disagreeing = (outcome: Outcome): readonly Judged[] => tested(outcome).filter(({ agrees }) => !agrees)

const agreement = (outcome: Outcome): string => {
  const [all, against] = [tested(outcome).length, disagreeing(outcome).length]
  return against === 0 ? `${all} of ${all}` : `**${all - against} of ${all}**`
}

/** Our number in a row. A row that agrees has no mark. */
function marked({ agrees }: Judged, ours: string): string {
  if (agrees === null) return `${ours}, not tested`
  return agrees ? ours : `**${ours}, disagrees**`
}

const ranText = ({ results }: Outcome): string => {
  const { cells, trials } = results.sweep
  return `${grouped(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${grouped(Number(trials))} trials`
}
/** Over all threads: CPU time if Node reports it for each thread, otherwise elapsed time. */
export const computing = ({ results }: Outcome): number =>
  results.cells.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)

/** The part of a page that a run writes. docs/gallery/index.md explains the test of each kind of number. */
function measured(outcome: Outcome): string {
  const { entry, rows, shown } = outcome
  const hasP = rows.some(({ p }) => p !== null)
  const titles = [...entry.labels, ...(entry.besides ?? []), entry.theirs, 'ours, 95 %', ...(hasP ? ['p'] : [])]
  const lines = rows.map((one, at) => [
    ...one.row.labels,
    ...one.shown,
    theirsText(one.row.theirs),
    marked(one, withLimits(shown[at]!)),
    ...(hasP ? [one.p?.toPrecision(2) ?? '-'] : []),
  ])
  const agreed = `${agreement(outcome)} rows agree ([method](index.md#method)).`
  const ran = `Run: ${ranText(outcome)}, ${seconds(computing(outcome))} s of computing time.`
  return [table(titles, lines), '', prose(`${agreed} ${ran}`)].join('\n')
}

/** Replaces a generated part of a page, which is between two comments with its name. */
function put(file: string, part: string, text: string): void {
  const [from, to] = [`<!-- ${part} -->`, `<!-- /${part} -->`]
  const page = readFileSync(file, 'utf8')
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${file} lacks the comments ${from} and ${to}`)
  writeFileSync(file, `${page.slice(0, start + from.length)}\n${text}\n${page.slice(end)}`)
}

export const writePage = (folder: string, outcome: Outcome): void =>
  put(join(folder, pageOf(outcome.entry)), `table ${outcome.entry.name}`, measured(outcome))

/** Writes the lines of these outcomes into the overview. Other entries keep their lines, which have their links. */
export function writeOverview(folder: string, outcomes: readonly Outcome[]): void {
  const file = join(folder, 'index.md')
  const known = new Map<string, string>()
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const link = /^- \[.*?\]\(([^)]+)\)/.exec(line)?.[1]
    if (link !== undefined) known.set(link, line)
  }
  for (const outcome of outcomes) {
    const { title, who } = outcome.entry
    const link = linkOf(outcome.entry)
    known.set(link, `- [${title}](${link}), ${who}: ${agreement(outcome)}`)
  }
  put(file, 'overview', entries.flatMap((entry) => known.get(linkOf(entry)) ?? []).join('\n'))
}
