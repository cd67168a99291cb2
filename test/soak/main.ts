import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from '@driftfarm/testing/command'
import { freePort } from '@driftfarm/testing/port'
import { buildWith } from '../chaos/build.ts'
import { Farm } from '../chaos/farm.ts'
import { Lab, Server } from '../chaos/lab.ts'
import type { Soak } from '../chaos/page/document.ts'
import { madeNow } from '../chaos/page/made.ts'
import { writeSoak } from '../chaos/page/write.ts'
import { randomOf } from '../chaos/row.ts'
import { toRedis } from '../chaos/rows/queue.ts'
import { baseSweep, plannedTrials } from '../chaos/sweeps.ts'
import { grows, Watched } from './watch.ts'

// `npm run test:soak [-- --minutes 30 --seed S --write]` runs one sweep after another on a farm while faults happen.
// Heaps after a garbage collection, connections, keys in Redis and dead rows must not grow.
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    write: { type: 'boolean', default: false },
  },
})
const [minutes, seed] = [Number(values.minutes), Number(values.seed)]
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

/** Time from one fault to the next, in ms. */
const apart = { least: 20_000, most: 40_000 } as const
/** Growth of a heap in MB that counts as a leak. */
const mostGrown = 5

const random = randomOf(seed, 'soak')
execFileSync(process.execPath, [join(root, 'infra/setup.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] })
const instrumented = await buildWith('instrumented', [])
const lab = new Lab({ seed, scale: 1, say: console.log, builds: { instrumented } })
const server = await Server.start()
const farm = await Farm.open(lab, { server, redis: { aof: true } })
const flags = ['--expose-gc', '--import', fileURLToPath(new URL('heap.mjs', import.meta.url))]
const port = await freePort()
const batch = ['--batch', '1000']
const watched = [
  new Watched('leader', await farm.coordinator({ flags, more: [...batch, '--no-http'] })),
  new Watched('standby', await farm.coordinator({ flags, more: [...batch, '--no-http'] })),
  new Watched('page', await farm.coordinator({ flags, more: [...batch, '--listen', `127.0.0.1:${port}`] })),
  new Watched('worker 1', await farm.worker({ flags })),
  new Watched('worker 2', await farm.worker({ flags })),
]
const [leader, standby, page, first, second] = watched.map(({ member }) => member) as [
  Farm['members'][number],
  Farm['members'][number],
  Farm['members'][number],
  Farm['members'][number],
  Farm['members'][number],
]

/** Killed processes are restarted. The leading coordinator, the page and the first worker run all the time. */
const faults: Readonly<Record<string, () => Promise<unknown>>> = {
  'worker killed': () => second.restart(),
  'worker ended': async () => {
    second.signal('SIGTERM')
    await second.gone()
    await second.start()
  },
  'worker stopped for 12 s': async () => {
    first.signal('SIGSTOP')
    await delay(12_000)
    first.signal('SIGCONT')
  },
  'coordinator killed': () => standby.restart(),
  'leader stopped for 12 s': async () => {
    leader.signal('SIGSTOP')
    await delay(12_000)
    leader.signal('SIGCONT')
  },
  'queue flushed': () => toRedis(farm.redis!.url, 'FLUSHALL'),
  'Redis killed': async () => {
    await farm.redis!.kill()
    await delay(500)
    await farm.redis!.restart()
  },
  'PostgreSQL restarted': async () => {
    await server.postgres.crash()
    await delay(500)
    await server.postgres.start()
  },
}
const happened: Record<string, number> = {}
const series = { connections: [] as number[], redis: [] as number[], keys: [] as number[], dead: [] as number[] }
const broken: string[] = []
let over = false
let sweeps = 0
let trials = 0
/** Number of response chunks that the page received. */
let told = 0

const kinds = [24, 36, 48].map((batches, place) => baseSweep(seed + place, batches, { name: `soak-${place}` }))
for (const kind of kinds) await lab.reference(kind)

/** Runs sweeps one after another, each of which is audited and removed. */
async function work(): Promise<void> {
  while (!over) {
    const given = kinds[sweeps % kinds.length]!
    const id = await farm.submit(given)
    await farm.complete(id)
    await farm.audit(id, given)
    await farm.remove(id)
    sweeps++
    trials += plannedTrials(given)
  }
}

/** A user of the page: requests the list of sweeps repeatedly, and keeps each event stream open for a minute. */
async function look(): Promise<void> {
  const from = `http://127.0.0.1:${port}/api/v1`
  const asked = async (path: string, ms: number, headers = {}): Promise<void> => {
    try {
      const answer = await fetch(`${from}${path}`, { headers, signal: AbortSignal.timeout(ms) })
      for await (const _ of answer.body ?? []) told++
    } catch {} // a fault, or the end of the minute
  }
  const each = async (path: string, ms: number, headers = {}): Promise<void> => {
    for (; !over; await delay(1_000)) await asked(path, ms, headers)
  }
  await Promise.all([each('/sweeps', 5_000), each('/events', 60_000, { accept: 'text/event-stream' })])
}

async function harm(): Promise<void> {
  const names = Object.keys(faults)
  while (!over) {
    await delay(apart.least + random() * (apart.most - apart.least))
    if (over) return
    const name = names[Math.floor(random() * names.length)]!
    happened[name] = (happened[name] ?? 0) + 1
    await faults[name]!()
  }
}

async function measure(): Promise<void> {
  for (let minute = 1; minute <= minutes; minute++) {
    await delay(58_000)
    for (const each of watched) each.ask()
    await delay(2_000) // to collect and to answer
    const [row] = await farm.query<{ connections: number; dead: number }>(
      `select (select count(*)::int from pg_stat_activity
                where datname = current_database() and application_name not like 'chaos%') as connections,
              (select coalesce(sum(n_dead_tup), 0)::float8 from pg_stat_user_tables) as dead`,
    )
    series.connections.push(row!.connections)
    series.dead.push(row!.dead)
    const clients = await toRedis(farm.redis!.url, 'CLIENT', 'LIST').catch(() => '')
    series.redis.push(clients.split('\n').filter((line) => line.startsWith('id=') || line.includes(' addr=')).length)
    const keys = await toRedis(farm.redis!.url, 'DBSIZE').catch(() => ':0')
    series.keys.push(Number(keys.slice(1)))
    const heaps = watched.map((each) => `${each.name} ${each.lives.at(-1)?.heapMb.at(-1)?.toFixed(1) ?? '?'}`)
    console.log(
      `minute ${minute}: ${sweeps} sweeps, ${told} chunks received by the page; ` +
        `heaps in MB: ${heaps.join(', ')}; ${row!.connections} connections to PostgreSQL, ` +
        `${series.redis.at(-1)} to Redis, ${series.keys.at(-1)} keys, ${row!.dead} dead rows`,
    )
  }
  over = true
}

try {
  await Promise.all([work(), look(), harm(), measure()])
  await farm.settled()
  if (told < 60 * minutes) broken.push(`the page received only ${told} chunks in ${minutes} minutes`)
  for (const member of [leader, page, first])
    if (!member.isAlive || member.lives > 1) broken.push(`${member.name} has ended: ${member.tail}`)
} catch (error) {
  over = true
  broken.push(error instanceof Error ? error.message : String(error))
} finally {
  await farm.close()
  await server.close()
  await lab.close()
}
const lives = watched.flatMap((each) => each.lives)
for (const { process: name, life, grownMb } of lives)
  if (grownMb !== null && grownMb >= mostGrown) broken.push(`the heap of ${name}, life ${life}, grew by ${grownMb} MB`)
for (const [what, counts, slack] of [
  ['connections to PostgreSQL', series.connections, 4],
  ['connections to Redis', series.redis, 4],
  ['keys in Redis', series.keys, 40],
  ['dead rows', series.dead, 2_000],
] as const)
  if (grows(counts, slack)) broken.push(`${what} grow: ${counts.join(', ')}`)
const soak: Soak = {
  made: madeNow({ seed, scale: 1, minutes }),
  minutes,
  sweeps,
  trials,
  faults: happened,
  lives,
  connections: series.connections,
  redisConnections: series.redis,
  redisKeys: series.keys,
  deadRows: series.dead,
  broken,
}
if (values.write) writeSoak(soak)
console.log(broken.length === 0 ? `passed: ${minutes} minutes, seed ${seed}` : `FAILED: ${broken.join('; ')}`)
process.exit(broken.length === 0 ? 0 : 1)
