import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { runReadOnly } from '@driftfarm/database'
import { root } from '@driftfarm/testing/command'
import { writeSpec } from '@driftfarm/testing/spec'
import { DuckDBInstance } from '@duckdb/node-api'
import { printTable } from '../kernel/measure.ts'
import { openHome, type ServedHome } from '../sweeps/home.ts'
import type { Timed } from '../sweeps/processes.ts'

const build = join(root, 'packages/cli/bin/driftfarm.js')

/** How often each thing is timed; the least counts. */
const rounds = 3

interface Size {
  readonly name: string
  readonly cells: number
  readonly trials: number
  readonly steps: number
  readonly record: 'all' | 'none'
}

/** Runs a sweep over first exits of the double well, of trials of few steps. */
async function compute(home: ServedHome, { name, cells, trials, steps, record }: Size): Promise<void> {
  const spec = writeSpec(home.folder, name, {
    version: 1,
    name,
    // Another budget on the same cells would be the same sweep.
    seed: trials,
    landscape: { preset: 'double-well' },
    start: [-0.5],
    update: { eta: 0.1, drift: { sigma: 2 } },
    trial: { steps, escape: 'x >= 0' },
    sweep: { 'update.eta': cells === 1 ? [0.1] : { from: 0.05, to: 0.3, count: cells } },
    trials,
    record,
  })
  const { seconds } = await home.run(['run', spec, '--json'])
  const all = cells * trials
  console.log(`\n${all.toExponential(0)} trials in ${cells} cells computed in ${seconds.toFixed(0)} s`)
}

/** The address of the reading login of a home. */
async function readerOf(home: ServedHome): Promise<string> {
  await home.run(['db', 'url'])
  return readFileSync(join(home.folder, 'output'), 'utf8').trim()
}

/** What PostgreSQL says that a statement takes, in ms. */
async function databaseMs(url: string, sql: string): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) {
    const { rows } = await runReadOnly(url, `explain (analyze, timing off, serialize text) ${sql}`)
    for await (const [line] of rows) {
      const found = /^Execution Time: ([\d.]+) ms/.exec(String(line))
      if (found !== null) least = Math.min(least, Number(found[1]))
    }
  }
  return least
}

async function leastOf(home: ServedHome, arguments_: readonly string[]): Promise<Timed> {
  let least: Timed | undefined
  for (let round = 0; round < rounds; round++) {
    const taken = await home.run(arguments_)
    if (least === undefined || taken.seconds < least.seconds) least = taken
  }
  return least!
}

async function inHome(body: (home: ServedHome) => Promise<void>): Promise<void> {
  const home = await openHome(build)
  try {
    await body(home)
  } finally {
    await home.close()
  }
}

const overTrials = {
  'median of each cell': `select cell, percentile_cont(0.5) within group (order by escaped_at) from trial
    where cell in (select id from cell where sweep_name = 'NAME') group by cell`,
  'median for each parameter value, joined with cells': `select c.params ->> 'update.eta',
      percentile_cont(0.5) within group (order by t.escaped_at)
    from cell c join trial t on t.cell = c.id and t.trial < c.trials
    where c.sweep_name = 'NAME' and c.newest group by 1`,
  'count and mean by outcome': `select t.ended, count(*), avg(t.loss) from cell c join trial t on t.cell = c.id
    where c.sweep_name = 'NAME' group by 1`,
  'rank within each cell': `select max(r) from (select rank() over (partition by t.cell order by t.loss) as r
    from cell c join trial t on t.cell = c.id where c.sweep_name = 'NAME') x`,
  'the ten trials with the largest loss': `select t.* from cell c join trial t on t.cell = c.id
    where c.sweep_name = 'NAME' order by t.loss desc limit 10`,
} as const

/** SQL over kept trials: 100 cells of 1,000 and of 10,000 trials, so that what is not linear is seen. */
export async function benchSql(): Promise<void> {
  await inHome(async (home) => {
    const sizes = [1_000, 10_000].map((trials): Size => ({ ...million, name: `rows-${trials}`, trials }))
    for (const size of sizes) await compute(home, size)
    const url = await readerOf(home)
    const times: number[][] = []
    for (const sql of Object.values(overTrials)) {
      const row: number[] = []
      for (const { name } of sizes) row.push(await databaseMs(url, sql.replaceAll('NAME', name)))
      times.push(row)
    }
    printTable(
      'SQL over recorded trials: ms in the database (goal: 3,000 for the medians of all cells over 10^6 rows)',
      ['', '10^5 rows', '10^6 rows', 'ratio'],
      Object.keys(overTrials).map((name, i) => {
        const [small = 0, large = 0] = times[i]!
        return [name, small.toFixed(0), large.toFixed(0), (large / small).toFixed(1)]
      }),
    )
  })
}

const million: Size = { name: 'million', cells: 100, trials: 10_000, steps: 100, record: 'all' }

/** Answers over tallies: 10,000 cells and 10^9 trials (`-- --trials N` a cell). */
export async function benchTallies(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { trials: { type: 'string', default: '100000' } } })
  await inHome(async (home) => {
    await compute(home, { name: 'one', cells: 1, trials: 1_000, steps: 2, record: 'none' })
    await compute(home, { name: 'big', cells: 10_000, trials: Number(values.trials), steps: 2, record: 'none' })
    const url = await readerOf(home)
    const commands = [
      ['--json'],
      ['--format', 'csv'],
      ['--format', 'parquet', '-o', join(home.folder, 'cells.parquet')],
    ]
    const lines: string[][] = []
    for (const format of commands) {
      const [start, whole] = [
        await leastOf(home, ['results', 'one', ...format]),
        await leastOf(home, ['results', 'big', ...format]),
      ]
      const database = (whole.serverSeconds - start.serverSeconds) * 1000
      lines.push([
        `results ${format.slice(0, 2).join(' ')}`,
        database.toFixed(0),
        whole.seconds.toFixed(2),
        start.seconds.toFixed(2),
        whole.cpuSeconds.toFixed(2),
        whole.peakMB.toFixed(0),
      ])
    }
    printTable(
      'Results from tallies; the CPU of the database is without that for one cell (goals for --json: 200 ms, 1.5 s)',
      ['', 'CPU of the database, ms', 'total s', 'total s for one cell', 'CPU of the command, s', 'peak MB'],
      lines,
    )
    const statements = {
      'probability of escape, with its limits': `select index, escape, escape_low, escape_high from cell
        where sweep_name = 'big' and newest`,
      'cells with a doubtful check': `select index, c ->> 'name' from cell, jsonb_array_elements(checks) c
        where sweep_name = 'big' and newest and c ->> 'verdict' = 'doubtful'`,
      '`update.eta` of each cell': `select index, settings ->> 'update.eta' from cell
        where sweep_name = 'big' and newest`,
      "cells('big')": `select * from cells('big')`,
      'every column of the view `cell`': `select * from cell where sweep_name = 'big' and newest`,
    }
    const times: string[][] = []
    for (const [name, sql] of Object.entries(statements)) times.push([name, (await databaseMs(url, sql)).toFixed(0)])
    printTable('SQL over the same cells', ['', 'ms in the database'], times)
  })
}

/** Rows to Parquet: ten cells, 10^7 trials (`-- --trials N` a cell), and what DuckDB says of the file. */
export async function benchParquet(options: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...options], options: { trials: { type: 'string', default: '1000000' } } })
  await inHome(async (home) => {
    const trials = Number(values.trials)
    await compute(home, { name: 'rows', cells: 10, trials, steps: 10, record: 'all' })
    const file = join(home.folder, 'rows.parquet')
    const taken = await home.run(['results', 'rows', '--rows', '--format', 'parquet', '-o', file])
    printTable(
      `${10 * trials} rows to Parquet (goals: 60 s and 500 MB for 10^7)`,
      ['s', 'CPU of the command, s', 'CPU of the database, s', 'peak MB'],
      [[taken.seconds, taken.cpuSeconds, taken.serverSeconds, taken.peakMB].map((each) => each.toFixed(1))],
    )
    const { rows } = await runReadOnly(await readerOf(home), 'select sum(trials), sum(escaped) from cell')
    const told: string[] = []
    for await (const row of rows) told.push(...row.map(String))
    const duck = await (await DuckDBInstance.create(':memory:')).connect()
    const counted = (await duck.runAndReadAll(`select count(*), count(escaped_at) from '${file}'`))
      .getRows()[0]!
      .map(String)
    if (String(counted) !== String(told)) throw new Error(`DuckDB counts ${counted}, the farm ${told}`)
    console.log(`DuckDB and the farm count the same: ${counted[0]} rows, ${counted[1]} escaped`)
  })
}
