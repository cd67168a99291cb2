import { setTimeout as delay } from 'node:timers/promises'
import { startProxy } from '@driftfarm/testing/proxy'
import { Server } from '../lab.ts'
import { Recovery } from '../recovery.ts'
import type { Row } from '../row.ts'
import { baseSweep } from '../sweeps.ts'
import { toRedis } from './queue.ts'

/** Time between two faults. A batch whose worker was killed is usually finished within this time. */
const apartMs = 9_000

/** The number of trials stored at one moment. It is recorded twice per second for the figure. */
export interface Pulse {
  readonly atMs: number
  readonly trials: number
}
export const pulses: Pulse[] = []

/** One fault of each kind on one farm. The figure shows this run. */
export const medley: Row = {
  name: 'medley',
  fault: 'a series of faults on one farm, nine seconds apart',
  promise: 'the sweep continues and completes, and all trials match an undisturbed run',
  away: ['worker', 'queue', 'database', 'coordinator'],
  async run(lab, { farm: open, pick }) {
    const server = await Server.start()
    const farm = await open({ server, redis: { aof: true } })
    farm.closing.push(() => server.close())
    const proxy = await startProxy(farm.url)
    farm.closing.push(() => proxy.close())
    const through = { env: { DATABASE_URL: proxy.through(farm.url) } }
    const leaders = [await farm.coordinator(), await farm.coordinator()]
    const workers = [await farm.worker(through), await farm.worker(through), await farm.worker(through)]
    const recovery = new Recovery(farm)
    const faults: readonly (readonly [string, () => Promise<void>])[] = [
      [
        'worker killed',
        async () => {
          const victim = workers[pick(3)]!
          const id = victim.id!
          const atMs = Date.now()
          await victim.kill()
          await recovery.killed(id, atMs)
          await victim.start()
        },
      ],
      ['queue lost', async () => void (await toRedis(farm.redis!.url, 'FLUSHALL'))],
      [
        'Redis killed',
        async () => {
          await farm.redis!.kill()
          await delay(1_000)
          await farm.redis!.restart()
        },
      ],
      [
        'PostgreSQL restarted',
        async () => {
          await server.postgres.crash()
          await delay(1_000)
          await server.postgres.start()
        },
      ],
      [
        'leader killed',
        async () => {
          const [row] = await farm.query<{ holder: string }>('select holder from farm.leader')
          const leader = leaders.find(({ id }) => id === row?.holder) ?? leaders[0]!
          await leader.kill()
          await leader.start()
        },
      ],
      [
        'two workers stopped',
        async () => {
          for (const worker of workers.slice(0, 2)) worker.signal('SIGSTOP')
          await delay(5_000)
          for (const worker of workers) worker.signal('SIGCONT')
        },
      ],
      ['connections reset', async () => proxy.reset()],
      ['connections silent', async () => void proxy.silence()],
    ]
    const chosen = faults.slice(0, Math.max(2, lab.times(faults.length)))
    let over = false
    const sampling = (async () => {
      while (!over) {
        const trials = await farm.stored()
        pulses.push({ atMs: Date.now(), trials })
        await delay(500)
      }
    })()
    const given = baseSweep(lab.seed + 7, 12 * Math.max(10, Math.round(8 * chosen.length)))
    await lab.reference(given)
    const id = await farm.submit(given)
    await delay(6_000)
    for (const [what, happen] of chosen) {
      farm.mark(what)
      const next = delay(apartMs)
      await happen()
      await next
    }
    await farm.complete(id)
    over = true
    await sampling
    await farm.audit(id, given)
    await farm.settled()
    return { times: chosen.length, recoveryS: recovery.seconds }
  },
}
