import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { RedisOptions } from '@driftfarm/testing/redis'
import { must } from '../check.ts'
import type { Farm } from '../farm.ts'
import { Member } from '../processes.ts'
import { quantile, type Row } from '../row.ts'
import { baseSweep } from '../sweeps.ts'
import { speakers } from '../witness.ts'

/** Sends one command to a Redis over a plain socket, because the tests must not depend on the driver under test. */
export async function toRedis(url: string, ...words: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  try {
    await once(socket, 'connect')
    socket.write(`*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`)
    const [answer] = await once(socket, 'data')
    return String(answer)
  } finally {
    socket.destroy()
  }
}

/** Returns the seconds from a loss until all work that was dispatched at that time is stored. */
async function untilStored(farm: Farm, atMs: number): Promise<number> {
  const out = await farm.query<{ cell: string; first: string }>(
    `select cell_id as cell, first::text as first from farm.pending where bundle is not null`,
  )
  await farm.until(
    'all dispatched work is stored',
    async () => {
      const [left] = await farm.query<{ n: number }>(
        `select count(*)::int as n from farm.pending p join unnest($1::text[], $2::bigint[]) u (cell, first)
           on p.cell_id = u.cell and p.first = u.first`,
        [out.map(({ cell }) => cell), out.map(({ first }) => first)],
      )
      return left!.n === 0
    },
    60,
  )
  return (Date.now() - atMs) / 1_000
}

interface Loss {
  readonly name: string
  readonly fault: string
  readonly redis: RedisOptions
  readonly away?: Row['away']
  lose(farm: Farm): Promise<void>
}

const losses: readonly Loss[] = [
  {
    name: 'redis-kill-aof',
    fault: 'Redis, which has an append-only file, is killed (SIGKILL) and started again after 0.5 s',
    redis: { aof: true },
    lose: killed,
  },
  {
    name: 'redis-kill-bare',
    fault: 'Redis, which has no persistence, is killed (SIGKILL) and started again after 0.5 s: all jobs are lost',
    redis: {},
    lose: killed,
  },
  {
    name: 'redis-flush',
    fault: 'all keys of Redis are deleted (FLUSHALL): all jobs are lost without notice',
    away: [],
    redis: {},
    lose: async (farm) => void (await toRedis(farm.redis!.url, 'FLUSHALL')),
  },
]

async function killed(farm: Farm): Promise<void> {
  await farm.redis!.kill()
  await delay(500)
  await farm.redis!.restart()
}

const lossRow = ({ name, fault, redis, lose, away = ['queue'] }: Loss): Row => ({
  name,
  fault,
  away,
  promise: 'the sweep does not become `complete` too early, and all dispatched work is stored within 20 s',
  async run(lab, { farm: open, random }) {
    const farm = await open({ redis })
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const times = lab.times(20)
    const seconds: number[] = []
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await farm.until('batches are out', async () => {
          const [row] = await farm.query<{ n: number }>('select count(*)::int as n from farm.bundle')
          return row!.n > 2
        })
        await delay(1_000 * random())
        const atMs = Date.now()
        await lose(farm)
        farm.mark(name)
        // Losses are separated, so that each recovery time belongs to one loss.
        seconds.push(await untilStored(farm, atMs))
      }
    })
    await farm.settled()
    const most = Math.max(...seconds)
    must(most <= 20, `all dispatched work was stored only after ${most.toFixed(1)} s`)
    const median = quantile(
      seconds.toSorted((a, b) => a - b),
      0.5,
    )
    return {
      times,
      notes: [`all dispatched work was stored after ${median.toFixed(1)} s (median), ${most.toFixed(1)} s (maximum)`],
    }
  },
})

/** Redis is away for longer than any time limit. */
const longLoss = (how: 'killed' | 'frozen'): Row => ({
  name: how === 'killed' ? 'redis-away' : 'redis-frozen',
  fault: how === 'killed' ? 'Redis is down for 45 s' : 'Redis is stopped (SIGSTOP) for 30 s',
  promise:
    'the farm reports that Redis does not answer, and proposes no command; the same coordinator keeps leading, and ' +
    'the sweep continues afterwards',
  away: ['queue'],
  says: { one: ['queue'], by: speakers, withinS: 12 },
  async run(lab, { farm: open }) {
    const farm = await open()
    const leader = await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const sweep = baseSweep(lab.seed + 1, 240)
    await lab.reference(sweep)
    const id = await farm.submit(sweep)
    await farm.until('some batches are done', async () => (await farm.stored()) > 10_000)
    const terms = async () => (await farm.query<{ epoch: number }>('select epoch::int as epoch from farm.leader'))[0]
    const before = await terms()
    if (how === 'killed') await farm.redis!.kill()
    else farm.redis!.freeze()
    farm.mark('Redis away')
    await delay(how === 'killed' ? 45_000 : 30_000)
    if (how === 'killed') await farm.redis!.restart()
    else farm.redis!.thaw()
    farm.mark('Redis back')
    const atMs = Date.now()
    const stored = await farm.stored()
    await farm.until('more is stored', async () => (await farm.stored()) > stored + 16_000, 60)
    const goesS = (Date.now() - atMs) / 1_000
    must((await terms())?.epoch === before?.epoch, 'leadership was given up although no other coordinator could lead')
    must(!/retries|ioredis|maxRetries/i.test(leader.words), `the log mentions a library: ${leader.words.slice(-400)}`)
    await farm.complete(id)
    await farm.audit(id, sweep)
    await farm.settled()
    return { times: 1, notes: [`work continued ${goesS.toFixed(1)} s after Redis was back`] }
  },
})

const outOfMemory: Row = {
  name: 'redis-memory',
  fault: 'the memory of Redis is full for 10 s at a time, so Redis refuses writes',
  promise: 'the coordinator backs off and keeps leading, and the sweep continues when there is space',
  away: ['memory'],
  says: { one: ['memory'], by: speakers, withinS: 12 },
  async run(lab, { farm: open }) {
    const farm = await open()
    const leader = await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const times = lab.times(3)
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await delay(1_500)
        await toRedis(farm.redis!.url, 'CONFIG', 'SET', 'maxmemory', '1')
        farm.mark('out of memory')
        await delay(10_000)
        await toRedis(farm.redis!.url, 'CONFIG', 'SET', 'maxmemory', '0')
        farm.mark('room again')
        await delay(3_000)
      }
    })
    must(leader.isAlive, `the leader has ended: ${leader.tail}`)
    await farm.settled()
    return { times }
  },
}

const eviction: Row = {
  name: 'redis-policy',
  fault: 'Redis is configured to evict keys (allkeys-lru)',
  promise: 'coordinator and worker refuse to start, and their message says which setting to change',
  away: [],
  async run(_, { farm: open }) {
    const farm = await open({ redis: { policy: 'allkeys-lru' } })
    for (const command of [['coordinator', '--no-http'], ['worker']]) {
      const member = new Member(command[0]!, {
        file: farm.lab.program('driftfarm'),
        arguments_: command,
        env: farm.env,
      })
      await member.start({ untilReady: false })
      const { code } = await member.gone()
      must(code !== 0 && code !== null, `${command[0]} started on a Redis that evicts`)
      must(/noeviction/.test(member.words), `${command[0]} does not say what to set: ${member.tail}`)
    }
    return { times: 2 }
  },
}

const deliveredThrice: Row = {
  name: 'delivered-thrice',
  fault: 'every job is delivered three times, each time to one of four workers, in random order',
  promise: 'every batch is stored once, and every duplicate commit is compared with the stored batch',
  away: [],
  async run(lab, { farm: open }) {
    const queues = [0, 1, 2]
    const farm = await open({ queues: [1, 2] })
    await farm.instrumentedCoordinator({ queues, bundle: 1 })
    const workers: Member[] = []
    for (let worker = 0; worker < 4; worker++) workers.push(await farm.instrumentedWorker({ queues }))
    // With short batches, many are committed at the same moment.
    const sweep = baseSweep(lab.seed + 1, Math.max(48, lab.times(480)), { steps: 6_000 })
    const id = await farm.submit(sweep)
    await farm.complete(id)
    await farm.settled()
    const audit = await farm.audit(id, sweep)
    const tales = workers.flatMap(({ tales }) => tales)
    const failed = tales.filter(({ ending }) => ending === 'failed')
    must(failed.length === 0, `${failed.length} batches failed: ${failed[0]?.failure}`)
    const committed = tales.filter(({ ending }) => ending === 'committed').length
    must(committed === audit.batches, `${committed} commits were reported as the first of ${audit.batches} batches`)
    const duplicates = tales.filter(({ ending }) => ending === 'duplicate').length
    must(duplicates > 0, 'no batch was computed twice, so this row tests nothing')
    return { times: 3 * audit.batches, duplicates }
  },
}

export const queueRows: readonly Row[] = [
  ...losses.map(lossRow),
  longLoss('killed'),
  longLoss('frozen'),
  outOfMemory,
  eviction,
  deliveredThrice,
]
