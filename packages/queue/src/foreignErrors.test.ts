import { mkdirSync, rmSync } from 'node:fs'
import { emptyDatabase, type FreshDatabase } from '@driftfarm/testing/database'
import { type Ending, endingOf, thrownBy } from '@driftfarm/testing/foreign'
import { needs } from '@driftfarm/testing/program'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { type PrivateRedis, startRedis } from '@driftfarm/testing/redis'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { asQueueError } from './error.ts'
import { createQueueFactory, type QueueFactory, type QueueLimits } from './index.ts'

// Real errors of real servers: nothing here makes an error by hand.
const limits = { operationTimeoutMs: 10_000, silenceMs: 5_000, closeTimeoutMs: 100 }
/** For those that never answer. */
const hasty = { operationTimeoutMs: 700, silenceMs: 300 }
const nowhere = 'postgresql://127.0.0.1:1/none'

function queueOn(redisUrl: string | undefined, more: Partial<QueueLimits> = {}, databaseUrl = nowhere): QueueFactory {
  const options = { databaseUrl, kernelVersion: 1, redisUrl, limits: { ...limits, ...more } }
  const factory = createQueueFactory({ ...options, onNotice: () => undefined })
  onTestFinished(() => factory.close())
  return factory
}

const endingOfQueue = async (work: () => Promise<unknown>): Promise<Ending> =>
  endingOf(asQueueError(await thrownBy(work), 'testing'))

describe('Redis', needs('redis-server'), () => {
  let server: PrivateRedis
  let operator: Redis
  let proxy: Proxy
  beforeAll(async () => {
    server = await startRedis()
    operator = new Redis(server.url)
    operator.on('error', () => undefined)
    proxy = await startProxy(server.url)
  })
  afterAll(async () => {
    operator.disconnect()
    await proxy.close()
    await server.close()
  })

  type Real = readonly [what: string, begin: () => Promise<unknown>, end: () => Promise<unknown>, ending: Ending]
  const set = (name: string, value: string) => () => operator.config('SET', name, value)
  let killed: Promise<unknown>

  // A queue that works, until the server does not.
  const states: readonly Real[] = [
    ['has no memory left', set('maxmemory', '1'), set('maxmemory', '0'), ['QUEUE_FULL', 7, true]],
    [
      'cannot write its snapshot',
      async () => {
        const [, folder] = (await operator.config('GET', 'dir')) as string[]
        rmSync(folder!, { recursive: true })
        await operator.config('SET', 'save', '3600 1')
        await operator.bgsave()
        await expect
          .poll(() => operator.info('persistence'), { timeout: 10_000 })
          .toContain('rdb_last_bgsave_status:err')
        mkdirSync(folder!)
      },
      set('save', ''),
      ['QUEUE_FULL', 7, true],
    ],
    [
      'is a replica',
      () => operator.replicaof('127.0.0.1', 1),
      () => operator.replicaof('NO', 'ONE'),
      ['QUEUE_UNREACHABLE', 7, false],
    ],
    [
      'waits for its primary server',
      async () => {
        await operator.config('SET', 'replica-serve-stale-data', 'no')
        await operator.replicaof('127.0.0.1', 1)
      },
      () => operator.replicaof('NO', 'ONE'),
      ['QUEUE_UNREACHABLE', 7, true],
    ],
    [
      'is busy with a script',
      async () => {
        await operator.config('SET', 'busy-reply-threshold', '1')
        const other = new Redis(server.url)
        killed = other.eval('while true do end', 0).catch(() => other.disconnect())
        await expect.poll(() => operator.ping().catch(String), { timeout: 10_000 }).toContain('BUSY')
      },
      async () => {
        await operator.script('KILL')
        await killed
      },
      ['QUEUE_UNREACHABLE', 7, true],
    ],
    [
      'has too few replicas',
      set('min-replicas-to-write', '1'),
      set('min-replicas-to-write', '0'),
      ['QUEUE_UNREACHABLE', 7, true],
    ],
    // A control: what nobody expects stays so.
    [
      'holds something else under the name of the queue',
      () => operator.set(`bull:driftfarm-bundles-1:meta`, 'x'),
      () => operator.flushall(),
      ['UNEXPECTED', 1, false],
    ],
  ]

  test.each(states)('that %s', async (_, begin, end, ending) => {
    const queue = queueOn(server.url)
    await queue.producer().waiting()
    await begin()
    onTestFinished(async () => void (await end()))
    expect(await endingOfQueue(() => queue.producer().add([{ bundle: 1 }]))).toEqual(ending)
    expect(await endingOfQueue(() => queue.producer().add([{ bundle: 2 }, { bundle: 3 }]))).toEqual(ending)
  })

  test('that loads its data', async () => {
    const replica = await startRedis()
    const asking = new Redis(replica.url)
    onTestFinished(async () => {
      asking.disconnect()
      await replica.close()
    })
    const queue = queueOn(replica.url)
    await queue.producer().waiting()
    await operator.config('SET', 'rdbcompression', 'no')
    await operator.mset(Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`key-${at}`, 'x'.repeat(1_000)])))
    await asking.config('SET', 'key-load-delay', '50000')
    await asking.config('SET', 'loading-process-events-interval-bytes', '1024')
    await operator.config('SET', 'repl-diskless-sync-delay', '0')
    await asking.replicaof('127.0.0.1', Number(new URL(server.url).port))
    await expect.poll(() => asking.get('x').catch(String), { timeout: 10_000 }).toContain('LOADING')
    expect(await endingOfQueue(() => queue.producer().waiting())).toEqual(['QUEUE_UNREACHABLE', 7, true])
  })

  const logins: readonly (readonly [what: string, login: string, word: string])[] = [
    ['no password', '', 'NOAUTH'],
    ['a wrong password', ':wrong@', 'WRONGPASS'],
    ['a login that may do nothing', 'weak:right@', 'NOPERM'],
  ]
  test.each(logins)('that gets %s', async (_, login, word) => {
    await operator.config('SET', 'requirepass', 'right')
    await operator.acl('SETUSER', 'weak', 'on', '>right', '+ping', '+info')
    onTestFinished(async () => void (await operator.config('SET', 'requirepass', '')))
    const queue = queueOn(server.url.replace('//', `//${login}`), hasty)
    const consumer = queue.consumer(async () => 'done', { concurrency: 1 })
    const works = [() => queue.producer().waiting(), () => queue.check(), () => consumer.run()]
    for (const work of word === 'NOPERM' ? works.slice(0, 1) : works) {
      const error = await thrownBy(work)
      expect(endingOf(asQueueError(error, 'testing'))).toEqual(['REDIS_LOGIN', 7, false])
      expect(String(error)).toContain(word)
    }
  })

  const gone: Ending = ['QUEUE_UNREACHABLE', 7, true]

  test('that is silent', async () => {
    const queue = queueOn(proxy.through(server.url), hasty)
    await queue.producer().waiting()
    proxy.silence()
    proxy.admit('silent')
    onTestFinished(() => proxy.admit('all'))
    expect(await endingOfQueue(() => queue.producer().waiting())).toEqual(gone)
    expect(await endingOfQueue(() => queue.check())).toEqual(gone)
  })

  test('that is killed, and then refuses', async () => {
    const queue = queueOn(server.url)
    await queue.producer().waiting()
    await server.kill()
    const error = await thrownBy(() => queue.producer().waiting())
    expect(endingOf(asQueueError(error, 'testing'))).toEqual(gone)
    expect((error as Error).cause).toMatchObject({ name: 'MaxRetriesPerRequestError' })
    const other = queueOn(server.url, hasty)
    const consumer = other.consumer(async () => 'done', { concurrency: 1 })
    for (const work of [() => other.check(), () => other.producer().waiting(), () => consumer.run()]) {
      const refused = await thrownBy(work)
      expect(endingOf(asQueueError(refused, 'testing'))).toEqual(gone)
      expect(String(refused)).toContain('ECONNREFUSED')
    }
    expect(await endingOfQueue(() => queueOn('redis://no-such-machine.invalid').check())).toEqual(gone)
  })
})

describe('PostgreSQL', () => {
  let database: FreshDatabase
  beforeAll(async () => {
    database = await emptyDatabase()
  })
  afterAll(() => database.drop())

  const run = async (sql: string): Promise<void> => {
    const client = new pg.Client(database.url)
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  const on = (login: Partial<Pick<URL, 'username' | 'password' | 'port'>> = {}) =>
    queueOn(undefined, {}, Object.assign(new URL(database.url), login).href)

  test('each state of the tables, and each login', async () => {
    expect(await endingOfQueue(() => on().check())).toEqual(['QUEUE_NOT_MIGRATED', 7, true])
    expect(await endingOfQueue(() => on().producer().waiting())).toEqual(['QUEUE_NOT_MIGRATED', 7, true])
    await on().migrate()
    expect(await endingOfQueue(() => on({ password: 'wrong' }).check())).toEqual(['QUEUE_UNREACHABLE', 7, false])
    expect(await endingOfQueue(() => on({ port: '1' }).producer().waiting())).toEqual(['QUEUE_UNREACHABLE', 7, true])
    const { username, password } = new URL(database.readerUrl)
    await run(`grant connect on database ${new URL(database.url).pathname.slice(1)} to ${username}`)
    expect(await endingOfQueue(() => on({ username, password }).check())).toEqual(['42501', 4, false])
    await run('update bullmq.migration set min_client_version = 99')
    expect(await endingOfQueue(() => on().check())).toEqual(['QUEUE_VERSION', 6, false])
    expect(await endingOfQueue(() => on().producer().waiting())).toEqual(['QUEUE_VERSION', 6, false])
  })
})
