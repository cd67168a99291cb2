import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { writeSpec } from '@driftfarm/testing/spec'
import { DuckDBInstance } from '@duckdb/node-api'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'

// docs/howto/sql.md, run as it stands there.

type Record_ = Readonly<Record<string, unknown>>
interface Block {
  readonly language: string
  readonly text: string
  /** The heading under which it stands; empty before the first. */
  readonly heading: string
}

const page = readFileSync(join(root, 'docs/howto/sql.md'), 'utf8')
const blocks: Block[] = []
let heading = ''
for (const [, title, language = '', text = ''] of page.matchAll(/^## ([^\n]+)$|^```(\w+)(?: \[.*?\])?\n(.*?)^```/gms))
  if (title === undefined) blocks.push({ language, text, heading })
  else heading = title
const of = (language: string) => blocks.filter((block) => block.language === language)

const home = servedHome()
let results: Awaited<ReturnType<typeof runToResults>>
beforeAll(async () => {
  const spec = writeSpec(home, 'cookbook', parse(of('yaml')[0]!.text))
  results = await runToResults(spec, home)
})

async function ask(sql: string): Promise<readonly Record_[]> {
  const { code, stdout, stderr } = await driftfarm(['sql', sql, '--json'], { home })
  expect(code, `${sql}\n${stderr}`).toBe(0)
  return (JSON.parse(stdout) as { data: { rows: readonly Record_[] } }).data.rows
}
const statement = (heading: string) => of('sql').find((block) => block.heading === heading)!.text
const asked = (heading: string) => ask(statement(heading))
const cells = () => results.cells

test('has fourteen headings with statements', () => {
  expect(new Set(of('sql').map(({ heading }) => heading))).toEqual(
    new Set([
      'Largest estimates',
      'Half-time of escape',
      'Median step of escapes',
      'Survival',
      'Outcomes',
      'Settling',
      'Rules side by side',
      'Where the probability crosses one half',
      'Exit histogram',
      'Time between events',
      'Doubtful cells',
      'Cost',
      'Workers and failures',
      'LaTeX lines',
    ]),
  )
})

test.each(of('sql').map((block) => [block.heading, block.text]))('SQL of %s', async (_, sql) => {
  const rows = await ask(sql)
  // Nothing has failed.
  if (sql.includes('FROM failure')) expect(rows).toEqual([])
  else expect(rows.length).toBeGreaterThan(0)
})

describe('what they answer', () => {
  test('the largest estimates, with their limits', async () => {
    const values = cells().map(({ estimates }) => estimates.escape!.value)
    const rows = await asked('Largest estimates')
    expect(rows.map(({ escape }) => escape)).toEqual(values.toSorted((a, b) => b - a).slice(0, 3))
    for (const row of rows) {
      const cell = cells().find(
        ({ params }) =>
          params['update.rule'] === row['update.rule'] && params['update.drift.sigma'] === row['update.drift.sigma'],
      )!
      expect(cell.estimates.escape).toMatchObject({ value: row.escape, low: row.escape_low, high: row.escape_high })
    }
  })

  test('steps of escapes, as the rows have them', async () => {
    const { stdout } = await driftfarm(['results', 'cookbook', '--rows', '--format', 'jsonl'], { home })
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { cell: number; escaped_at: number | null })
    const steps = cells().map(({ index }) => {
      const own = rows.filter(({ cell }) => cell === index).map(({ escaped_at }) => escaped_at ?? 201)
      return own.sort((a, b) => a - b)
    })
    const halves = steps.map((own) => own[own.length / 2 - 1]!)
    expect((await asked('Half-time of escape')).map(({ half }) => half)).toEqual(
      halves.map((half) => (half === 201 ? null : half)),
    )
    expect(new Set(halves.map((half) => half === 201))).toEqual(new Set([true, false]))
    const median = (some: number[]) =>
      some.length === 0 ? null : (some[Math.floor((some.length - 1) / 2)]! + some[Math.floor(some.length / 2)]!) / 2
    expect((await asked('Median step of escapes')).map((row) => row.median)).toEqual(
      steps.map((own) => median(own.filter((step) => step <= 200))),
    )
    expect((await asked('Survival')).map(({ survival }) => survival)).toEqual(
      steps.map((own) => 1 - own.filter((step) => step <= 100).length / own.length),
    )
    const histogram = await asked('Exit histogram')
    expect(histogram.reduce((sum, { escapes }) => sum + Number(escapes), 0)).toBe(cells()[3]!.counts.escaped)
  })

  test('shares, differences, crossings', async () => {
    const settled = await asked('Settling')
    expect(
      settled
        .filter(({ index }) => index === 3)
        .map(({ minimum, trials }) => [minimum, trials])
        .sort(),
    ).toEqual(Object.entries(cells()[3]!.counts.settled).sort())
    expect(await asked('Rules side by side')).toHaveLength(4)
    for (const { rule, sigma } of await asked('Where the probability crosses one half')) {
      const line = cells().filter(({ params }) => params['update.rule'] === rule)
      const at = line.findIndex(({ params }) => Number(params['update.drift.sigma']) > Number(sigma))
      const [below, above] = [at - 1, at].map((place) => line[place]!.estimates.escape!.value)
      expect((below! - 0.5) * (above! - 0.5)).toBeLessThan(0)
    }
  })

  test('every check that is not good', async () => {
    const said = cells().flatMap(({ index, checks }) =>
      checks.filter(({ verdict }) => verdict !== 'good').map(({ name, text }) => `${index} ${name} ${text}`),
    )
    const rows = await asked('Doubtful cells')
    expect(rows.map(({ index, name, text }) => `${index} ${name} ${text}`).sort()).toEqual(said.sort())
  })

  test('a line of LaTeX a cell, without a frame', async () => {
    const { stdout } = await driftfarm(['sql', statement('LaTeX lines'), '--format', 'csv'], { home })
    const [title, ...lines] = stdout.trim().split('\n')
    expect(title).toBe('line')
    expect(lines).toHaveLength(8)
    for (const line of lines) expect(line).toMatch(/^\w+ & [\d.]+ & \$[\d.]+_\{-[\d.]+\}\^\{\+[\d.]+\}\$ \\\\$/)
  })

  test('each trial has one outcome', async () => {
    const rows = await asked('Outcomes')
    expect(rows).toHaveLength(cells().length)
    for (const [at, { trials, counts }] of cells().entries()) {
      const { escaped = 0, converged = 0 } = counts.ends
      const shares = [escaped / Number(trials), converged / Number(trials)]
      expect([rows[at]!.escaped, rows[at]!.converged]).toEqual(shares)
    }
  })

  test('DuckDB counts in the files what the farm counts', async () => {
    for (const words of [
      ['results', 'cookbook', '--format', 'parquet', '-o', join(home, 'cells.parquet')],
      ['results', 'cookbook', '--rows', '--format', 'parquet', '-o', join(home, 'rows.parquet')],
    ]) {
      const { code, stderr } = await driftfarm(words, { home })
      expect(code, stderr).toBe(0)
    }
    const duck = await (await DuckDBInstance.create(':memory:')).connect()
    const query = async (sql: string) =>
      (
        await duck.runAndReadAll(sql.replace(/'(\w+\.parquet)'/g, (_, name: string) => `'${join(home, name)}'`))
      ).getRowObjects()
    const rows = await query(`select c."update.rule", c."update.drift.sigma", count(*) as trials,
      count(r.escaped_at) as escapes
      from 'rows.parquet' r join 'cells.parquet' c on c.index = r.cell group by all`)
    expect(
      rows
        .map((row) => [row['update.rule'], row['update.drift.sigma'], Number(row.trials), Number(row.escapes)])
        .map(String)
        .sort(),
    ).toEqual(
      cells()
        .map(({ params, counts, trials }) =>
          String([params['update.rule'], params['update.drift.sigma'], trials, counts.escaped]),
        )
        .sort(),
    )
    const ends = await query(`select cell, "end", count(*) as n from 'rows.parquet' group by all`)
    for (const { index, counts } of cells())
      for (const [end, count] of Object.entries(counts.ends))
        expect(Number(ends.find((row) => row.cell === index && row.end === end)?.n ?? 0)).toBe(count)
    const [types] = await query(`select typeof(trial) as trial, typeof(escaped_at) as escaped, typeof(loss) as loss
      from 'rows.parquet' limit 1`)
    expect(types).toEqual({ trial: 'BIGINT', escaped: 'BIGINT', loss: 'DOUBLE' })
  })
})

test('no column of a view is a word that DuckDB reserves, but for those that go away', async () => {
  const columns = await ask(`select c.relname as view, a.attname as name, col_description(c.oid, a.attnum) as meaning
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'`)
  const duck = await (await DuckDBInstance.create(':memory:')).connect()
  const refused: unknown[] = []
  for (const { view, name, meaning } of columns)
    await duck
      .run(`create or replace table t (${name} integer); select ${name} from t where ${name} > 1 order by ${name}`)
      .catch(() => refused.push([view, name, String(meaning).startsWith('Deprecated')]))
  expect(refused.sort()).toEqual([
    ['failure', 'at', true],
    ['trial', 'end', true],
  ])
})
