import { compute, onlyBatchOf, openLed, specText } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createLedger } from '../index.ts'
import { type Database, openDatabase } from './database.ts'
import { prepared, run } from './prepared.ts'

let farm: Awaited<ReturnType<typeof openLed>>
/** Of one connection, so that every statement meets what the ones before have prepared. */
let database: Database
beforeAll(async () => {
  farm = await openLed(['a'])
  database = await openDatabase({ url: farm.database.url, max: 1 })
})
afterAll(async () => {
  await database.close()
  await farm.drop()
})

/** Another one of one connection, on which nothing is prepared yet. */
async function fresh(): Promise<Database> {
  const own = await openDatabase({ url: farm.database.url, max: 1 })
  onTestFinished(() => own.close())
  return own
}

const kept = async (of = database) =>
  (
    await of.pool.query<{ name: string; parameters: number }>(
      `select name, cardinality(parameter_types) as parameters from pg_prepared_statements
        where name like 'driftfarm%'`,
    )
  ).rows

/** The plans of what a worker has prepared, as they are kept. */
async function plans(): Promise<string> {
  const lines: string[] = []
  const all = await kept()
  await database.transaction(
    async (client) => {
      for (const { name, parameters } of all) {
        const values = parameters === 0 ? '' : `(${Array(parameters).fill('null').join(', ')})`
        const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain execute ${name}${values}`)
        lines.push(...rows.map((row) => row['QUERY PLAN']))
      }
    },
    { keepsPlans: true },
  )
  return lines.join('\n')
}

test('plans made when the tables are small find rows by keys', async () => {
  const one = prepared('select count(*)::int as n from farm.pending p where p.bundle = $1')
  const { bundles } = await farm.submitted(specText({ name: 'small', seed: 2, trials: 10 }), [10])
  await database.pool.query('vacuum analyze')
  // The control: a plan that is kept without care reads the whole table, for ever.
  await database.pool.query('set plan_cache_mode = force_generic_plan')
  await database.pool.query({ name: 'driftfarm_careless', text: one.text, values: [1] })
  expect(await plans()).toContain('Seq Scan on pending')
  await database.pool.query('deallocate driftfarm_careless')
  await database.pool.query('reset plan_cache_mode')

  const ledger = createLedger(database)
  const lease = onlyBatchOf(await ledger.lease({ bundle: bundles[0]! }, 'a'))
  const commit = () => ledger.commit('a', [{ lease, result: compute(lease) }])
  expect([await commit(), await commit()]).toEqual([[{ ending: 'committed' }], [{ ending: 'duplicate' }]])
  await database.transaction((client) => run(client, one, [1]), { keepsPlans: true })
  const found = await plans()
  for (const table of ['pending', 'bundle', 'batch', 'request']) expect(found).toContain(` on ${table} `)
  expect(found).not.toMatch(/Seq Scan on (pending|bundle|batch|cell|demand|premises)/)
})

test('a statement is prepared once per connection, and only in transactions that keep plans', async () => {
  const own = await fresh()
  const one = prepared('select $1::int as one')
  expect((await own.transaction((client) => run<{ one: number }>(client, one, [1]))).rows).toEqual([{ one: 1 }])
  expect(await kept(own)).toEqual([])
  for (const keepsPlans of [true, true]) await own.transaction((client) => run(client, one, [1]), { keepsPlans })
  expect((await kept(own)).filter(({ name }) => name === one.name)).toEqual([{ name: one.name, parameters: 1 }])
})

test('the settings of such a transaction end with it', async () => {
  const requested = `select current_setting('plan_cache_mode') as plans, current_setting('enable_seqscan') as reading`
  const within = await database.transaction(async (client) => (await client.query(requested)).rows, {
    keepsPlans: true,
  })
  expect(within).toEqual([{ plans: 'force_generic_plan', reading: 'off' }])
  expect((await database.pool.query(requested)).rows).toEqual([{ plans: 'auto', reading: 'on' }])
})

test('a connection that has lost its prepared statements continues without them', async () => {
  const given = specText({ name: 'forgotten', seed: 3, trials: 100 })
  const { bundles } = await farm.submitted(given, [50, 50])
  const own = await fresh()
  const ledger = createLedger(own)
  expect((await ledger.lease({ bundle: bundles[0]! }, 'a')).batches).toHaveLength(1)
  expect(await kept(own)).not.toEqual([])
  // As behind a pooler that does not keep statements: the driver believes them to be there.
  await own.pool.query('deallocate all')
  expect((await ledger.lease({ bundle: bundles[1]! }, 'a')).batches).toHaveLength(1)
  expect(await kept(own)).toEqual([])
})
