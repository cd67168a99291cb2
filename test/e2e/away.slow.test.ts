import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { begin, driftfarm, type RunningInProcess, start } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { freePort } from '@driftfarm/testing/port'
import { type PrivatePostgres, startPostgres } from '@driftfarm/testing/postgres'
import { needs } from '@driftfarm/testing/program'
import { startProxy } from '@driftfarm/testing/proxy'
import { startRedis } from '@driftfarm/testing/redis'
import { doubleWell } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { withClient } from '../../packages/database/src/connection/connect.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// What people are told while a part of a farm is away. Real servers; each test has a database of its own, and they run
// beside each other because they mostly wait. Limits of time are the promised ones, doubled for a busy machine.
const folder = temporaryFolder()
shareModules(folder.path)
let postgres: PrivatePostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(async () => {
  await postgres?.close()
  folder.remove()
})

/** Processes of one farm. */
class Farm {
  readonly #closing: (() => Promise<unknown>)[] = []

  private constructor(
    readonly name: string,
    readonly env: Record<string, string>,
  ) {}

  /** Opens a farm, does the work, and ends whatever was begun. */
  static async with(
    name: string,
    { server = postgres, redis }: { readonly server?: PrivatePostgres; readonly redis?: string },
    work: (farm: Farm) => Promise<void>,
  ): Promise<void> {
    await withClient(server.url(), (client) => client.query(`create database ${name}`))
    const env = { DATABASE_URL: server.url(name), ...(redis === undefined ? {} : { REDIS_URL: redis }) }
    const farm = new Farm(name, env)
    try {
      const { code, stderr } = await driftfarm(['db', 'migrate'], { home: folder.path, env })
      expect(code, stderr).toBe(0)
      await work(farm)
    } finally {
      for (const close of farm.#closing.reverse()) await close()
    }
  }

  closing(close: () => Promise<unknown>): void {
    this.#closing.push(close)
  }

  begin(words: readonly string[], env: Readonly<Record<string, string>> = {}): RunningInProcess {
    const begun = begin(words, { home: folder.path, env: env.DRIFTFARM_URL ? env : { ...this.env, ...env } })
    this.closing(() => begun.interrupt())
    return begun
  }

  async part(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunningInProcess> {
    const begun = this.begin(words, env)
    await begun.says('ready')
    return begun
  }

  /** A process of its own, which can be frozen. */
  async process(words: readonly string[]) {
    const running = start(words, { home: folder.path, env: this.env })
    this.closing(async () => {
      running.child.kill('SIGKILL')
      await running.finished
    })
    await running.says('ready')
    return running.child
  }

  /** `run` of a sweep that a worker computes in a moment. */
  run(env: Readonly<Record<string, string>> = {}): RunningInProcess {
    const file = join(folder.path, `${this.name}.json`)
    writeFileSync(file, JSON.stringify(doubleWell({ name: this.name, trials: 400 })))
    return this.begin(['run', file], env)
  }

  async json<T>(...words: readonly string[]): Promise<T> {
    const { stdout, stderr } = await driftfarm([...words, '--json'], { home: folder.path, env: this.env })
    expect(stderr).toBe('')
    return (JSON.parse(stdout) as { data: T }).data
  }

  /** The state and the words of `farm`. */
  async state(): Promise<{ readonly state: string; readonly words: string } | null> {
    return (await this.json<{ farm: { state: string; words: string } | null }>('farm')).farm
  }
}

/** Resolves to the milliseconds until it happens. */
async function within(ms: number, what: string, happens: Promise<unknown>): Promise<number> {
  const began = performance.now()
  const late = delay(ms, 'late')
  if ((await Promise.race([happens, late])) === 'late') throw new Error(`${what}: not within ${ms} ms`)
  return performance.now() - began
}

const advice = /start `driftfarm (coordinator|worker)`/

// All of them need Redis or none run, since the same file would else be run twice by the CI, which takes half a minute.
describe.concurrent('a part of the farm is away', needs('redis-server'), () => {
  test('a silent connection over HTTP: clients say so, connect again, and end with the sweep', async () => {
    await Farm.with('silent', {}, async (farm) => {
      const listen = `127.0.0.1:${await freePort()}`
      const proxy = await startProxy(`http://${listen}`)
      farm.closing(() => proxy.close())
      const url = proxy.through(`http://${listen}`)
      const { token } = await farm.json<{ token: string }>('token', 'create', 'someone', '--role', 'admin')
      await farm.part(['coordinator', '--listen', listen, '--public-url', url])
      const there = { DRIFTFARM_URL: url, DRIFTFARM_TOKEN: token }
      const run = farm.run(there)
      await run.says('no worker is running')
      const watch = farm.begin(['watch', farm.name], there)
      const json = farm.begin(['watch', farm.name, '--json'], there)
      await watch.says('no worker is running')
      proxy.admit('silent')
      expect(proxy.silence()).toBeGreaterThan(2)
      const silence = [run, watch].map((client) => client.says('no data from http://'))
      await within(10_000, 'clients say that the connection is silent', Promise.all(silence))
      await farm.part(['worker', '--threads', '1'])
      while ((await farm.json<{ state: string }>('status', farm.name)).state !== 'complete') await delay(100)
      // Complete, and nobody can know it yet.
      await delay(500)
      proxy.admit('all')
      const ends = Promise.all([run, watch, json].map(({ finished }) => finished))
      await within(20_000, 'clients end once a connection is possible', ends)
      for (const { code, stderr } of await ends) expect(code, stderr).toBe(0)
      const silent = (await json.finished).stdout.split('\n').filter((line) => line.includes('"state":"silent"'))
      expect(silent.length).toBeGreaterThan(0)
    })
  })

  if (full)
    test('Redis is away: it is named with its address everywhere, and no process is proposed', async () => {
      const redis = await startRedis()
      await Farm.with('queueless', { redis: redis.url }, async (farm) => {
        farm.closing(() => redis.close())
        const coordinator = await farm.part(['coordinator', '--no-http'])
        await farm.part(['worker', '--threads', '1'])
        while ((await farm.state()) !== null) await delay(100)
        await redis.kill()
        const run = farm.run()
        await within(15_000, 'it says that the queue is away', run.says('has not answered the coordinators for'))
        const { host } = new URL(redis.url)
        const words = expect.stringMatching(
          new RegExp(`^the queue at redis://[^ ]+:${host.split(':')[1]}/0 has not answered`),
        )
        expect(await farm.state()).toEqual({ state: 'queue', words })
        expect(await farm.json('status', farm.name)).toMatchObject({ farm: { state: 'queue', words } })
        const { processes } = await farm.json<{ processes: { leads: boolean; state: string }[] }>('farm')
        // As long as nobody else could lead, the coordinator does.
        expect(processes.map(({ leads, state }) => [leads, state])).toEqual([
          [true, 'alive'],
          [false, 'alive'],
        ])
        await delay(12_000)
        await redis.restart()
        const { code, stderr } = await run.finished
        expect(code, stderr).toBe(0)
        expect(stderr).not.toMatch(advice)
        const log = (await coordinator.interrupt()).stderr
        expect(log).toMatch(/warning: [a-z ]+ the queue at redis:.*: (no response|the connection|connect ECONNREFUSED)/)
        expect(log).not.toMatch(/maxRetriesPerRequest|MaxRetries/)
      })
    })

  test('a database that is frozen: run and watch say so within seconds', async () => {
    const proxy = await startProxy(postgres.url())
    await Farm.with('frozen', {}, async (farm) => {
      farm.closing(() => proxy.close())
      await farm.part(['coordinator', '--no-http'])
      const through = { DATABASE_URL: proxy.through(farm.env.DATABASE_URL!) }
      const run = farm.run(through)
      await run.says('no worker is running')
      const watch = farm.begin(['watch', farm.name], through)
      await watch.says('no worker is running')
      proxy.admit('silent')
      proxy.silence()
      const silence = [run, watch].map((client) => client.says('the database has not answered for'))
      await within(10_000, 'they say that the database is silent', Promise.all(silence))
      proxy.admit('all')
      await within(30_000, 'it says what is known again', run.says('no worker is running', 2))
      await farm.part(['worker', '--threads', '1'])
      expect((await run.finished).code).toBe(0)
    })
  })

  test('a disk that is full: a submission says so, with exit 7 and a hint, and may be repeated', async () => {
    await Farm.with('diskless', {}, async (farm) => {
      await farm.part(['coordinator', '--no-http'])
      const full = `create function no_room() returns trigger language plpgsql as
        $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`
      await withClient(farm.env.DATABASE_URL!, async (client) => {
        await client.query(full)
        await client.query('create trigger no_room before insert on farm.sweep execute function no_room()')
      })
      const file = join(folder.path, 'diskless.json')
      writeFileSync(file, JSON.stringify(doubleWell({ name: 'diskless' })))
      const { code, stderr } = await driftfarm(['run', file, '--detach', '--json'], {
        home: folder.path,
        env: farm.env,
      })
      expect(code, stderr).toBe(7)
      expect(JSON.parse(stderr)).toMatchObject({
        error: { code: 'DATABASE_FULL', retryable: true, hint: expect.stringContaining('disk') },
      })
    })
  })

  if (full)
    test('the leader is frozen beside a standby: its takeover is announced, and nothing is to be started', async () => {
      await Farm.with('standby', {}, async (farm) => {
        const leader = await farm.process(['coordinator', '--no-http'])
        while ((await farm.json<{ processes: { leads: boolean }[] }>('farm')).processes[0]?.leads !== true)
          await delay(50)
        await farm.part(['coordinator', '--no-http'])
        const run = farm.run()
        await run.says('no worker is running')
        leader.kill('SIGSTOP')
        await within(12_000, 'it says who takes over', run.says('a coordinator takes over within'))
        const { farm: health, processes } = await farm.json<{
          farm: { state: string }
          processes: { leads: boolean; state: string; pid: number }[]
        }>('farm')
        expect(health.state).toBe('leaderless')
        expect(processes.find(({ pid }) => pid === leader.pid)).toMatchObject({ leads: false, state: 'late' })
        await within(20_000, 'another leads', run.says('no worker is running', 2))
        await farm.part(['worker', '--threads', '1'])
        const { code, stderr } = await run.finished
        expect(code, stderr).toBe(0)
        expect(stderr).not.toContain('start `driftfarm coordinator`')
      })
    })

  if (full)
    test('the database has restarted: nobody is called absent who only has not reported yet', async () => {
      const server = await startPostgres()
      await Farm.with('restarted', { server }, async (farm) => {
        farm.closing(() => server.close())
        await farm.part(['coordinator', '--no-http'])
        const worker = await farm.process(['worker', '--threads', '1'])
        // It lives and does not report, as one whose reports the crash has forgotten.
        worker.kill('SIGSTOP')
        const run = farm.run()
        await run.says('no worker has reported for')
        await server.crash()
        await run.says('the database has not answered')
        await server.start()
        await run.says('the database has just started: no')
        worker.kill('SIGCONT')
        const { code, stderr } = await run.finished
        expect(code, stderr).toBe(0)
        expect(stderr).not.toMatch(advice)
      })
    })

  if (full)
    test('one Redis under two addresses, a worker cut off from it: no other queue is blamed', async () => {
      const redis = await startRedis()
      const proxy = await startProxy(redis.url)
      await Farm.with('aliased', { redis: redis.url }, async (farm) => {
        farm.closing(() => redis.close())
        farm.closing(() => proxy.close())
        await farm.part(['coordinator', '--no-http'])
        await farm.part(['worker', '--threads', '1'], { REDIS_URL: proxy.through(redis.url) })
        proxy.admit('silent')
        proxy.silence()
        const run = farm.run()
        await within(20_000, 'it says that the workers are cut off', run.says('has not answered the workers for'))
        expect(await farm.state()).toMatchObject({ state: 'queue' })
        proxy.admit('all')
        const { code, stderr } = await run.finished
        expect(code, stderr).toBe(0)
        expect(stderr).not.toContain('another queue')
        expect(stderr).not.toMatch(advice)
      })
    })
})
