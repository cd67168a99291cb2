import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ResultsData } from '@driftfarm/report'
import { prose } from '../prose.ts'
import { entries } from './entries.ts'
import type { Entry, Ours, Row, Theirs } from './entry.ts'
import { falseAlarm, type Judged } from './judge.ts'
import { grouped, oursText, seconds, table, theirsText } from './text.ts'

/** What has come of an entry: its rows as judged, and each number of ours with the limits that are shown. */
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
  return against === 0 ? `${all} of ${all}` : `${all - against} of ${all}; **${against} disagree**`
}

/** How each kind of number is held against ours. */
const rules: Readonly<Record<Theirs['kind'], string | null>> = {
  count: "two counts agree unless Fisher's exact test of equal probabilities rejects them",
  value: 'a number agrees if our interval, taken at the level of the test, reaches it',
  range: 'a claim agrees if all of our interval lies within it',
  said: null,
}
const slackRule = 'behind ± stands how far the law of a limit may be off here'

const sentence = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}.`

/** How the rows of an entry are tested. */
function rulesOf(all: readonly Row[]): string {
  const theirs = all.map((row) => row.theirs)
  const said = [...new Set(theirs.map(({ kind }) => kind))].flatMap((kind) => rules[kind] ?? [])
  const isLoose = theirs.some((one) => one.kind === 'value' && one.slack !== undefined)
  return (
    `${[...said, ...(isLoose ? [slackRule] : [])].map(sentence).join(' ')} If nothing is wrong, all rows together ` +
    `raise a false alarm with a probability of at most ${falseAlarm.toExponential()}.`
  )
}

const verdict = ({ agrees, p }: Judged): string => {
  if (agrees === null) return 'not tested'
  return `${agrees ? 'yes' : '**no**'}${p === null ? '' : ` (p = ${p.toPrecision(2)})`}`
}

const ranText = ({ results }: Outcome): string => {
  const { cells, trials } = results.sweep
  return `${grouped(cells)} ${cells === 1 ? 'cell' : 'cells'}, ${grouped(Number(trials))} trials`
}
/** Of all threads together: CPU time where Node tells it of a thread, else the time that went by. */
export const computing = ({ results }: Outcome): number =>
  results.cells.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)

/** The part of a page that the run writes. */
function measured(outcome: Outcome): string {
  const { entry, rows, shown } = outcome
  const titles = [...entry.labels, ...(entry.besides ?? []), entry.theirs, 'ours, 95 %', 'agrees']
  const lines = rows.map((one, at) => [
    ...one.row.labels,
    ...one.shown,
    theirsText(one.row.theirs),
    oursText(one.row.theirs, shown[at]!),
    verdict(one),
  ])
  const rule = `Agreement: ${agreement(outcome)}. ${rulesOf(rows.map(({ row }) => row))}`
  const ran = `Run: ${ranText(outcome)}, ${seconds(computing(outcome))} s of computing, summed over threads.`
  return [table(titles, lines), '', prose(rule), '', prose(ran)].join('\n')
}

const from = '<!-- table -->'
const to = '<!-- /table -->'

/** Puts the text between the marks of a page, whose other text is written by hand. */
function put(file: string, text: string): void {
  const page = readFileSync(file, 'utf8')
  const [start, end] = [page.indexOf(from), page.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`${file} lacks the marks ${from} and ${to}`)
  writeFileSync(file, `${page.slice(0, start + from.length)}\n${text}\n${page.slice(end)}`)
}

export const writePage = (folder: string, outcome: Outcome): void =>
  put(join(folder, `${outcome.entry.name}.md`), measured(outcome))

/** Puts the lines of these outcomes into the overview; entries that were not run keep theirs. */
export function writeOverview(folder: string, outcomes: readonly Outcome[]): void {
  const file = join(folder, 'index.md')
  const known = new Map<string, string>()
  for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
    const name = /^\| \[.*?\]\(([a-z0-9-]+)\.md\)/.exec(line)?.[1]
    if (name !== undefined) known.set(name, line)
  }
  for (const outcome of outcomes) {
    const { name, title, who } = outcome.entry
    const cells = [`[${title}](${name}.md)`, who, agreement(outcome), ranText(outcome), seconds(computing(outcome))]
    known.set(name, `| ${cells.join(' | ')} |`)
  }
  const titles = table(['result', 'setting or law by', 'rows that agree', 'run', 'seconds of threads'], [])
  const lines = entries.flatMap(({ name }) => known.get(name) ?? [])
  put(file, [titles, ...lines].join('\n'))
}
