import { driftfarm, type Running, start } from '@driftfarm/testing/command'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { redisOrReason } from '@driftfarm/testing/redis'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const redis = await redisOrReason()
const reason = typeof redis === 'string' ? `: ${redis}` : ''

/** A farm as operators run it: PostgreSQL and Redis of their own, one coordinator, workers that come and go. */
describe.skipIf(typeof redis === 'string')(`a farm on Redis and a separate PostgreSQL${reason}`, () => {
  const folder = temporaryFolder()
  shareModules(folder.path)
  const running: Running[] = []
  let server: FreshDatabase
  let env: Record<string, string>

  beforeAll(async () => {
    if (typeof redis === 'string') return
    server = await freshDatabase()
    env = { DATABASE_URL: server.url, REDIS_URL: redis.url, DRIFTFARM_READER_URL: server.readerUrl }
  })
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL')
    await Promise.all(running.map(({ finished }) => finished))
    if (typeof redis !== 'string') await redis.close()
    await server?.drop()
    folder.remove()
  })
  const part = async (...arguments_: string[]) => {
    const process = start(arguments_, { home: folder.path, env })
    running.push(process)
    await process.says('ready')
    return process
  }
  const ask = async (query: string) => {
    const { code, stdout, stderr } = await driftfarm(['sql', query, '--format', 'json'], { home: folder.path, env })
    expect(code, stderr).toBe(0)
    return (JSON.parse(stdout) as { data: { rows: Record<string, unknown>[] } }).data.rows
  }

  test('before the migration every part refuses with exit code 7', async () => {
    const bare = new URL(server.url)
    bare.pathname = '/postgres'
    const { code, stderr } = await driftfarm(['list'], { home: folder.path, env: { ...env, DATABASE_URL: bare.href } })
    expect(code).toBe(7)
    expect(stderr).toContain('driftfarm db migrate')
  })

  test('two workers share a sweep, a third joins, one drains on SIGTERM; the bits are those of a laptop', async () => {
    expect((await driftfarm(['db', 'migrate'], { home: folder.path, env })).code).toBe(0)
    await part('coordinator', '--batch', '20000')
    const first = await part('worker', '--threads', '1')
    await part('worker', '--threads', '1')
    const spec = doubleWell({
      name: 'shared',
      seed: 12,
      trials: 800_000,
      record: 'none',
      trial: { steps: 1000, escape: 'x >= 1e6' },
    })
    const file = writeSpec(folder.path, 'shared', spec)
    const client = start(['run', file, '--json'], { home: folder.path, env })

    const workersAtWork = async () =>
      Number((await ask("select count(distinct worker) as n from batch where state = 'done'"))[0]?.n)
    while ((await workersAtWork()) < 2);
    await part('worker', '--threads', '1')
    while ((await workersAtWork()) < 3);
    first.child.kill('SIGTERM')
    const left = await first.finished
    expect(left.code, left.stderr).toBe(0)
    expect(left.stderr).toContain('drain')

    const { code, stdout, stderr } = await client.finished
    expect(code, stderr).toBe(0)
    const { data } = JSON.parse(stdout) as { data: Awaited<ReturnType<typeof runToResults>> }
    expect(data.sweep.state).toBe('complete')
    // A worker that drains ends what it computes and gives back what it has not begun.
    expect(await ask('select count(*)::int as n from batch where vanished > 0 or failures > 0')).toEqual([{ n: 0 }])
    expect(await ask("select count(*)::int as n from worker where state = 'gone'")).toEqual([{ n: 1 }])

    const laptop = temporaryFolder()
    try {
      expect(digests(await runToResults(writeSpec(laptop.path, 'shared', spec), laptop.path))).toEqual(digests(data))
    } finally {
      laptop.remove()
    }
    expect((await driftfarm(['verify', 'shared'], { home: folder.path, env })).code).toBe(0)
  })
})
