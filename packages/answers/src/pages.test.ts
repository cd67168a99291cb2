import { rowsParquet } from '@driftfarm/report'
import { halfWidth, isDoubt, isPrecise } from '@driftfarm/statistics'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'
import { recount } from '../../database/src/ledger/counters.ts'
import { recheckEstimates } from './recheck.ts'
import { withResults } from './results.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

/** Cells of a sweep that takes several pages: the first has 50. */
const count = 130

let farm: Farm
beforeAll(async () => {
  farm = await Farm.running({ batch: 8 })
})
afterAll(() => farm.close())

/** The sweep; it is computed once. */
async function ended(): Promise<string> {
  const sweep = { 'update.drift.sigma': { from: 1, to: 3, count } }
  const { id } = await farm.submit({ name: 'pages', trials: 20, record: 'all', sweep })
  await farm.ends(id)
  return id
}

if (full)
  test('every cell comes once, in order, in each of the passes', async () => {
    const id = await ended()
    const whole = (await farm.source.results(id)).data
    expect(whole.sweep).toMatchObject({ cells: count, trials: 20 * count })
    expect(whole.cells.map(({ index }) => index)).toEqual([...Array(count).keys()])
    await withResults(farm.database, id, async ({ cells, numbers, tail }) => {
      const { contrasts, findings } = await tail()
      expect({ contrasts, findings }).toEqual({ contrasts: whole.contrasts, findings: whole.findings })
      for (const pass of [cells, cells]) {
        const all = []
        for await (const cell of pass()) all.push(cell)
        expect(all).toEqual(whole.cells)
      }
      let at = 0
      for await (const { checks: _, ...cell } of numbers() as ReturnType<typeof cells>)
        expect(whole.cells[at++]).toMatchObject(cell)
      expect(at).toBe(count)
    })
  })

if (full)
  test('the stored findings, the counters of precision and the glance agree with the results', async () => {
    const id = await ended()
    const { cells, findings } = (await farm.source.results(id)).data
    const firm = cells.filter(({ checks }) => !checks.some(isDoubt)).length
    const answer = { state: 'complete', cells: count, finished: count, firm }
    expect(await farm.source.findings({ sweep: id })).toEqual({ ...answer, findings })

    const estimates = cells.map((cell) => cell.estimates.escape!)
    const { precision } = await farm.source.status({ sweep: id })
    expect(precision).toMatchObject({
      finished: count,
      precise: estimates.filter((estimate) => isPrecise('escape', estimate)).length,
      widest: { estimate: 'escape', half: Math.max(...estimates.map(halfWidth)) },
    })
    await farm.database.transaction((client) => recount(client, id))
    expect((await farm.source.status({ sweep: id })).precision).toEqual(precision)

    const { columns, rows, values } = await farm.source.glance({ sweep: id })
    expect([columns, rows]).toEqual([24, 1])
    expect([values[0], values[23]]).toEqual([estimates[0]!.value, estimates[count - 1]!.value])
    const [listed] = (await farm.source.sweeps()).sweeps
    expect(listed).toMatchObject({
      landscape: expect.any(String),
      axes: [{ path: 'update.drift.sigma', from: 1, to: 3, count }],
      precision,
    })
  })

if (full)
  test('rows of many cells come by one statement, cell by cell and trial by trial', async () => {
    const id = await ended()
    const { records } = await farm.source.rows(id)
    const seen: unknown[] = []
    for await (const { cell, trial } of records) seen.push([cell, trial])
    expect(seen).toEqual([...Array(20 * count).keys()].map((at) => [Math.floor(at / 20), at % 20]))
  })

if (full)
  test('cells that share their layout, those of an earlier version, and those that differ say the same', async () => {
    const { pool } = farm.database
    const layoutOf = async (id: string) =>
      (await pool.query('select layout from farm.sweep where id = $1', [id])).rows[0].layout
    const id = await ended()
    const whole = await farm.source.results(id)
    const stored = await layoutOf(id)
    expect(stored).toMatchObject({ method: 'direct', layout: { horizon: expect.any(Number) } })
    await pool.query('update farm.sweep set layout = null where id = $1', [id])
    expect(await farm.source.results(id)).toEqual(whole)
    await pool.query('update farm.sweep set layout = $2 where id = $1', [id, JSON.stringify(stored)])
    const mixed = await farm.submit({
      name: 'mixed',
      trials: 20,
      sweep: { method: ['direct', { splitting: { particles: 20 } }], 'trial.steps': [40, 50] },
      trial: { steps: 50, escape: 'x >= 0' },
    })
    await farm.ends(mixed.id)
    expect(await layoutOf(mixed.id)).toBe(null)
    // The comparison of methods is computed, because it is not stored.
    const { findings } = (await farm.source.results(mixed.id)).data
    expect(await farm.source.findings({ sweep: mixed.id })).toMatchObject({ cells: 4, finished: 4, findings })
    const { cells } = (await farm.source.results(mixed.id)).data
    expect(cells.map(({ params }) => params['trial.steps'])).toEqual([40, 50, 40, 50])
    expect(new Set(cells.map(({ estimates }) => estimates.escape?.method)).size).toBe(2)
  })

if (full)
  test('what is changed while the cells are read is not seen', async () => {
    const id = await ended()
    const { pool } = farm.database
    const { rows } = await pool.query('select cpu_seconds from farm.request where sweep_id = $1 and index = 129', [id])
    const set = (seconds: number) =>
      pool.query('update farm.request set cpu_seconds = $2 where sweep_id = $1 and index = 129', [id, seconds])
    const last = await withResults(farm.database, id, async ({ cells }) => {
      let seconds = 0
      for await (const cell of cells()) {
        if (cell.index === 0) await set(1e6)
        seconds = cell.cpuSeconds
      }
      return seconds
    })
    await set(rows[0].cpu_seconds)
    expect(last).toBe(rows[0].cpu_seconds)
  })

if (full)
  test('every page is made again from its batches', async () => {
    const id = await ended()
    const done: number[] = []
    expect(await recheckEstimates(farm.database, id, (cells) => done.push(cells))).toEqual([])
    expect(done.length).toBeGreaterThan(1)
    expect(done.at(-1)).toBe(count)
    const damage = (sign: string) =>
      farm.database.pool.query(
        `update farm.request
            set tally = jsonb_set(tally::jsonb, '{escaped}', to_jsonb((tally ->> 'escaped')::int ${sign} 1))
          where sweep_id = $1 and index in (3, 120)`,
        [id],
      )
    await damage('+')
    expect(await recheckEstimates(farm.database, id)).toEqual([
      'cell 3: the stored tally differs from the tally of its batches',
      'cell 120: the stored tally differs from the tally of its batches',
    ])
    await damage('-')
  })

test('what the tally of a cell, that of its batch, or both alike got wrong is found', async () => {
  const { id } = await farm.submit({ name: 'of one batch', trials: 8, sweep: { 'update.drift.sigma': [1, 1.5, 2, 3] } })
  await farm.ends(id)
  const { pool } = farm.database
  const cells = `select cell_id from farm.request where sweep_id = '${id}' and index in (1, 3)`
  for (const [tables, found] of [
    [['request'], ['the stored tally differs from the tally of its batches']],
    [
      ['batch'],
      [
        'the stored tally differs from the tally of its batches',
        'the stored estimates differ from the recomputed estimates',
      ],
    ],
    [['request', 'batch'], ['the stored estimates differ from the recomputed estimates']],
  ] as const) {
    const count = async (sign: string) => {
      for (const table of tables)
        await pool.query(
          `update farm.${table}
              set tally = replace(tally::text, format('"escaped":%s,', (tally ->> 'escaped')::int),
                                  format('"escaped":%s,', (tally ->> 'escaped')::int ${sign} 1))::json
            where cell_id in (${cells})`,
        )
    }
    await count('+')
    expect(await recheckEstimates(farm.database, id)).toEqual(
      [1, 3].flatMap((index) => found.map((what) => `cell ${index}: ${what}`)),
    )
    await count('-')
    expect(await recheckEstimates(farm.database, id)).toEqual([])
  }
  const turn = (from: string, to: string) =>
    pool.query(
      `update farm.batch set digest = 'mset128:' || translate(split_part(digest, ':', 2), $1, $2)
        where cell_id in (${cells})`,
      [from, to],
    )
  await turn('0123456789', '1234567890')
  expect(await recheckEstimates(farm.database, id)).toEqual([
    'cell 1: the stored digest differs from the digest of its batches',
    'cell 3: the stored digest differs from the digest of its batches',
  ])
  await turn('1234567890', '0123456789')
})

test('the view has what is to be said of a cell, and settings; of another demand it knows nothing yet', async () => {
  const id = await ended()
  const { cells } = (await farm.source.results(id)).data
  const { rows } = await farm.database.pool.query<{ checks: unknown; settings: Record<string, unknown> }>(
    'select checks, settings from cell where sweep = $1 order by index',
    [id],
  )
  expect(rows.map(({ checks }) => checks)).toEqual(
    cells.map(({ checks }) => checks.filter(({ verdict }) => verdict !== 'good')),
  )
  expect(rows.flatMap(({ checks }) => checks).length).toBeGreaterThan(0)
  expect(rows.map(({ settings }) => settings['update.drift.sigma'])).toEqual(
    cells.map(({ params }) => params['update.drift.sigma']),
  )
})

test('cells(name) has every estimate as results have it, limits and all', async () => {
  const id = await ended()
  const { cells } = (await farm.source.results(id)).data
  const { rows } = await farm.database.pool.query<Record<string, number | null>>('select * from cells($1)', [id])
  const { rows: viewed } = await farm.database.pool.query<Record<string, number | null>>(
    `select escape, escape_low, escape_high, escape_rate_high, escape_step_low from cell
      where sweep = $1 order by index`,
    [id],
  )
  const names = Object.keys(cells[0]!.estimates)
  expect(names.length).toBeGreaterThan(4)
  for (const [at, { estimates }] of cells.entries()) {
    for (const [name, { value, low, high }] of Object.entries(estimates)) {
      const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      expect([rows[at]![column], rows[at]![`${column}_low`], rows[at]![`${column}_high`]]).toEqual([value, low, high])
    }
    for (const [column, value] of Object.entries(viewed[at]!)) expect(value).toBe(rows[at]![column])
  }
})

test('rows as columns say what they say one by one, whatever is asked for', async () => {
  const spec = {
    trial: {
      steps: 60,
      escape: { far: 'x >= 0.4', near: 'x >= 0' },
      converge: { within: 0.4, of: 'right', hold: 3 },
      afterEscape: 'continue',
      marks: { 'a-mark': 'x >= -0.5', never: 'x >= 99' },
      classify: { up: 'x > 0' },
    },
    sweep: { 'update.drift.sigma': [0.5, 3] },
    trials: 50,
  }
  for (const record of ['all', 'events', { sample: 0.3 }, 'none']) {
    const { id } = await farm.submit({ name: 'columns', ...spec, record })
    await farm.ends(id)
    const { columns, records } = await farm.source.rows(id)
    const all = []
    for await (const each of records) all.push(each)
    const read: Record<string, unknown>[] = []
    for await (const group of rowsParquet(await farm.source.rows(id)).groups()) {
      expect(group.length).toBe(columns.length)
      for (let row = 0; row < group[0]!.length; row++)
        read.push(Object.fromEntries(columns.map((name, at) => [name, plain(name, group[at]![row])])))
    }
    expect(read).toEqual(all)
    if (record === 'all') {
      expect(all).toHaveLength(100)
      // Each of the values that is there, and that is not.
      for (const name of ['exit', 'settled', 'escaped_at', 'converged_at'])
        expect(new Set(all.map((row) => row[name] === null))).toEqual(new Set([true, false]))
    }
  }
})

const plain = (name: string, value: unknown): unknown => {
  if (name === 'marks') return JSON.parse(value as string)
  return typeof value === 'bigint' ? Number(value) : value
}
