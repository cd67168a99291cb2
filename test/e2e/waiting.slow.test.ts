import { begin, driftfarm, type RunningInProcess } from '@driftfarm/testing/command'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { needs } from '@driftfarm/testing/program'
import { servedRedis } from '@driftfarm/testing/redis'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

/** Nobody should stare at a bar that cannot move: what a farm lacks is said, once, and what mends it. */
describe('waiting for a farm', needs('redis-server'), () => {
  const redis = servedRedis()
  const folder = temporaryFolder()
  shareModules(folder.path)
  const running: RunningInProcess[] = []
  let server: FreshDatabase
  let env: Record<string, string>

  beforeAll(async () => {
    server = await freshDatabase()
    env = { DATABASE_URL: server.url, REDIS_URL: redis.url }
    expect((await driftfarm(['db', 'migrate'], { home: folder.path, env })).code).toBe(0)
  })
  afterAll(async () => {
    await Promise.all(running.map((each) => each.interrupt()))
    await server?.drop()
    folder.remove()
  })
  const part = async (arguments_: readonly string[], change: Record<string, string> = {}) => {
    const begun = begin(arguments_, { home: folder.path, env: { ...env, ...change } })
    running.push(begun)
    await begun.says('ready')
    return begun
  }
  const farmOf = async (sweep: string) => {
    const { code, stdout, stderr } = await driftfarm(['status', sweep, '--json'], { home: folder.path, env })
    expect(code, stderr).toBe(0)
    return (JSON.parse(stdout) as { data: { farm: { state: string; words: string } | null } }).data.farm
  }
  const spec = (name: string, change = {}) => writeSpec(folder.path, name, doubleWell({ name, trials: 400, ...change }))

  test('no coordinator, no worker, workers at another queue, and then it goes on', async () => {
    const client = begin(['run', spec('waits')], { home: folder.path, env })
    running.push(client)
    const addresses = 'the same DATABASE_URL and REDIS_URL'
    await client.says(`no coordinator is running: start \`driftfarm coordinator\` with ${addresses}`)
    expect(await farmOf('waits')).toMatchObject({ state: 'leaderless' })
    // A watcher is told as a field, on standard output alone.
    const watcher = await driftfarm(['watch', 'waits', '--json', '--timeout', '100ms'], { home: folder.path, env })
    expect(watcher.code).toBe(8)
    const [first = ''] = watcher.stdout.split('\n')
    expect(JSON.parse(first)).toMatchObject({ type: 'status', farm: { state: 'leaderless' } })
    expect(watcher.stderr.trim().split('\n')).toHaveLength(1)
    expect((JSON.parse(watcher.stderr) as { error: { code: string } }).error.code).toBe('TIMED_OUT')

    await part(['coordinator'])
    await client.says('no worker is running: start `driftfarm worker`')
    expect(await farmOf('waits')).toMatchObject({ state: 'workerless' })

    const deaf = await part(['worker', '--threads', '1'], { REDIS_URL: `${env.REDIS_URL}/1` })
    await client.says('workers listen to another queue: jobs wait in redis://')
    const heard = await farmOf('waits')
    expect(heard).toMatchObject({ state: 'elsewhere' })
    expect(heard?.words).toMatch(
      /:\d+\/0, workers listen to redis:\S+\/1; start the coordinator and the workers with the same REDIS_URL$/,
    )
    await deaf.interrupt()

    await part(['worker', '--threads', '1'])
    const { code, stderr } = await client.finished
    expect(code, stderr).toBe(0)
    for (const said of ['no coordinator is running', 'workers listen to another queue'])
      expect(stderr.split(said), stderr).toHaveLength(2)
    expect(await farmOf('waits')).toBeNull()
  })

  test('a wait that times out says why', async () => {
    const long = spec('times-out', { trials: 4_000_000, record: 'none', trial: { steps: 1000, escape: 'x >= 1e6' } })
    // The farm of the test before goes home.
    await Promise.all(running.map((each) => each.interrupt()))
    const end = await driftfarm(['run', long, '--timeout', '100ms'], { home: folder.path, env })
    expect(end.code).toBe(8)
    expect(end.stderr).toContain('error: times-out did not end within --timeout; 0 of 8000000 trials are done')
    expect(end.stderr).toMatch(/\n {2}no coordinator is running: start/)
    const quiet = await driftfarm(['run', long, '--timeout', '100ms', '--json'], { home: folder.path, env })
    const { error } = JSON.parse(quiet.stderr) as { error: { code: string; hint: string } }
    expect(error).toMatchObject({ code: 'TIMED_OUT', hint: expect.stringContaining('no coordinator is running') })
  })
})
