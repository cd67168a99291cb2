import { begin, driftfarm, type RunningInProcess, start } from '@driftfarm/testing/command'
import { freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { needs } from '@driftfarm/testing/program'
import { startRedis } from '@driftfarm/testing/redis'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { watchDatabase } from '@driftfarm/testing/watch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Two cells: named exits, convergence and a momentum term, so that a record has something in every field. */
const spec = doubleWell({
  name: 'topology',
  seed: 31,
  trials: 200,
  update: { rule: 'momentum', beta: 0.5, eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: {
    steps: 120,
    escape: { high: 'x >= 0 && gradnorm > 0.2', low: 'x >= 0' },
    converge: { within: 0.02, of: 'left', hold: 3 },
    afterConverge: 'continue',
    marks: { near: 'loss <= 1e-3' },
  },
})
/** With batches of one there is a job a trial. */
const workers = [1, 2, 4] as const
const batches = [1, 7, 1000] as const
const queues = ['redis', 'postgres'] as const
const engines = ['wasm', 'reference'] as const
const matrix = workers.flatMap((count) =>
  batches.flatMap((batch) => queues.flatMap((queue) => engines.map((engine) => ({ count, batch, queue, engine })))),
)

/** A dead worker is found out soon, and a living one is heard of more often than that. */
const waits = {
  coordinator: { limits: { reconcileMs: 100, deadAfterMs: 1_000, quietAfterMs: 1_000 } },
  worker: { limits: { heartbeatMs: 100 } },
}

describe('one digest a cell, whatever computes it', () => {
  const folder = temporaryFolder()
  shareModules(folder.path)
  let want: string[]
  beforeAll(async () => {
    want = digests(await runToResults(writeSpec(folder.path, 'topology', spec), folder.path))
  })
  afterAll(() => folder.remove())

  describe.each(['postgres', 'redis'] as const)('queue on %s', (queue) => {
    const runs = matrix.filter((run) => run.queue === queue)
    const needed = queue === 'redis' ? needs('redis-server') : {}
    test.each(runs)('$count workers, batches of $batch, $engine', needed, async ({ count, batch, engine }) => {
      const server = await freshDatabase()
      const redis = queue === 'redis' ? await startRedis() : null
      const env: Record<string, string> = {
        DATABASE_URL: server.url,
        DRIFTFARM_READER_URL: server.readerUrl,
        ...(redis === null ? {} : { REDIS_URL: redis.url }),
      }
      const running: RunningInProcess[] = []
      try {
        expect((await driftfarm(['db', 'migrate'], { home: folder.path, env })).code).toBe(0)
        running.push(begin(['coordinator', '--batch', String(batch)], { home: folder.path, env }))
        for (let worker = 0; worker < count; worker += 1)
          running.push(begin(['worker', '--threads', '1', '--engine', engine], { home: folder.path, env }))
        const results = await runToResults(writeSpec(folder.path, 'topology', spec), folder.path, [], env)
        expect(digests(results)).toEqual(want)
      } finally {
        await Promise.all(running.map((each) => each.interrupt()))
        await redis?.close()
        await server.drop()
      }
    })
  })

  test('negative control: another seed gives other digests', async () => {
    expect(
      digests(await runToResults(writeSpec(folder.path, 'other', { ...spec, name: 'other', seed: 32 }), folder.path)),
    ).not.toEqual(want)
  })

  test('a worker that is killed in the middle changes nothing', needs('redis-server'), async () => {
    const server = await freshDatabase()
    const redis = await startRedis()
    const env = { DATABASE_URL: server.url, DRIFTFARM_READER_URL: server.readerUrl, REDIS_URL: redis.url }
    const running: RunningInProcess[] = []
    const watch = await watchDatabase(server.url)
    try {
      expect((await driftfarm(['db', 'migrate'], { home: folder.path, env })).code).toBe(0)
      const done = '(select count(*) from farm.batch)'
      await watch.hold(`${done} >= 3`)
      running.push(begin(['coordinator', '--batch', '5', '--bundle', '3'], { home: folder.path, env, waits }))
      const victim = start(['worker', '--threads', '1', '--engine', 'reference'], { home: folder.path, env })
      const client = runToResults(writeSpec(folder.path, 'topology', spec), folder.path, [], env)
      // After its first commit the worker may hold no other bundle yet; one that it holds must vanish with it.
      await watch.until(`${done} >= 3 and exists (select from farm.bundle where worker_id is not null)`)
      victim.child.kill('SIGKILL')
      await victim.finished
      await watch.release()
      running.push(begin(['worker', '--threads', '1'], { home: folder.path, env, waits }))
      expect(digests(await client)).toEqual(want)
      const [{ vanished } = { vanished: 0 }] = await watch.rows<{ vanished: number }>(
        'select sum(vanished)::int as vanished from farm.batch',
      )
      expect(vanished).toBeGreaterThan(0)
      expect((await driftfarm(['verify', 'topology'], { home: folder.path, env })).code).toBe(0)
    } finally {
      await Promise.all(running.map((each) => each.interrupt()))
      await watch.close()
      await redis.close()
      await server.drop()
    }
  })
})
