import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@driftfarm/testing/port'
import { WatchedClient } from '../../../packages/database/src/connection/client.ts'
import { Broken, must } from '../check.ts'
import type { Farm } from '../farm.ts'
import { Server } from '../lab.ts'
import type { Row } from '../row.ts'
import { baseSweep, smallSweep } from '../sweeps.ts'
import { speakers } from '../witness.ts'
import { toRedis } from './queue.ts'

/** A connection of the test itself, without a silence timeout. */
async function connected(url: string): Promise<WatchedClient> {
  const client = new WatchedClient({ connectionString: url, silence: { answerMs: Number.POSITIVE_INFINITY } })
  await client.connect()
  return client
}

/** Small sweeps whose submission was acknowledged while faults happened. Each must complete. */
class Acknowledged {
  readonly ids: string[] = []

  constructor(
    private readonly farm: Farm,
    private readonly seed: number,
  ) {}

  async one(): Promise<void> {
    const number = this.ids.length
    const given = smallSweep(this.seed + 1_000 + number, 20, `acknowledged-${number}`)
    this.ids.push(await this.farm.submit(given))
  }

  async allComplete(): Promise<void> {
    for (const id of this.ids) await this.farm.complete(id)
    const [row] = await this.farm.query<{ n: number }>(
      `select count(*)::int as n from farm.sweep where id = any($1) and state = 'complete' and trials = 40`,
      [this.ids],
    )
    must(row!.n === this.ids.length, `${row!.n} of ${this.ids.length} acknowledged sweeps are complete`)
  }
}

const restarted: Row = {
  name: 'postgres-restart',
  fault: 'PostgreSQL, which holds both queue and ledger, is shut down in immediate mode and started again',
  promise: 'every acknowledged sweep is stored and completes, and no process of the farm ends',
  away: ['database'],
  async run(lab, { farm: open, random }) {
    const server = await Server.start()
    const farm = await open({ server, redis: null })
    farm.closing.push(() => server.close())
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const acknowledged = new Acknowledged(farm, lab.seed)
    const times = lab.times(20)
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await delay(1_500 + 1_500 * random())
        const asked = acknowledged.one()
        await delay(5 * random())
        await server.postgres.crash()
        farm.mark('PostgreSQL restarted')
        await delay(300)
        await server.postgres.start()
        await asked
      }
    })
    await acknowledged.allComplete()
    for (const member of farm.members) must(member.isAlive, `${member.name} has ended: ${member.tail}`)
    await farm.settled()
    return { times, notes: [`all ${acknowledged.ids.length} sweeps submitted at the start of a fault are complete`] }
  },
}

const tables = [
  'batch',
  'pending',
  'bundle',
  'request',
  'leader',
  'worker',
  'pending_update',
  'outcome',
  'sweep',
  'cell',
]

const blocked: Row = {
  name: 'postgres-lock',
  fault: 'one table after another is locked in access exclusive mode, each for 3 s, but the last one for 12 s',
  promise: 'the farm waits and then continues',
  away: ['database'],
  async run(lab, { farm: open }) {
    const farm = await open()
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const times = lab.times(20)
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await delay(500)
        const client = await connected(farm.url)
        const table = tables[time % tables.length]!
        await client.query(`begin; lock table farm.${table} in access exclusive mode`)
        farm.mark(`farm.${table} locked`)
        await delay(time === times - 1 ? 12_000 : 3_000)
        await client.query('commit')
        await client.end()
      }
    })
    await farm.settled()
    return { times }
  },
}

const blockedForLong: Row = {
  name: 'postgres-lock-long',
  fault: 'the table of batches is locked for 130 s, longer than the statement timeout of 120 s',
  promise: 'workers keep finished batches and store them afterwards, and no batch counts as failed',
  away: ['database'],
  async run(lab, { farm: open }) {
    const farm = await open()
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const sweep = baseSweep(lab.seed + 1, 60)
    const id = await farm.submit(sweep)
    await farm.until('the first batches are stored', async () => (await farm.stored()) > 0)
    const client = await connected(farm.url)
    await client.query('begin; lock table farm.batch in access exclusive mode')
    farm.mark('farm.batch locked')
    await delay(130_000)
    await client.query('commit')
    await client.end()
    farm.mark('and unlocked')
    await farm.complete(id)
    await farm.audit(id, sweep)
    await farm.settled()
    return { times: 1 }
  },
}

const exhausted: Row = {
  name: 'postgres-connections',
  fault: 'all connections of the farm are terminated, and other clients take all connections of the server for 3 s',
  promise: 'every acknowledged sweep is stored and completes, and no process of the farm ends',
  away: ['database'],
  async run(lab, { farm: open }) {
    const server = await Server.start({ settings: { max_connections: '60' } })
    const farm = await open({ server })
    farm.closing.push(() => server.close())
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const acknowledged = new Acknowledged(farm, lab.seed)
    const times = lab.times(20)
    await farm.during(baseSweep(lab.seed + 1, 60), async () => {
      for (let time = 0; time < times; time++) {
        await delay(1_000)
        const asked = acknowledged.one()
        const held = await takeAll(farm)
        farm.mark('connections taken')
        await delay(3_000)
        await Promise.all(held.map((client) => client.end().catch(() => undefined)))
        await asked
      }
    })
    await acknowledged.allComplete()
    for (const member of farm.members) must(member.isAlive, `${member.name} has ended: ${member.tail}`)
    await farm.settled()
    return { times, notes: [`all ${acknowledged.ids.length} sweeps submitted at the start of a fault are complete`] }
  },
}

/** Takes all free connections, terminates the connections of the farm, and takes these too. */
async function takeAll(farm: Farm): Promise<WatchedClient[]> {
  const held: WatchedClient[] = []
  const take = async (): Promise<void> => {
    for (;;) {
      const client = await connected(farm.url).catch(() => null)
      if (client === null) return
      held.push(client)
    }
  }
  await take()
  await held[0]?.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name like 'driftfarm%' and pid <> pg_backend_pid() and datname = current_database()
        and query_start < now() - interval '10 ms'`,
  )
  await take()
  return held
}

/** Signals every process of a server, including its sessions, which would otherwise still answer. */
function signalAll(server: Server, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const of = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false
    try {
      return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')[1]) === server.postgres.pid
    } catch {
      return false
    }
  })
  for (const pid of [server.postgres.pid, ...of.map(Number)]) process.kill(pid, signal)
}

const frozen: Row = {
  name: 'postgres-frozen',
  fault: 'all processes of PostgreSQL are stopped (SIGSTOP) for 45 s',
  promise: 'the farm reports that the database does not answer, and continues afterwards',
  away: ['database'],
  says: { one: ['database'], by: speakers.filter((each) => each !== 'farm'), withinS: 8 },
  async run(lab, { farm: open }) {
    const server = await Server.start()
    const farm = await open({ server })
    farm.closing.push(() => server.close())
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const sweep = baseSweep(lab.seed + 1, 240)
    await lab.reference(sweep)
    const id = await farm.submit(sweep)
    await farm.until('some batches are done', async () => (await farm.stored()) > 10_000)
    signalAll(server, 'SIGSTOP')
    farm.mark('PostgreSQL stopped')
    await delay(45_000)
    signalAll(server, 'SIGCONT')
    farm.mark('and continued')
    await farm.complete(id)
    await farm.audit(id, sweep)
    await farm.settled()
    return { times: 1 }
  },
}

const library = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

/** Returns an environment whose processes have a clock that the test can set. */
async function settableClock() {
  if (!existsSync(library)) throw new Error(`${library} is missing; on Debian: sudo apt-get install faketime`)
  // The library reads its offset from a file at each call.
  const file = `/tmp/driftfarm-chaos-clock-${process.pid}-${await freePort()}`
  // Replaces the file atomically: if the library finds an empty file, it ends the process that asked for the time.
  const set = (offset: string): void => {
    writeFileSync(`${file}.new`, `${offset}\n`, { mode: 0o644 })
    renameSync(`${file}.new`, file)
  }
  set('+0')
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_RESET: '1',
  }
  return { env, set, remove: async () => rmSync(file, { force: true }) }
}

const processClock = (who: 'worker' | 'coordinator'): Row => ({
  name: `clock-${who}`,
  fault: `the clock of a ${who} is moved by an hour six times, alternately forwards and back`,
  promise: 'work continues, no process counts as dead, and the same coordinator keeps leading',
  away: [],
  async run(lab, { farm: open }) {
    const { env, set, remove } = await settableClock()
    const farm = await open()
    farm.closing.push(remove)
    await farm.coordinator(who === 'coordinator' ? { env } : {})
    await farm.worker(who === 'worker' ? { env } : {})
    await farm.worker()
    const times = 6
    const led = async () =>
      (await farm.query<{ epoch: number }>('select epoch::int as epoch from farm.leader'))[0]?.epoch
    await farm.until('a coordinator leads', async () => (await led()) !== undefined)
    const before = await led()
    await farm.during(baseSweep(lab.seed + 1, 120), async () => {
      for (let time = 0; time < times; time++) {
        await delay(4_000)
        set(time % 2 === 0 ? '+3600' : '-3600')
        farm.mark('clock set')
      }
      await delay(4_000)
    })
    await farm.settled()
    must((await led()) === before, 'another coordinator leads')
    const [{ n } = { n: 0 }] = await farm.query<{ n: number }>('select count(*)::int as n from farm.failure')
    must(n === 0, `${n} batches count as failed or as lost with their worker`)
    return { times }
  },
})

const clockSet = (by: '-1 hour' | '+1 hour'): Row => ({
  name: by === '-1 hour' ? 'clock-back' : 'clock-ahead',
  fault:
    `the clock of the database is set ${by === '-1 hour' ? 'back' : 'ahead'} by an hour, and at the same moment all ` +
    'keys of Redis are deleted (FLUSHALL)',
  promise: 'all dispatched work is stored within 30 s, and no failure is recorded',
  away: ['coordinator', 'worker'],
  async run(lab, { farm: open }) {
    const { env, set, remove } = await settableClock()
    const server = await Server.start({ env })
    const farm = await open({ server })
    farm.closing.push(() => server.close(), remove)
    await farm.coordinator()
    await Promise.all([farm.worker(), farm.worker()])
    const sweep = baseSweep(lab.seed + 1, 120)
    await lab.reference(sweep)
    const id = await farm.submit(sweep)
    await farm.until('some batches are done', async () => (await farm.stored()) > 10_000)
    set(by === '-1 hour' ? '-3600' : '+3600')
    await toRedis(farm.redis!.url, 'FLUSHALL')
    farm.mark(`clock set by ${by}`)
    const atMs = Date.now()
    const before = await farm.stored()
    const [moved] = await farm.query<{ off: number }>(
      'select extract(epoch from clock_timestamp())::float8 - $1::float8 / 1000 as off',
      [Date.now()],
    )
    must(Math.abs(Math.abs(moved!.off) - 3_600) < 60, `the clock of the server is off by ${moved!.off} s`)
    await farm.until('more is stored', async () => (await farm.stored()) > before + 8_000, 60)
    const goes = (Date.now() - atMs) / 1_000
    await farm.complete(id)
    await farm.settled()
    await farm.audit(id, sweep)
    if (goes > 30) throw new Broken([`work continued only after ${goes.toFixed(1)} s`])
    return { times: 1, notes: [`work continued ${goes.toFixed(1)} s after the clock was set`] }
  },
})

export const databaseRows: readonly Row[] = [
  restarted,
  blocked,
  blockedForLong,
  exhausted,
  frozen,
  clockSet('-1 hour'),
  clockSet('+1 hour'),
  processClock('worker'),
  processClock('coordinator'),
]
