import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { type Pgbouncer, startPgbouncer } from '@driftfarm/testing/pgbouncer'
import { needs } from '@driftfarm/testing/program'
import { servedRedis } from '@driftfarm/testing/redis'
import { threadFile } from '@driftfarm/testing/thread'
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import { databaseSource } from '../../packages/answers/src/index.ts'
import { createCoordinator } from '../../packages/coordinator/src/index.ts'
import { createLedger, invariants, migrate, openDatabase, submitSweep } from '../../packages/database/src/index.ts'
import { createQueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION, parseSweep } from '../../packages/spec/src/index.ts'
import { createWorker } from '../../packages/worker/src/index.ts'

// Workers with as few connections as they may have: behind a real PgBouncer in transaction mode with the queue on
// Redis, and directly with the queue on PostgreSQL.
const redis = servedRedis()
let fresh: FreshDatabase
let bouncer: Pgbouncer | undefined
/** Fewer than the workers have: so they take turns at server connections, transaction by transaction. */
const serverConnections = 3

beforeAll(async () => {
  fresh = await freshDatabase()
})
afterAll(async () => {
  await bouncer?.close()
  await fresh.drop()
})

const text = JSON.stringify({
  version: 1,
  name: 'pooled',
  seed: 7,
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: { steps: 100, escape: 'x >= 0' },
  sweep: { 'update.drift.sigma': [0.8, 1.2] },
  trials: 600,
})

interface Way {
  /** The address for the workers; the coordinator goes directly. */
  readonly through?: (url: string) => string
  readonly redisUrl?: string
  /** Of the ledger of a worker, and of its queue. */
  readonly ledger: number
  readonly queue: number
}

/** Runs a sweep with three workers; returns its document and how many connections each worker had at most. */
async function ran({ through = (url) => url, redisUrl, ledger: max, queue: connections }: Way) {
  const fresh = await freshDatabase()
  onTestFinished(() => fresh.drop())
  const workersUrl = through(fresh.url)
  const sweep = parseSweep(text, { fileName: 'spec.json' })
  const open = async (url: string, change: { max: number; connections?: number; name: string }) => {
    const { name, max, connections } = change
    const database = await openDatabase({ url, max, name })
    const queue = createQueueFactory({ databaseUrl: url, redisUrl, kernelVersion: KERNEL_VERSION, connections })
    onTestFinished(async () => {
      await queue.close()
      await database.close()
    })
    return { database, queue, ledger: createLedger(database) }
  }
  const troubles: string[] = []
  onTestFailed(() => console.error(troubles.slice(0, 20)))
  const onTrouble = (error: Error): void => void troubles.push(error.message)
  const leader = await open(fresh.url, { max: 4, name: 'leader' })
  await leader.queue.migrate()
  const coordinator = createCoordinator({
    ...leader,
    holder: 'c',
    kind: 'coordinator',
    batch: 50,
    bundle: 2,
    onTrouble,
  })
  await coordinator.start()
  onTestFinished(() => coordinator.stop())
  const pooled: boolean[] = []
  for (const id of ['a', 'b', 'c']) {
    const own = await open(workersUrl, { max, connections, name: `worker-${id}` })
    pooled.push(own.database.isPooled)
    await own.queue.check()
    const worker = createWorker({ ...own, id: id, kind: 'worker', threads: 2, threadFile, onTrouble })
    await worker.start()
    onTestFinished(() => worker.stop())
  }
  let most = 0
  const { id } = await submitSweep(leader.database, sweep, text, { runner: null })
  const source = databaseSource(leader.database)
  await expect
    .poll(
      async () => {
        const { rows } = await leader.database.pool.query<{ count: number }>(
          `select count(*)::int as count from pg_stat_activity
            where datname = current_database() and (application_name like 'worker-a%' or application_name like
                  'driftfarm-queue%' or application_name like 'driftfarm-bundles%' or application_name like 'bull:%')`,
        )
        most = Math.max(most, rows[0]!.count)
        return (await source.status({ sweep: id })).state
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe('complete')
  expect(await invariants(leader.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  return { digests: (await source.results(id)).data.cells.map(({ digest }) => digest), most, pooled, troubles }
}

test('each worker has three sessions of PostgreSQL, the queue included', async () => {
  const { most, pooled, troubles } = await ran({ ledger: 1, queue: 2 })
  expect(pooled).toEqual([false, false, false])
  expect(troubles).toEqual([])
  // Worker a's ledger, and the queues of three workers and of the coordinator.
  expect(most).toBeLessThanOrEqual(1 + 3 * 2 + 4)
})

describe('behind a PgBouncer in transaction mode', needs('redis-server', 'pgbouncer'), () => {
  test('three workers share three server connections, and the digests are those of direct ones', async () => {
    bouncer = await startPgbouncer(fresh.url, { settings: { default_pool_size: serverConnections } })
    const { url: redisUrl } = redis
    const through = { through: bouncer.through, redisUrl, ledger: 2, queue: 2 }
    const { digests, pooled, troubles } = await ran(through)
    expect(pooled).toEqual([true, true, true])
    expect(troubles).toEqual([])
    const direct = await ran({ redisUrl: `${redisUrl}/1`, ledger: 2, queue: 2 })
    expect(digests).toEqual(direct.digests)
  })

  test('one that keeps no prepared statements serves as well', async () => {
    const settings = { default_pool_size: serverConnections, max_prepared_statements: 0 }
    const forgetful = await startPgbouncer(fresh.url, { settings })
    onTestFinished(() => forgetful.close())
    const redisUrl = `${redis.url}/2`
    const { troubles } = await ran({ through: forgetful.through, redisUrl, ledger: 2, queue: 2 })
    expect(troubles).toEqual([])
  })

  test('the time limits of the server hold in each transaction, and end with it', async () => {
    const pooled = await openDatabase({ url: bouncer!.through(fresh.url), max: 2 })
    onTestFinished(() => pooled.close())
    const limit = `select current_setting('statement_timeout') as statement,
      current_setting('idle_in_transaction_session_timeout') as idle`
    const within = await pooled.transaction(async (client) => (await client.query(limit)).rows)
    expect(within).toEqual([{ statement: '2min', idle: '10s' }])
    expect((await pooled.pool.query(limit)).rows).toEqual([{ statement: '0', idle: '0' }])
  })

  test('what needs a session is refused, with what to do', async () => {
    const url = bouncer!.through(fresh.url)
    const queue = createQueueFactory({ databaseUrl: url, kernelVersion: KERNEL_VERSION })
    onTestFinished(() => queue.close())
    await expect(queue.check()).rejects.toMatchObject({ code: 'QUEUE_POOLED', exit: 2 })
    await expect(migrate(url)).rejects.toMatchObject({ code: 'POOLED', exit: 2 })
  })
})
