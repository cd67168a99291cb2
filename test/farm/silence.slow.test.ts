import { freshDatabase } from '@driftfarm/testing/database'
import { needs } from '@driftfarm/testing/program'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { servedRedis } from '@driftfarm/testing/redis'
import { threadFile } from '@driftfarm/testing/thread'
import { type Watch, watchDatabase } from '@driftfarm/testing/watch'
import { afterAll, beforeAll, expect, onTestFailed, onTestFinished, test } from 'vitest'
import { databaseSource } from '../../packages/answers/src/index.ts'
import { type Coordinator, createCoordinator } from '../../packages/coordinator/src/index.ts'
import {
  createLedger,
  type Database,
  invariants,
  openDatabase,
  submitSweep,
} from '../../packages/database/src/index.ts'
import { formatDigest, runReference } from '../../packages/kernel/src/index.ts'
import { createQueueFactory, type QueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION, parseSweep, type Sweep } from '../../packages/spec/src/index.ts'
import { createWorker } from '../../packages/worker/src/index.ts'

// A whole farm whose established connections lose every byte in the middle of a sweep, and nobody closes them: leader,
// standby and two workers, real servers, limits a tenth of the real ones.
const redis = servedRedis()

const silence = { askAfterMs: 400, graceMs: 100 }
const queueLimits = {
  silenceMs: 400,
  checkIdleMs: 400,
  operationTimeoutMs: 2_000,
  drainDelayS: 0.5,
  lockDurationMs: 2_000,
  stalledIntervalMs: 500,
}
/** Of a cell, of which there are two: 120 batches. */
const trials = 3_000
const batch = 50
/** Of more batches than are under way at a time. */
const more = 40 * batch

const text = (name: string): string =>
  JSON.stringify({
    version: 1,
    name,
    seed: 11,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 100, escape: 'x >= 0' },
    sweep: { 'update.drift.sigma': [0.8, 1.2] },
    trials,
  })

const sweepOf = (name: string): Sweep => parseSweep(text(name), { fileName: 'spec.json' })

/** Who works behind the proxy, to which server. */
interface Where {
  readonly who: 'workers' | 'leader'
  readonly to: 'postgres' | 'redis'
}

class Links {
  readonly closing: (() => Promise<unknown>)[] = []
  readonly troubles: string[] = []

  constructor(
    readonly databaseUrl: string,
    readonly redisUrl: string | undefined,
    readonly proxy: Proxy | null,
    readonly where: Where | null,
  ) {}

  async join(who: Where['who'], id: string): Promise<Coordinator | null> {
    const behind = this.where?.who === who && this.proxy !== null ? this.where.to : null
    const database = await openDatabase({
      url: behind === 'postgres' ? this.proxy!.through(this.databaseUrl) : this.databaseUrl,
      max: 6,
      silence,
    })
    const redisUrl = behind === 'redis' ? this.proxy!.through(this.redisUrl!) : this.redisUrl
    const queue: QueueFactory = createQueueFactory({
      databaseUrl: behind === 'postgres' ? this.proxy!.through(this.databaseUrl) : this.databaseUrl,
      redisUrl,
      kernelVersion: KERNEL_VERSION,
      limits: queueLimits,
    })
    const ledger = createLedger(database)
    const onTrouble = (error: Error): void => void this.troubles.push(`${id}: ${error.message}`)
    const close = async (): Promise<void> => {
      await queue.close()
      await database.close()
    }
    if (who === 'workers') {
      const worker = createWorker({ ledger, queue, id, kind: 'worker', threads: 1, threadFile, onTrouble })
      await worker.start()
      this.closing.push(() => worker.stop().then(close))
      return null
    }
    const coordinator = createCoordinator({
      database,
      ledger,
      queue,
      holder: id,
      kind: 'coordinator',
      batch,
      bundle: 1,
      limits: { reconcileMs: 1_000, lostAfterMs: 300, renewMs: 300, cutOffMs: 2_000, yieldMs: 2_000 },
      onTrouble,
    })
    await coordinator.start()
    this.closing.push(() => coordinator.stop().then(close))
    return coordinator
  }
}

let fresh: Awaited<ReturnType<typeof freshDatabase>>
let database: Database
let watch: Watch
beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url, max: 4 })
  watch = await watchDatabase(fresh.url)
})
afterAll(async () => {
  await watch.close()
  await database.close()
  await fresh.drop()
})

/** Trials whose batches are committed. */
const done = '(select coalesce(sum(count), 0) from farm.batch)'
const complete = "exists (select from farm.sweep where state = 'complete')"

async function farm(name: string, queueOn: Where['to'], where: Where | null) {
  const redisUrl = queueOn === 'redis' ? redis.url : undefined
  // Nothing is left of the sweep before: its cells are the same.
  await database.pool.query(
    'truncate farm.sweep, farm.cell, farm.request, farm.batch, farm.pending, farm.bundle, ' +
      'farm.pending_update, farm.outcome, farm.event_bits, farm.premises, farm.worker, farm.failure cascade',
  )
  const target = where?.to === 'redis' ? redisUrl! : fresh.url
  const proxy = await startProxy(target)
  const links = new Links(fresh.url, redisUrl, proxy, where)
  onTestFailed(() => void process.stderr.write(`${links.troubles.slice(-5).join('\n')}\n`))
  onTestFinished(async () => {
    await Promise.all(links.closing.map((close) => close()))
    await proxy.close()
  })
  const queue = createQueueFactory({ databaseUrl: fresh.url, redisUrl, kernelVersion: KERNEL_VERSION })
  await queue.migrate()
  await queue.close()
  const leader = await links.join('leader', 'leader')
  await Promise.all([links.join('workers', 'one'), links.join('workers', 'two')])
  const { id } = await submitSweep(database, sweepOf(name), text(name), { runner: null })
  return { links, proxy, id, leader: leader! }
}

async function exact(id: string): Promise<string[]> {
  expect(await invariants(database, id)).toEqual({ I1: [], I2: [], I4: [] })
  const { cells } = (await databaseSource(database).results(id)).data
  expect(cells.map((cell) => cell.trials)).toEqual([trials, trials])
  return cells.map(({ digest }) => digest)
}

/** By the kernel alone. */
const undisturbed = [0, 1].map((index) => {
  const { digest } = runReference(sweepOf('undisturbed').cell(index).cell, 0, trials, { horizons: [] })
  return formatDigest(digest)
})

/** Whether new connections are refused at first. */
type Case = [name: string, queue: Where['to'], where: Where, refused: boolean]
const cases: Case[] = [
  ['workers to PostgreSQL, queue there', 'postgres', { who: 'workers', to: 'postgres' }, false],
  ['workers to PostgreSQL, queue there, then refused', 'postgres', { who: 'workers', to: 'postgres' }, true],
  ['leader to PostgreSQL, queue there', 'postgres', { who: 'leader', to: 'postgres' }, false],
  ['workers to PostgreSQL, queue on Redis', 'redis', { who: 'workers', to: 'postgres' }, false],
  ['leader to PostgreSQL, queue on Redis', 'redis', { who: 'leader', to: 'postgres' }, true],
  ['workers to Redis', 'redis', { who: 'workers', to: 'redis' }, false],
  ['leader to Redis', 'redis', { who: 'leader', to: 'redis' }, false],
  ['leader to Redis, then refused', 'redis', { who: 'leader', to: 'redis' }, true],
]

for (const [name, queue, where, refused] of cases)
  test(
    `connections fall silent, ${name}: the sweep goes on and ends exactly`,
    queue === 'redis' ? needs('redis-server') : {},
    async () => {
      const { proxy, id } = await farm('silence', queue, where)
      await watch.until(`${done} >= ${0.3 * trials}`)
      expect(proxy.silence()).toBeGreaterThan(0)
      if (refused) {
        proxy.admit('none')
        const made = proxy.made
        await proxy.untilMade(made + 6)
        proxy.admit('all')
      }
      const [before] = await watch.rows<{ done: number }>(`select ${done}::int as done`)
      expect(before!.done).toBeLessThan(2 * trials - more)
      // More than was under way when the connections fell silent: it was fed, computed and committed since.
      await watch.until(`${done} >= ${before!.done + more}`)
      await watch.until(complete)
      expect(await exact(id)).toEqual(undisturbed)
      expect((await database.pool.query(`select kind from farm.failure where kind <> 'vanished'`)).rows).toEqual([])
    },
  )

test('a leader that cannot reach the queue makes room for one that can', needs('redis-server'), async () => {
  const { links, proxy, id, leader } = await farm('cut off', 'redis', { who: 'leader', to: 'redis' })
  await watch.until(`${done} >= ${0.3 * trials}`)
  expect(leader.leading).toBe(true)
  proxy.silence()
  proxy.admit('silent')
  const standby = new Links(fresh.url, redis.url, null, null)
  links.closing.push(async () => Promise.all(standby.closing.map((close) => close())))
  const other = await standby.join('leader', 'standby')
  await watch.until(complete)
  expect(other?.counters.terms).toBeGreaterThan(0)
  expect(await exact(id)).toEqual(undisturbed)
})
