import { formatDigest, runReference } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { begin, driftfarm, type Running, type RunningInProcess, start } from '@driftfarm/testing/command'
import { emptyDatabase, type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { needs } from '@driftfarm/testing/program'
import { servedRedis } from '@driftfarm/testing/redis'
import { digests, type ResultsOfSweep } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { watchDatabase } from '@driftfarm/testing/watch'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** A farm as operators run it: PostgreSQL and Redis of their own, one coordinator, workers that come and go. */
describe('a farm on Redis and a separate PostgreSQL', needs('redis-server'), () => {
  const redis = servedRedis()
  const folder = temporaryFolder()
  shareModules(folder.path)
  const running: Running[] = []
  const begun: RunningInProcess[] = []
  let server: FreshDatabase
  let env: Record<string, string>

  beforeAll(async () => {
    server = await freshDatabase()
    env = { DATABASE_URL: server.url, REDIS_URL: redis.url, DRIFTFARM_READER_URL: server.readerUrl }
  })
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ finished }) => finished))
    await Promise.all(begun.map((each) => each.interrupt()))
    await server?.drop()
    folder.remove()
  })

  test('before the migration every part refuses with exit code 7', async () => {
    const bare = await emptyDatabase()
    try {
      const { code, stderr } = await driftfarm(['list'], {
        home: folder.path,
        env: { ...env, DATABASE_URL: bare.url },
        waits: { migratedMs: 100 },
      })
      expect(code).toBe(7)
      expect(stderr).toContain('driftfarm db migrate')
    } finally {
      await bare.drop()
    }
  })

  test('two workers share a sweep, a third joins, one drains on SIGTERM; the bits are right', async () => {
    expect((await driftfarm(['db', 'migrate'], { home: folder.path, env })).code).toBe(0)
    const watch = await watchDatabase(server.url)
    try {
      // No worker commits more than about three batches until all of them have been at work.
      await watch.hold('(select count(*) from farm.batch where worker_id = new.worker_id) >= 3')
      const part = (...arguments_: string[]) => {
        const process = start(arguments_, { home: folder.path, env })
        running.push(process)
        return process
      }
      part('coordinator', '--batch', '20', '--bundle', '1')
      const first = part('worker', '--threads', '1')
      begun.push(begin(['worker', '--threads', '1'], { home: folder.path, env }))
      const spec = doubleWell({ name: 'shared', seed: 12, trials: 500 })
      const file = writeSpec(folder.path, 'shared', spec)
      const client = driftfarm(['run', file, '--json'], { home: folder.path, env })

      const workersAtWork = '(select count(distinct worker_id) from farm.batch)'
      await watch.until(`${workersAtWork} = 2`)
      begun.push(begin(['worker', '--threads', '1'], { home: folder.path, env }))
      await watch.until(`${workersAtWork} = 3`)
      first.child.kill('SIGTERM')
      await watch.until("exists (select from farm.worker where state = 'draining')")
      await watch.release()
      const left = await first.finished
      expect(left.code, left.stderr).toBe(0)
      expect(left.stderr).toContain('drain')

      const { code, stdout, stderr } = await client
      expect(code, stderr).toBe(0)
      const { data } = JSON.parse(stdout) as { data: ResultsOfSweep }
      expect(data.sweep.state).toBe('complete')
      // A worker that drains ends what it computes and gives back what it has not begun.
      const [lost] = await watch.rows('select count(*)::int as n from farm.batch where vanished > 0 or failures > 0')
      expect(lost).toEqual({ n: 0 })
      const [gone] = await watch.rows("select count(*)::int as n from farm.worker where state = 'gone'")
      expect(gone).toEqual({ n: 1 })

      const sweep = parseSweep(JSON.stringify(spec), { fileName: 'shared.json' })
      const alone = [0, 1].map((index) => runReference(sweep.cell(index).cell, 0, 500, { horizons: [] }))
      expect(digests(data)).toEqual(alone.map(({ digest }) => formatDigest(digest)))
      expect((await driftfarm(['verify', 'shared'], { home: folder.path, env })).code).toBe(0)
    } finally {
      await watch.close()
    }
  })
})
