import { createHash } from 'node:crypto'
import { type ByteValues, dataBytes, dataTable, KERNEL_VERSION, tableOfValues, widened } from '@driftfarm/spec'
import { bundlesOf, onlyBatchOf, openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import { dispatchBundles, submitSweep } from '../index.ts'
import { createLedger } from '../lease/ledger.ts'
import { runReadOnly } from '../read/readOnly.ts'
import { removeSweep } from '../submit/control.ts'
import { overData } from './data.fixture.ts'
import { dataReader } from './data.ts'
import { acquireLeadership } from './leadership.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let database: Database
let readerUrl: string
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ database, readerUrl, drop } = await openFresh())
})
afterAll(() => drop())

/** Numbers that a text would round, -0 and the extremes among them; more than two parts of them. */
const numbers = Float64Array.from({ length: 3 * 100_000 }, (_, i) => Math.sin(i) * 10 ** ((i % 600) - 300))
numbers.set([-0, Number.MIN_VALUE, Number.MAX_VALUE, -Number.EPSILON])
const large = dataTable(100_000, 3, numbers)
const small = dataTable(2, 2, [1, 2, 3, 4])
const sha = (values: Float64Array) => createHash('sha256').update(dataBytes(values)).digest('hex')

const submit = (name: string, table: (index: number) => typeof large, change: Record<string, unknown> = {}) => {
  const text = specText({ name, ...change })
  return submitSweep(database, overData(sweepOf(text), table), text, { runner: null })
}
const count = async (table: string) => (await database.pool.query(`select from farm.${table}`)).rowCount
const ledger = () => createLedger(database)

test('a data set is stored with the first sweep that uses it, shared, and removed with the last', async () => {
  const one = await submit('one', (index) => (index === 0 ? large : small), {
    sweep: { 'update.eta': [0.1, 0.2, 0.3] },
  })
  expect([await count('data'), await count('data_part')]).toEqual([2, 4])
  const again = await ledger().data(large.hash)
  expect({ ...again, values: null }).toEqual({ ...large, values: null })
  expect((again.values as Float64Array).buffer).toBeInstanceOf(SharedArrayBuffer)
  expect(sha(widened(again))).toBe(sha(widened(large)))
  expect(
    await submit('one', (index) => (index === 0 ? large : small), { sweep: { 'update.eta': [0.1, 0.2, 0.3] } }),
  ).toEqual({
    ...one,
    created: false,
    computed: null,
    changed: false,
  })

  const two = await submit('two', () => large, { seed: 2 })
  expect([await count('data'), await count('data_part')]).toEqual([2, 4])
  await removeSweep(database, one.id)
  await expect(ledger().data(small.hash)).rejects.toMatchObject({ code: 'DATA_NOT_FOUND', exit: 5 })
  expect((await ledger().data(large.hash)).hash).toBe(large.hash)
  await removeSweep(database, two.id)
  expect([await count('data'), await count('data_part')]).toEqual([0, 0])
})

if (full)
  test('bytes are stored as bytes; numbers that are stored already stay as they are', async () => {
    const bytes = Uint8Array.from({ length: 3 * 100_000 }, (_, i) => (i * 31) >> 2)
    const table = tableOfValues(100_000, 3, { bytes, divide: 255, scaled: 2 })
    const one = await submit('bytes', () => table)
    const again = await ledger().data(table.hash)
    expect(again).toEqual(table)
    expect((again.values as ByteValues).bytes.buffer).toBeInstanceOf(SharedArrayBuffer)
    const sizes = await database.pool.query(
      `select (select sum(length(bytes))::int from farm.data_part) as stored,
            (select bytes::int from public.data) as shown`,
    )
    expect(sizes.rows).toEqual([{ stored: bytes.length, shown: bytes.length }])
    await database.pool.query('update farm.data set divide = 256')
    await expect(ledger().data(table.hash)).rejects.toMatchObject({ code: 'DATA_DAMAGED' })
    await database.pool.query('update farm.data set divide = 255')
    const doubles = dataTable(table.rows, table.columns, widened(table))
    const two = await submit('doubles', () => doubles, { seed: 2 })
    expect(await ledger().data(doubles.hash)).toEqual(table)
    for (const { id } of [one, two]) await removeSweep(database, id)
    expect(await count('data')).toBe(0)
  })

test('a cell names its test samples, and they stay as long as it does', async () => {
  const columns = { inputs: [[0], [1], [2], [3]], targets: [[0], [1], [0], [1]] }
  const network = { layers: [1, 1], data: { ...columns, test: { fraction: 0.5, seed: 1 } } }
  const text = specText({ name: 'tested', landscape: { network }, start: { init: 'xavier' }, trial: { steps: 5 } })
  const sweep = sweepOf(text)
  const { cell, tables } = sweep.cell(0)
  expect(tables).toHaveLength(2)
  const { id } = await submitSweep(database, sweep, text, { runner: null })
  expect(await count('data')).toBe(2)
  expect(await dataReader(database)(cell)).toEqual(tables)
  const { rows } = await database.pool.query('select data_hash, test_hash, start_hash from farm.cell')
  expect(rows).toEqual([{ data_hash: tables[0]!.hash, test_hash: tables[1]!.hash, start_hash: null }])
  await removeSweep(database, id)
  expect(await count('data')).toBe(0)
})

test('a cell of two sweeps keeps its data when one of them is removed', async () => {
  const both = { 'update.eta': [0.1, 0.2] }
  const wide = await submit('wide', () => small, { sweep: both })
  const narrow = await submit('narrow', () => small, { sweep: { 'update.eta': [0.1] } })
  expect(await removeSweep(database, wide.id)).toEqual({ cells: 1 })
  expect(await count('data')).toBe(1)
  expect(await removeSweep(database, narrow.id)).toEqual({ cells: 1 })
  expect(await count('data')).toBe(0)
})

test('a submission that fails leaves no data behind', async () => {
  const text = specText({ name: 'failed' })
  const sweep = overData(sweepOf(text), () => small)
  const broken = { ...sweep, demand: { ...sweep.demand, trials: 1e300 } }
  await expect(submitSweep(database, broken, text, { runner: null })).rejects.toThrow(/out of range/)
  expect(await count('data')).toBe(0)
})

test('a lease names the data, the reader sees them, readers of cells share them', async () => {
  const { id } = await submit('leased', () => small)
  const plain = specText({ name: 'plain' })
  await submitSweep(database, sweepOf(plain), plain, { runner: null })
  const { rows } = await database.pool.query<{ id: string; data_hash: string | null; canonical: string }>(
    'select id, data_hash, canonical from farm.cell',
  )
  const leader = await acquireLeadership(database, { holder: 'w', kind: 'up', kernel: KERNEL_VERSION })
  for (const cell of rows) {
    const sweep = cell.data_hash === null ? sweepOf(plain).id() : id
    await dispatchBundles(database, leader!, sweep, bundlesOf(sweep, cell.id, [10]))
    const { rows: bundles } = await database.pool.query<{ bundle: number }>(
      'select bundle from farm.pending where cell_id = $1',
      [cell.id],
    )
    const lease = onlyBatchOf(await ledger().lease(bundles[0]!, 'w'))
    expect(lease.tables).toEqual(cell.data_hash === null ? [] : [cell.data_hash])
  }
  const [withData] = rows.filter(({ data_hash }) => data_hash !== null)
  const [without] = rows.filter(({ data_hash }) => data_hash === null)
  const dataOf = dataReader(database)
  const [table] = await dataOf(JSON.parse(withData!.canonical))
  expect(table?.values).toEqual(small.values)
  expect(await dataOf(JSON.parse(withData!.canonical))).toEqual([table])
  expect(await dataOf(JSON.parse(without!.canonical))).toEqual([])

  const shown = await runReadOnly(
    readerUrl,
    'select c.sweep_name, d.rows, d.columns, d.bytes, d.cells from cell c left join data d on d.hash = c.data ' +
      'order by 1',
  )
  const lines = []
  for await (const row of shown.rows) lines.push(row)
  expect(lines).toEqual([
    ['leased', 2, 2, 32, 1],
    ['plain', null, null, null, null],
  ])
  await expect(runReadOnly(readerUrl, 'select * from farm.data_part')).rejects.toMatchObject({ code: 'QUERY' })
  await removeSweep(database, id)
})

test.each([
  ['a bit that flipped', `update farm.data_part set bytes = set_bit(bytes, 77, 1 - get_bit(bytes, 77)) where part = 1`],
  ['a part that is lost', 'delete from farm.data_part where part = 2'],
  ['a part that is cut short', 'update farm.data_part set bytes = substr(bytes, 1, 1000) where part = 0'],
  ['another shape', 'update farm.data set rows = columns, columns = rows'],
])('%s is noticed, and running the spec again after rm mends it', async (_, damage) => {
  const { id } = await submit('damaged', () => large)
  expect(sha(widened(await ledger().data(large.hash)))).toBe(sha(widened(large)))
  await database.pool.query(damage)
  await expect(ledger().data(large.hash)).rejects.toMatchObject({
    code: 'DATA_DAMAGED',
    message: expect.stringContaining(large.hash),
    hint: expect.stringContaining('driftfarm rm'),
  })
  await removeSweep(database, id)
  await submit('damaged', () => large)
  expect(sha(widened(await ledger().data(large.hash)))).toBe(sha(widened(large)))
  await removeSweep(database, id)
})
