import { openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withClient } from '../connection/connect.ts'
import type { Database } from '../connection/database.ts'
import { runReadOnly } from '../read/readOnly.ts'
import { submitSweep } from '../submit/submit.ts'

let database: Database
let readerUrl: string
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, readerUrl, drop } = await openFresh())
})
afterAll(() => drop())

const submit = async (change: Record<string, unknown>): Promise<string> => {
  const text = specText(change)
  return (await submitSweep(database, sweepOf(text), text, { runner: null })).id
}
const asReader = async (sql: string) =>
  withClient(readerUrl, async (client) => {
    const { fields, rows } = await client.query<Record<string, unknown>>(sql)
    const { rows: types } = await client.query<{ type: string }>(
      'select format_type(u.oid, null) as type from unnest($1::oid[]) with ordinality u (oid, n) order by n',
      [fields.map(({ dataTypeID }) => dataTypeID)],
    )
    return { types: Object.fromEntries(fields.map(({ name }, i) => [name, types[i]!.type])), rows }
  })
async function typed(sql: string) {
  const { columns, rows } = await runReadOnly(readerUrl, sql)
  const read: (readonly unknown[])[] = []
  for await (const row of rows) read.push(row)
  return { columns, rows: read }
}
const base = ['index', 'id', 'state', 'trials', 'escaped', 'end_escaped', 'end_converged', 'end_diverged']
const whole = [...base, 'end_undecided', 'steps', 'cpu_seconds', 'digest']

const one = { name: 'one', sweep: { 'update.drift.sigma': [0.5, 1], 'update.rule': ['gradient', 'adam'] } }

describe('cells(name)', () => {
  it('has a typed column per parameter and estimate, with the values of the cells', async () => {
    const id = await submit({ ...one, estimates: ['escape', 'escapeRate'] })
    await database.pool.query(`update farm.request set numbers = $2 where sweep_id = $1 and index = 1`, [
      id,
      [0.25, 0.125, 0.5, null, null, null, null, null, null, 1, 0, Number.POSITIVE_INFINITY, null, null, null],
    ])
    const { types, rows } = await asReader(`SELECT * FROM cells('one')`)
    expect(Object.keys(types)).toEqual([
      ...whole,
      'update.drift.sigma',
      'update.rule',
      ...['escape', 'escape_low', 'escape_high', 'escape_rate', 'escape_rate_low', 'escape_rate_high'],
    ])
    expect(types).toMatchObject({
      index: 'integer',
      trials: 'bigint',
      'update.drift.sigma': 'double precision',
      'update.rule': 'text',
      escape_high: 'double precision',
    })
    expect(rows.map((row) => [row.index, row['update.drift.sigma'], row['update.rule'], row.escape])).toEqual([
      [0, 0.5, 'gradient', null],
      [1, 0.5, 'adam', 0.25],
      [2, 1, 'gradient', null],
      [3, 1, 'adam', null],
    ])
    expect(rows[1]).toMatchObject({ escape_low: 0.125, escape_rate_high: Number.POSITIVE_INFINITY })
  })

  it('has null in the columns of other sweeps; with a literal name, it has only its own columns', async () => {
    await submit({ name: 'two', seed: 2, sweep: { 'trial.steps': [10, 20] }, horizons: [5], estimates: ['escape'] })
    const { types, rows } = await asReader(`select * from cells('two')`)
    expect(types).toMatchObject({ 'update.rule': 'text', 'escape@5_low': 'double precision' })
    expect(rows[1]).toMatchObject({ 'trial.steps': 20, 'update.rule': null, escape_rate: null })
    const { columns, rows: own } = await typed(`select * from cells('two') where index = 1`)
    const estimates = ['escape', 'escape_low', 'escape_high', 'escape@5', 'escape@5_low', 'escape@5_high']
    expect(columns.map(({ name }) => name)).toEqual([...whole, 'trial.steps', ...estimates])
    expect(own[0]![whole.length]).toBe(20)
  })

  it('separates numbers and words of one path', async () => {
    const schedule = { exponential: { initial: 0.1, rate: 0.9 } }
    await submit({ name: 'numbers', seed: 3, sweep: { 'update.eta': [0.1, 0.2] } })
    await submit({ name: 'mixed', seed: 4, sweep: { 'update.eta': [0.1, schedule] } })
    const { types, rows } = await asReader(`select * from cells('mixed')`)
    expect(types).toMatchObject({ 'update.eta': 'double precision', 'update.eta_text': 'text' })
    expect(rows.map((row) => row['update.eta'])).toEqual([null, null])
    expect(rows.map((row) => JSON.parse(String(row['update.eta_text'])) as unknown)).toEqual([0.1, schedule])
    const { rows: numbers } = await asReader(`select "update.eta" as eta, "update.eta_text" as x from cells('numbers')`)
    expect(numbers).toEqual([
      { eta: 0.1, x: null },
      { eta: 0.2, x: null },
    ])
    const { columns } = await typed(`select "update.eta" from cells('mixed')`)
    expect(columns).toEqual([{ name: 'update.eta', type: 'text' }])
  })

  it('accepts names that look alike or are long', async () => {
    const long = `x${'y'.repeat(60)}`
    await submit({
      name: 'exits',
      seed: 5,
      trial: { steps: 10, escape: { a: 'x > 1', a_low: 'x > 0', [`${long}1`]: 'x > -1', [`${long}2`]: 'x > -2' } },
    })
    const { types } = await asReader(`select * from cells('exits')`)
    const exits = Object.keys(types).filter((name) => name.startsWith('exit:'))
    expect(exits.slice(0, 6)).toEqual([
      ...['exit:a', 'exit:a_low', 'exit:a_high'],
      ...['exit:a_low_2', 'exit:a_low_low', 'exit:a_low_high'],
    ])
    const cut = exits.slice(6, 12)
    expect(new Set(cut).size).toBe(6)
    for (const name of cut) expect(name).toMatch(/^exit:xy+~[0-9a-f]{6}(_low|_high)?$/)
    expect(Math.max(...cut.map((name) => name.length))).toBe(63)
  })

  it('means what commands mean by a name, an id or the beginning of one', async () => {
    const old = await submit({ name: 'again', seed: 6, sweep: { 'update.eta': [0.1] } })
    await submit({ name: 'again', seed: 7, sweep: { 'update.eta': [0.3] } })
    const eta = async (sweep: string) => (await asReader(`select "update.eta" as eta from cells('${sweep}')`)).rows
    expect(await eta('again')).toEqual([{ eta: 0.3 }])
    expect(await eta(old)).toEqual([{ eta: 0.1 }])
    expect(await eta(old.slice(0, 12))).toEqual([{ eta: 0.1 }])
    await expect(eta('agai')).rejects.toThrow(/agai may mean 2 sweeps/)
    await expect(eta('nothing')).rejects.toMatchObject({ message: 'no sweep nothing', code: 'P0002' })
    await expect(eta('')).rejects.toMatchObject({ code: 'P0002' })
    await expect(typed(`select 1, * from cells('nothing')`)).rejects.toMatchObject({
      code: 'QUERY',
      message: 'no sweep nothing',
    })
  })

  it('has the columns of another request when it is submitted, and the same ones if nothing changes', async () => {
    const declared = async () => {
      const { rows } = await database.pool.query<{ oid: number }>(`select 'cells(text)'::regprocedure::oid as oid`)
      return rows[0]!.oid
    }
    const before = await declared()
    await submit({ ...one, estimates: ['escape', 'escapeRate'] })
    await submit({ ...one, estimates: ['escape'], trials: 12 })
    expect(await declared()).toBe(before)
    expect((await typed(`select * from cells('one')`)).columns).toHaveLength(whole.length + 2 + 3)
    await submit({ ...one, estimates: ['escape'], horizons: [7] })
    expect(await declared()).not.toBe(before)
    expect((await typed(`select "escape@7_high" from cells('one') limit 1`)).rows).toEqual([[null]])
  })

  it('keeps the indices of stored numbers when other estimates are requested', async () => {
    const ask = async (estimates: readonly string[]) => {
      const id = await submit({ name: 'places', seed: 12, trial, estimates })
      const { rows } = await database.pool.query<{ columns: { key: string; field: string; at: number }[] }>(
        'select columns from farm.sweep where id = $1',
        [id],
      )
      return rows[0]!.columns.filter(({ field }) => field === 'value').map(({ key, at }) => [key, at])
    }
    const trial = { steps: 20, escape: { a: 'x > 1', b: 'x > 0' }, marks: { m: 'x > 0' } }
    expect(await ask(['exit:a', 'exit:b', 'escape'])).toEqual([
      ['exit:a', 16],
      ['exit:b', 19],
      ['escape', 1],
    ])
    expect(await ask(['exit:b', 'mark:m'])).toEqual([
      ['exit:b', 19],
      ['mark:m', 22],
    ])
    expect(await ask(['mark:m', 'stay', 'exit:b'])).toEqual([
      ['mark:m', 22],
      ['stay', 25],
      ['exit:b', 19],
    ])
  })

  it('in a statement it is a table like any other: alias, join, place of a mistake', async () => {
    const joined = await typed(`select cells.index, b."update.rule" from cells('one')
      join cells('one') as b on b.index = cells.index + 1 order by 1`)
    expect(joined.rows).toEqual([
      [0, 'adam'],
      [1, 'gradient'],
      [2, 'adam'],
    ])
    await expect(typed(`select * from cells('one') where wrong`)).rejects.toMatchObject({
      message: 'column "wrong" does not exist (at character 34)',
    })
    const { rows } = await typed(`explain select * from cells('one')`)
    expect(rows.length).toBeGreaterThan(0)
  })

  it('gives psql the text of the query, and other clients the named columns', async () => {
    const { rows } = await asReader(`select cells_query('one') as text`)
    const { types } = await asReader(String(rows[0]!.text))
    expect(types['update.drift.sigma']).toBe('double precision')
    const some = await asReader(
      `select * from cells('one', '{update.rule,index,nothing}') as c (rule text, index integer, nothing text) limit 1`,
    )
    expect(some.rows).toEqual([{ rule: 'gradient', index: 0, nothing: null }])
  })

  it('has the columns that a new submission adds', async () => {
    await submit({ name: 'two', seed: 2, sweep: { 'trial.steps': [10, 20] }, horizons: [5, 8], estimates: ['escape'] })
    expect((await typed(`select "trial.steps", "escape@5", "escape@8_high" from cells('two')`)).rows).toEqual([
      [10, null, null],
      [20, null, null],
    ])
  })

  it('does not block the submission of a sweep if a view uses the function', async () => {
    await database.pool.query(`create view mine as select * from cells('one')`)
    await submit({ name: 'later', seed: 9, sweep: { 'trial.divergence': [10, 20] } })
    expect((await typed(`select "trial.divergence" from cells('later')`)).rows).toEqual([[10], [20]])
    await database.pool.query('drop view mine; select farm.define_cells()')
    expect((await asReader(`select * from cells('later')`)).types).toHaveProperty('trial.divergence')
  })

  it('stays below the 1,600 columns of PostgreSQL', async () => {
    await database.pool.query(`
      insert into farm.cells_column (name, type) select 'p.' || i, 'text' from generate_series(1, 2000) i;
      select farm.define_cells()`)
    const { types } = await asReader(`select * from cells('one')`)
    expect(Object.keys(types)).toHaveLength(1512)
    expect(Object.keys(types).slice(0, whole.length)).toEqual(whole)
    expect(types).toHaveProperty('p.2000')
  })
})

it('settings has every value of the spec under its path, swept or not', async () => {
  await submit({ name: 'settings', seed: 11, sweep: { 'update.eta': [0.25] } })
  const { rows } = await asReader(`select settings from cell where sweep_name = 'settings'`)
  expect(rows[0]!.settings).toMatchObject({
    seed: '11',
    'update.rule': 'gradient',
    'update.eta': 0.25,
    'update.drift.law': 'gaussian',
    'trial.divergence': 1e6,
    method: 'direct',
  })
})
