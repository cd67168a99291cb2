import { setTimeout as delay } from 'node:timers/promises'
import { createLedger, type Lease, openDatabase, retrying } from '@driftfarm/database'
import { addTallies, layoutOf, runReference, type Tally, zeroTally } from '@driftfarm/kernel'
import { type Cell, KERNEL_VERSION } from '@driftfarm/spec'
import { createQueueFactory } from '../../../packages/queue/src/index.ts'
import { cachedData } from '../../../packages/worker/src/dataCache.ts'
import { type Delivery, type DeliveryContext, deliver } from '../../../packages/worker/src/deliver.ts'
import { Gate } from '../../../packages/worker/src/gate.ts'
import type { Computed, Pool } from '../../../packages/worker/src/pool.ts'
import { settings } from '../../../packages/worker/src/settings.ts'

// One process of `benchWorkers`: many workers that take real jobs from a real queue, lease and commit in a real ledger,
// send heartbeats - and wait where a worker computes. Prints what it did as a line of JSON a second.

const { databaseUrl, redisUrl, first, workers, threads, secondsPerTrial } = JSON.parse(process.argv[2] ?? '{}') as {
  databaseUrl: string
  redisUrl: string
  first: number
  workers: number
  threads: number
  secondsPerTrial: number
}

const done = { bundles: 0, batches: 0, trials: 0, busySeconds: 0, troubles: {} as Record<string, number> }
const firsts = new Map<string, Tally>()
const tallies = new Map<string, Tally>()

/** The tally of so many trials that all went as the first one of the cell; kept, since only waiting shall take time. */
function tallyOf(lease: Lease): Tally {
  const key = `${lease.cell} ${lease.count}`
  const tally = tallies.get(key) ?? summed(lease)
  tallies.set(key, tally)
  return tally
}

function summed({ canonical, cell: id, horizons, count }: Lease): Tally {
  const cell = JSON.parse(canonical) as Cell
  const one = firsts.get(id) ?? runReference(cell, 0, 1, { horizons }).tally
  firsts.set(id, one)
  let sum = zeroTally(layoutOf(cell), horizons)
  let power = one
  for (let left = count; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) sum = addTallies(sum, power)
    power = addTallies(power, power)
  }
  return sum
}

function answer(lease: Lease): Computed {
  const { first, count } = lease
  const tally = tallyOf(lease)
  const cpuSeconds = count * secondsPerTrial
  const part = { first, count, tally, digest: BigInt(first + 1), outcome: null, bits: [] }
  return { kind: 'parts', parts: [part], cpuSeconds, seconds: cpuSeconds, premises: null }
}

/** The threads of a worker, as far as they take time. */
function waitingPool(computing: Set<Lease>): Pool {
  let free = threads
  const line: (() => void)[] = []
  const compute = async (leases: readonly Lease[]): Promise<readonly Computed[]> => {
    if (free === 0) await new Promise<void>((resolve) => line.push(resolve))
    else free--
    for (const lease of leases) computing.add(lease)
    const began = performance.now()
    await delay(1_000 * secondsPerTrial * leases.reduce((sum, { count }) => sum + count, 0))
    done.busySeconds += (performance.now() - began) / 1_000
    for (const lease of leases) computing.delete(lease)
    const next = line.shift()
    if (next === undefined) free++
    else next()
    return leases.map(answer)
  }
  return { compute } as unknown as Pool
}

const closing: (() => Promise<void>)[] = []
async function begin(id: string): Promise<void> {
  const database = await openDatabase({ url: databaseUrl, max: 2 })
  const queue = createQueueFactory({ databaseUrl, redisUrl, kernelVersion: KERNEL_VERSION })
  const ledger = createLedger(database)
  const onTrouble = ({ message }: Error): void => {
    const kind = message.replace(/\d+(\.\d+)?/g, 'N')
    done.troubles[kind] = (done.troubles[kind] ?? 0) + 1
  }
  const abortWaiting = new AbortController().signal
  let draining = false
  const computing = new Set<Lease>()
  const around: DeliveryContext = {
    ledger,
    workerId: id,
    pool: waitingPool(computing),
    data: cachedData((hash) => ledger.data(hash)),
    gate: new Gate(),
    faultAt: () => undefined,
    commitMs: settings.commitMs,
    draining: () => draining,
    hasTimeFor: () => true,
    retryWhileUnreachable: (work) =>
      retrying(work, settings.patienceMs, { until: abortWaiting, onFull: () => undefined }),
    abortWaiting,
    onBatch: ({ ending, lease }) => {
      if (ending !== 'committed') return
      done.batches++
      done.trials += lease.count
    },
    onTrouble,
    deliveries: new Set<Delivery>(),
  }
  await ledger.register({
    id,
    kind: 'worker',
    host: 'simulated',
    pid: process.pid,
    threads,
    kernel: KERNEL_VERSION,
    queue: queue.place,
  })
  const consumer = queue.consumer(
    async (job) => {
      const ending = await deliver(job, around)
      done.bundles++
      return ending
    },
    { concurrency: threads + 1, onTrouble },
  )
  await consumer.run()
  const beat = setInterval(() => {
    const leases = [...computing, ...[...around.deliveries].flatMap(({ left }) => left)]
    void ledger
      .heartbeat(id, { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases })
      .catch(onTrouble)
  }, settings.heartbeatMs)
  closing.push(async () => {
    clearInterval(beat)
    draining = true
    await consumer.pause()
    await consumer.close({ timeoutMs: 60_000 })
    await queue.close()
    await database.close()
  })
}

for (let place = 0; place < workers; place++) await begin(`simulated-${first + place}`)
process.stdout.write('ready\n')
const told = setInterval(() => process.stdout.write(`${JSON.stringify(done)}\n`), 1_000)
process.stdin.on('data', async () => {
  clearInterval(told)
  await Promise.all(closing.map((close) => close().catch(() => undefined)))
  process.stdout.write(`${JSON.stringify(done)}\n`)
  process.exit(0)
})
