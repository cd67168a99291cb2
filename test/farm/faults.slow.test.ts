import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { formatDigest, runReference } from '@driftfarm/kernel'
import { compileAhead } from '@driftfarm/testing/compileAhead'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Build, buildWith } from '../chaos/build.ts'
import { Farm } from '../chaos/farm.ts'
import { Lab, Server } from '../chaos/lab.ts'
import { randomOf } from '../chaos/row.ts'
import { toRedis } from '../chaos/rows/queue.ts'
import { type Given, smallSweep } from '../chaos/sweeps.ts'

// A farm of processes under SIGKILLs, a lost queue and a restart of PostgreSQL, with limits a tenth of the real
// ones: the smallest part of `npm run test:chaos`, which has the full table and real limits.
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const trials = full ? 1_200 : 800
/** What else happens, by the number of kills before it. */
const { kills, flushAt, crashAt } = full ? { kills: 10, flushAt: 4, crashAt: 7 } : { kills: 5, flushAt: 1, crashAt: 3 }

/** Of a batch whose worker is gone another one is found in a second or two. */
const queueLimits = { lockDurationMs: 1_000, stalledIntervalMs: 300, runRetryDelayMs: 100, drainDelayS: 0.5 }
const workerLimits = { heartbeatMs: 200 }
const leaderLimits = { reconcileMs: 500, lostAfterMs: 200, deadAfterMs: 1_500, quietAfterMs: 1_000, renewMs: 500 }

/** By the reference kernel, in this process. */
function referenceOf({ sweep }: Given): ReadonlyMap<string, string> {
  return new Map(
    Array.from({ length: sweep.cellCount }, (_, index) => {
      const { id, cell } = sweep.cell(index)
      return [id, formatDigest(runReference(cell, 0, trials, { horizons: [] }).digest)]
    }),
  )
}

let lab: Lab
let server: Server
let instrumented: Build
beforeAll(async () => {
  ;[server, instrumented] = await Promise.all([Server.start(), buildWith('fast', [])])
  lab = new Lab({ seed: 1, scale: 1, say: () => undefined, builds: { instrumented }, referenceOf })
})
afterAll(async () => {
  await lab.close()
  await server.close()
})

test(
  'workers killed, a queue flushed, PostgreSQL restarted: each trial counts once',
  needs('redis-server'),
  async () => {
    const farm = await Farm.open(lab, { server })
    const random = randomOf(1, 'smoke')
    const sweep = smallSweep(1, trials)
    const home = farm.env.DRIFTFARM_HOME!
    mkdirSync(join(home, 'cache'), { recursive: true })
    await compileAhead(farm.file(sweep), home)
    try {
      await farm.instrumentedCoordinator({ batch: 20, bundle: 3, limits: leaderLimits, queueLimits })
      const instruments = { limits: workerLimits, queueLimits }
      const workers = await Promise.all([1, 2, 3].map(() => farm.instrumentedWorker(instruments)))
      await farm.during(sweep, async () => {
        /** Until some more batches are stored, of this sweep or of the next. */
        const goesOn = async (): Promise<void> => {
          const before = await farm.stored()
          await farm.until('more is stored', async () => {
            const now = await farm.stored()
            return now < before || now >= before + 100
          })
        }
        for (let kill = 0; kill < kills; kill++) {
          await goesOn()
          const victim = workers[Math.floor(3 * random())]!
          await victim.kill()
          if (kill === flushAt) await toRedis(farm.redis!.url, 'FLUSHALL')
          if (kill === crashAt) {
            await server.postgres.crash()
            await server.postgres.start()
          }
          await victim.start()
        }
      })
      await farm.settled()
      expect(farm.audits.length).toBeGreaterThan(0)
      expect(farm.audits.flatMap(({ violations }) => violations)).toEqual([])
      expect(workers.reduce((sum, { lives }) => sum + lives, 0)).toBe(3 + kills)
    } finally {
      await farm.close()
    }
  },
)
