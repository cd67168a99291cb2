import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { hasFailed, least, type Row, resultsOf } from './experiment.ts'
import { experiments } from './experiments.ts'
import { Seeds } from './seeds.ts'

const page = fileURLToPath(new URL('../../../docs/reference/benchmarks.md', import.meta.url))
const [begin, end] = ['<!-- coverage: begin -->', '<!-- coverage: end -->']

/**
 * How often what is said of known numbers holds. `--replicates N` (2000), `--seed S`, `--only WORDS` in the name of an
 * experiment, `--write` puts the table into docs/reference/benchmarks.md. The exit code is 1 if a row fails.
 */
export async function benchCoverage(options: readonly string[]): Promise<void> {
  const valueOf = (name: string, otherwise: string): string => {
    const at = options.indexOf(name)
    return at < 0 ? otherwise : (options[at + 1] ?? otherwise)
  }
  const replicates = Number(valueOf('--replicates', '2000'))
  if (!(Number.isSafeInteger(replicates) && replicates > 0)) {
    console.error(`--replicates is ${valueOf('--replicates', '')}; give a number of studies, such as 2000`)
    process.exitCode = 2
    return
  }
  const seed = valueOf('--seed', '20261129')
  const seeds = new Seeds(seed)
  const only = valueOf('--only', '')
  const wanted = experiments.filter(({ name }) => name.includes(only))
  const rows: Row[] = []
  const before = process.cpuUsage()
  console.log()
  for (const line of head) console.log(line)
  for (const experiment of wanted)
    for (const row of await resultsOf(experiment, seeds, replicates)) {
      rows.push(row)
      console.log(lineOf(row))
    }
  const { user, system } = process.cpuUsage(before)
  const judged = rows.filter(({ isControl }) => !isControl).length
  const failed = rows.filter(hasFailed)
  const found = failed.length === 0 ? 'all as intended' : `${failed.length} not as intended`
  const byChance = Number((100 * (1 - (1 - least) ** judged)).toPrecision(2))
  const summary =
    `${judged} rows that must hold and ${rows.length - judged} that must fail, ${replicates} studies each, ` +
    `seed ${seed}: ${found}. Processor time ` +
    `${Math.round((user + system) / 1e6)} s.\nIf every true coverage were equal to its level, at least one row ` +
    `would still fail in ${byChance} % of runs with other seeds.`
  console.log(`\n${summary}`)
  for (const { experiment, row } of failed) console.log(`fails: ${experiment}: ${row}`)
  if (options.includes('--write')) write([...head, ...rows.map(lineOf), '', summary].join('\n'))
  if (failed.length > 0) process.exitCode = 1
}

const head = ['| experiment | statement | level | coverage | not made | p | |', '|---|---|---|---|---|---|---|']

function lineOf(row: Row): string {
  const { experiment, row: statement, level, made, held, refused, pValue, isControl } = row
  const verdict = isControl
    ? hasFailed(row)
      ? 'holds, but must fail'
      : 'fails, as intended'
    : hasFailed(row)
      ? 'FAILS'
      : ''
  const p = pValue < 1e-4 ? pValue.toExponential(0) : Number(pValue.toPrecision(2))
  const coverage = made === 0 ? '' : `${((100 * held) / made).toFixed(1)} %`
  const cells = [experiment, statement, `${100 * level} %`, coverage, refused === 0 ? '' : refused, p, verdict]
  return `| ${cells.join(' | ')} |`
}

function write(table: string): void {
  const text = readFileSync(page, 'utf8')
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${page} has no lines ${begin} and ${end}`)
  writeFileSync(page, `${text.slice(0, from + begin.length)}\n\n${table}\n\n${text.slice(to)}`)
}
