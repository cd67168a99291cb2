import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@driftfarm/testing/port'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { Broken } from '../check.ts'
import type { Farm } from '../farm.ts'
import type { Row } from '../row.ts'
import { baseSweep, batch } from '../sweeps.ts'

type Who = 'worker' | 'leader' | 'standby'
type To = 'postgres' | 'redis'

interface Trouble {
  readonly name: string
  /** Resolves when new connections can be made and answer. */
  apply(proxy: Proxy): Promise<void>
}

const troubles: readonly Trouble[] = [
  { name: 'established connections go silent', apply: async (proxy) => void proxy.silence() },
  {
    name: 'established and new connections go silent for 12 s',
    async apply(proxy) {
      proxy.silence()
      proxy.admit('silent')
      await delay(12_000)
      proxy.admit('all')
    },
  },
  {
    name: 'connections are reset, and new ones are refused for 5 s',
    async apply(proxy) {
      proxy.admit('none')
      proxy.reset()
      await delay(5_000)
      proxy.admit('all')
    },
  },
  {
    name: 'no data passes for 4 s, then all of it at once',
    async apply(proxy) {
      proxy.stall(4_000)
      await delay(4_000)
    },
  },
  {
    name: 'every chunk is delayed by 150 ms, for 8 s',
    async apply(proxy) {
      proxy.delay(150)
      await delay(8_000)
      proxy.delay(0)
    },
  },
]

/** Describes `troubles`, with the connections as its subject. */
const inTurn =
  'suffer these faults in turn: (1) established connections go silent, (2) new ones go silent too, (3) connections ' +
  'are reset and refused, (4) data stops for 4 s, (5) data is delayed'

/** More trials than can be in progress, so that some were dispatched, computed and committed after the fault. */
const more = 16 * batch
const limitS = 40

const between = (who: Who): Row => ({
  name: `net-${who}`,
  fault: `the connections of ${who === 'worker' ? 'all workers' : `the ${who}`} to PostgreSQL and Redis ${inTurn}`,
  promise:
    who === 'standby'
      ? 'the standby takes over after the leading coordinator is killed'
      : `work continues within ${limitS} s after new connections are possible`,
  away: [who === 'worker' ? 'worker' : 'coordinator', 'queue'],
  async run(lab, { farm: open }) {
    const chosen = troubles.slice(0, Math.max(2, lab.times(troubles.length)))
    const seconds: { readonly what: string; readonly s: number }[] = []
    const one = async (to: To): Promise<void> => {
      const farm = await open()
      const proxy = await startProxy(to === 'postgres' ? farm.url : farm.redis!.url)
      farm.closing.push(() => proxy.close())
      const env =
        to === 'postgres' ? { DATABASE_URL: proxy.through(farm.url) } : { REDIS_URL: proxy.through(farm.redis!.url) }
      const isBehind = (each: Who) => (each === who ? { env } : {})
      const leader = await farm.coordinator(isBehind('leader'))
      const standby = who === 'standby' ? await farm.coordinator(isBehind('standby')) : null
      await farm.worker(isBehind('worker'))
      await farm.during(baseSweep(lab.seed + 1, 240), async () => {
        for (const trouble of chosen) {
          await moves(farm, 2 * batch, 120)
          farm.mark(trouble.name)
          await trouble.apply(proxy)
          const atMs = Date.now()
          if (standby !== null) await leader.kill()
          await moves(farm, more, limitS + 20)
          const s = (Date.now() - atMs) / 1_000
          const what = `${who} to ${to === 'postgres' ? 'PostgreSQL' : 'Redis'}: ${trouble.name}`
          lab.say(`     ${what}: ${s.toFixed(1)} s`)
          seconds.push({ what, s })
          if (standby === null) continue
          await leader.start()
          // The standby that took over ends, so that it is a standby behind the proxy again.
          await standby.kill()
          await farm.until(
            'the first one leads',
            async () => {
              const [row] = await farm.query<{ holder: string }>('select holder from farm.leader where until > now()')
              return row?.holder === leader.id
            },
            30,
          )
          await standby.start()
        }
      })
      await farm.settled()
    }
    await Promise.all([one('postgres'), one('redis')])
    const slow = seconds.filter(({ s }) => s > limitS)
    if (slow.length > 0)
      throw new Broken(slow.map(({ what, s }) => `${what}: work continued only after ${s.toFixed(1)} s`))
    const most = seconds.toSorted((a, b) => b.s - a.s)[0]!
    const since = who === 'standby' ? 'the leader was killed' : 'new connections were possible'
    const slowest = `the slowest recovery took ${most.s.toFixed(1)} s from when ${since} (${most.what})`
    return { times: seconds.length, notes: [slowest] }
  },
})

/** Waits until `trials` more trials are committed, possibly in several sweeps. */
async function moves(farm: Farm, trials: number, withinS: number): Promise<void> {
  let before = await farm.stored()
  let seen = 0
  await farm.until(
    `${trials} more trials`,
    async () => {
      const now = await farm.stored()
      // The count falls when an ended sweep is removed and submitted again.
      if (now > before) seen += now - before
      before = now
      return seen >= trials
    },
    withinS,
  )
}

/** Clients over HTTP behind a proxy, as in an office or a cloud. */
const clients: Row = {
  name: 'net-clients',
  fault: `the connections of clients over HTTP ${inTurn}`,
  promise: 'clients report the lost connection, reconnect by themselves, and end when their sweep ends',
  away: ['http'],
  says: { one: ['http'], by: ['watch over HTTP', 'run over HTTP', 'page'], withinS: 8 },
  async run(lab, { farm: open }) {
    const chosen = troubles.slice(0, Math.max(2, lab.times(troubles.length)))
    const listen = `127.0.0.1:${await freePort()}`
    const proxy = await startProxy(`http://${listen}`)
    const url = proxy.through(`http://${listen}`)
    const token = 'of-the-harness-0123456789-0123456789'
    const file = join(lab.home, 'token')
    writeFileSync(file, token)
    const given = baseSweep(lab.seed + 1, 240)
    await lab.reference(given)
    const farm = await open({ witness: false })
    farm.closing.push(() => proxy.close())
    await farm.coordinator({
      more: ['--batch', String(batch), '--listen', listen, '--public-url', url],
      env: { DRIFTFARM_ADMIN_TOKEN_FILE: file },
    })
    await farm.watched({ url, token })
    await Promise.all([farm.worker(), farm.worker()])
    await farm.during(given, async () => {
      for (const trouble of chosen) {
        await delay(2_000)
        farm.mark(trouble.name)
        await trouble.apply(proxy)
        await delay(6_000)
      }
    })
    await farm.settled()
    return { times: chosen.length }
  },
}

export const networkRows: readonly Row[] = [...(['worker', 'leader', 'standby'] as const).map(between), clients]
