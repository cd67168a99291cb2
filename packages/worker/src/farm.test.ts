import { EventEmitter, once } from 'node:events'
import {
  acquireLeadership,
  createLedger,
  type Database,
  dispatchBundles,
  openDatabase,
  submitSweep,
  unqueuedBundles,
} from '@driftfarm/database'
import { addDigests, formatDigest, parseDigest, runReference } from '@driftfarm/kernel'
import { createQueueFactory, type Job, type QueueFactory } from '@driftfarm/queue'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { freshDatabase } from '@driftfarm/testing/database'
import { bundlesOf } from '@driftfarm/testing/ledger'
import { modulesFolder } from '@driftfarm/testing/modules'
import { describeQueues, servedRedis } from '@driftfarm/testing/redis'
import { threadFile } from '@driftfarm/testing/thread'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cell, cellId, resolve, spec } from './cells.fixture.ts'
import { type BatchEvent, createWorker, type Worker } from './index.ts'

// The worker between the real ledger and the real queue, on either backend.
const redis = servedRedis()
const cacheFolder = modulesFolder() ?? undefined

const trials = 1_000
const reference = runReference(cell, 0, trials, { horizons: [] })

describeQueues('queued on', (queue) => {
  let database: Database
  let drop: () => Promise<void>
  const factories: QueueFactory[] = []
  const workers: Worker[] = []
  const events: BatchEvent[] = []
  const told = new EventEmitter()
  const trouble: Error[] = []

  const open = (): QueueFactory => {
    const redisUrl = queue === 'redis' ? redis.url : undefined
    const factory = createQueueFactory({ redisUrl, databaseUrl: database.url, kernelVersion: KERNEL_VERSION })
    factories.push(factory)
    return factory
  }
  const work = async (id: string, engine: 'wasm' | 'reference'): Promise<void> => {
    const worker = createWorker({
      ledger: createLedger(database),
      queue: open(),
      id,
      kind: 'worker',
      threads: 1,
      engine,
      cacheFolder,
      threadFile,
      limits: { heartbeatMs: 500 },
      onBatch: (event) => {
        events.push(event)
        told.emit('batch')
      },
      onTrouble: (error) => trouble.push(error),
    })
    workers.push(worker)
    await worker.start()
  }

  beforeAll(async () => {
    const fresh = await freshDatabase()
    drop = fresh.drop
    database = await openDatabase({ url: fresh.url, max: 6 })
    await open().migrate()
  })
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.stop()))
    await Promise.all(factories.map((factory) => factory.close()))
    await database?.close()
    await drop?.()
  })

  /** Ids of the bundles that have no job yet. */
  const unfedBundles = async (): Promise<Job[]> =>
    (await unqueuedBundles(database, KERNEL_VERSION, 100)).map(({ bundle }) => ({ bundle }))

  test('every trial is stored once, though each bundle comes three times to two workers of two engines', async () => {
    const text = spec('farm', trials)
    const sweep = await submitSweep(database, resolve(text), text, { runner: null })
    const epoch = await acquireLeadership(database, { holder: 'test', kind: 'run', kernel: KERNEL_VERSION })
    const counts = [1, 7, 92, 100, 100, 200, 250, 250]
    const singles = bundlesOf(sweep.id, cellId, counts)
    const pairs = [0, 2, 4, 6].map((place) => ({
      ...singles[place]!,
      batches: [...singles[place]!.batches, ...singles[place + 1]!.batches],
    }))
    expect(await dispatchBundles(database, epoch!, sweep.id, pairs)).toBe(counts.length)
    const jobs = await unfedBundles()
    await work('one', 'wasm')
    await work('two', 'reference')
    const producer = open().producer()
    // Late and repeated deliveries, out of order: each round under the eyes of both workers.
    for (let round = 0; round < 3; round++) {
      await producer.add(jobs.toReversed())
      while ((await producer.keys()).waiting.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    }
    while (events.filter(({ ending }) => ending === 'committed').length < counts.length) await once(told, 'batch')
    while ((await producer.keys()).active.length > 0) await new Promise((resolve) => setTimeout(resolve, 5))

    const ending = (name: BatchEvent['ending']) => events.filter((event) => event.ending === name).length
    expect(ending('committed')).toBe(counts.length)
    expect(ending('failed') + ending('gone') + ending('released')).toBe(0)
    expect(trouble).toEqual([])

    const { rows } = await database.pool.query<{ first: number; count: number; digest: string; state: string }>(
      'select first, count, digest, state from batch where cell = $1 order by first',
      [cellId],
    )
    expect(rows.map(({ count, state }) => ({ count, state }))).toEqual(
      counts.map((count) => ({ count, state: 'done' })),
    )
    const digest = rows.map((row) => parseDigest(row.digest) ?? 0n).reduce(addDigests)
    expect(formatDigest(digest)).toBe(formatDigest(reference.digest))
    expect((await database.pool.query('select from farm.bundle')).rows).toEqual([])
    const { rows: kept } = await database.pool.query<{ trials: number; escaped: number }>(
      'select count(*)::int as trials, count(escaped_at)::int as escaped from trial where cell = $1',
      [cellId],
    )
    expect(kept).toEqual([{ trials, escaped: reference.tally.escaped }])
  })

  test('a batch that a drain releases is ready for another under a new generation, its old job gone', async () => {
    const text = spec('drained', 3_000_000)
    const sweep = await submitSweep(database, resolve(text), text, { runner: null })
    await database.pool.query('update farm.leader set until = now()')
    const epoch = await acquireLeadership(database, { holder: 'test', kind: 'run', kernel: KERNEL_VERSION })
    expect(await dispatchBundles(database, epoch!, sweep.id, bundlesOf(sweep.id, cellId, [2_000_000], trials))).toBe(1)
    const jobs = await unfedBundles()
    const producer = open().producer()
    await workers[1]!.stop()
    await producer.add(jobs)
    const [worker] = workers
    await expect.poll(() => worker!.state, { interval: 5, timeout: 60_000 }).toContain('1 of 1')
    await worker!.drain({ timeoutMs: 50 })
    const { rows } = await database.pool.query(
      'select state, generation, failures, attempts from batch where cell = $1 and first = $2',
      [cellId, trials],
    )
    expect(rows).toEqual([{ state: 'ready', generation: 2, failures: 0, attempts: 1 }])
    // Of this job and of all those before it.
    expect(await producer.keys()).toEqual({ waiting: [], active: [] })
    // Whoever computed something is remembered; whoever did not leaves no trace.
    const { rows: left } = await database.pool.query(
      "select count(*)::int as n from farm.worker where state <> 'gone' or batches = 0",
    )
    expect(left).toEqual([{ n: 0 }])
  })
})
