import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from '@driftfarm/testing/database'
import { type PrivateRedis, redisOrReason } from '@driftfarm/testing/redis'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Consumer, createQueueFactory, type Ending, type Job, type QueueFactory } from './index.ts'

const cell = 'c0ffee00c0ffee00c0ffee00c0ffee00'
const job = (first: number, generation = 1): Job => ({ cell, first, count: 10, generation })
const jobs = (count: number): Job[] => Array.from({ length: count }, (_, first) => job(first))

interface Ground {
  readonly redisUrl?: string
  readonly databaseUrl: string
  /** An idle consumer starts a job within this, most of the time. */
  readonly wakeUpMs: number
  /** Every connection is lost; the server is away for a moment. */
  interrupt(): Promise<void>
  close(): Promise<void>
}

async function onPostgres(): Promise<Ground> {
  const { url, drop } = await freshDatabase()
  const name = new URL(url).pathname.slice(1)
  return {
    databaseUrl: url,
    wakeUpMs: 200,
    async interrupt() {
      const elsewhere = new URL(url)
      elsewhere.pathname = '/postgres'
      const client = new pg.Client(elsewhere.href)
      await client.connect()
      await client.query(`alter database ${name} with allow_connections false`)
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      await delay(1_000)
      await client.query(`alter database ${name} with allow_connections true`)
      await client.end()
    },
    close: drop,
  }
}

async function onRedis(): Promise<Ground | string> {
  const redis: PrivateRedis | string = await redisOrReason({ aof: true })
  if (typeof redis === 'string') return redis
  return {
    redisUrl: redis.url,
    databaseUrl: 'postgresql://127.0.0.1:1/none',
    wakeUpMs: 50,
    async interrupt() {
      await redis.kill()
      await delay(1_000)
      await redis.restart()
    },
    close: () => redis.close(),
  }
}

const redisGround = await onRedis()
const grounds: [string, () => Promise<Ground>][] = [['postgres', onPostgres]]
if (typeof redisGround !== 'string') grounds.push(['redis', async () => redisGround])
else test.skip(`redis: ${redisGround}`, () => undefined)

describe.each(grounds)('on %s', (name, make) => {
  let ground: Ground
  let factory: QueueFactory

  beforeAll(async () => {
    ground = await make()
    factory = open()
    if (name === 'postgres') {
      await expect(factory.check()).rejects.toMatchObject({ code: 'QUEUE_NOT_MIGRATED', exit: 7 })
      await expect(factory.producer().waiting()).rejects.toMatchObject({ code: 'QUEUE_NOT_MIGRATED' })
      const consumer = factory.consumer(async () => 'done', { concurrency: 1 })
      await expect(consumer.run()).rejects.toMatchObject({ code: 'QUEUE_NOT_MIGRATED' })
    }
    await factory.migrate()
    await factory.migrate()
    await factory.check()
  })
  afterEach(() => factory.producer().obliterate())
  afterAll(async () => {
    await factory?.close()
    await ground?.close()
  })

  const open = (): QueueFactory => {
    const { redisUrl, databaseUrl } = ground
    return createQueueFactory({ redisUrl, databaseUrl, kernelVersion: 1 })
  }

  /** A consumer that tells each delivery; `next` waits for one more. */
  const listen = async (handler: (job: Job, nth: number) => Promise<Ending> = async () => 'done', concurrency = 1) => {
    const deliveries: { job: Job; at: number }[] = []
    const waiting: (() => void)[] = []
    const trouble: string[] = []
    const consumer: Consumer = factory.consumer(
      (delivered) => {
        deliveries.push({ job: delivered, at: performance.now() })
        for (const wake of waiting.splice(0)) wake()
        return handler(delivered, deliveries.length)
      },
      { concurrency, onTrouble: (error) => trouble.push(error.message) },
    )
    await consumer.run()
    const until = async (count: number): Promise<void> => {
      while (deliveries.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    }
    return { consumer, deliveries, trouble, until }
  }
  const producer = () => factory.producer()
  const emptied = async (): Promise<void> => {
    while ((await producer().waiting()) + (await producer().keys()).active.length > 0) await delay(10)
  }

  test('a job arrives as it was added, leaves no trace, and may then be added again', async () => {
    const { consumer, deliveries, until } = await listen()
    await producer().add([job(7)])
    await until(1)
    expect(deliveries[0]?.job).toEqual(job(7))
    await emptied()
    expect(await producer().has(job(7))).toBe(false)
    await producer().add([job(7)])
    await until(2)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('adding what is there changes nothing; another generation is another job', async () => {
    await producer().add([job(1), job(1)])
    await producer().add([job(1), job(2)])
    expect(await producer().waiting()).toBe(2)
    await producer().add([job(1, 2)])
    expect(await producer().waiting()).toBe(3)
    expect(await producer().has(job(1, 2))).toBe(true)
    expect(await producer().has(job(1, 3))).toBe(false)
  })

  test('thousands are added in slices and all listed', async () => {
    await producer().add(jobs(2_500))
    expect(await producer().waiting()).toBe(2_500)
    const { waiting, active } = await producer().keys()
    expect(active).toEqual([])
    expect(waiting.map(({ first }) => first).sort((a, b) => a - b)).toEqual(jobs(2_500).map(({ first }) => first))
    expect(waiting[0]).toMatchObject({ cell, generation: 1 })
    await producer().obliterate()
    expect(await producer().waiting()).toBe(0)
  })

  test('what is at work is listed as active, up to the concurrency', async () => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { consumer, until, deliveries } = await listen(async () => held.then(() => 'done' as const), 2)
    await producer().add(jobs(5))
    await until(2)
    const { waiting, active } = await producer().keys()
    expect([waiting.length, active.length, consumer.active]).toEqual([3, 2, 2])
    finish()
    await until(5)
    await emptied()
    expect(deliveries).toHaveLength(5)
    expect(await producer().keys()).toEqual({ waiting: [], active: [] })
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('a handler that throws gets the job again after a second, one that gives it back at once', async () => {
    const { consumer, deliveries, trouble, until } = await listen(async (_, nth) => {
      if (nth === 1) throw new Error('no luck')
      return nth === 2 ? 'back' : 'done'
    })
    await producer().add([job(1)])
    await until(3)
    await emptied()
    const [first, second, third] = deliveries.map(({ at }) => at)
    expect(second! - first!).toBeGreaterThan(900)
    expect(second! - first!).toBeLessThan(3_500)
    expect(third! - second!).toBeLessThan(500)
    expect(trouble).toEqual(['no luck'])
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('no wake-up is lost: an idle consumer starts at once', async () => {
    const { consumer, deliveries, until } = await listen(async () => 'done', 3)
    const waits: number[] = []
    for (let nth = 1; nth <= 60; nth++) {
      // Longer now and then than the consumer's own look, and around it.
      await delay(nth % 20 === 0 ? 1_900 + nth * 3 : (nth * 7) % 50)
      const start = performance.now()
      await producer().add([job(nth)])
      await until(nth)
      waits.push(deliveries[nth - 1]!.at - start)
    }
    waits.sort((a, b) => a - b)
    expect(waits[30]).toBeLessThan(ground.wakeUpMs)
    // Far below the 2 s after which a consumer looks by itself.
    expect(waits.at(-1)).toBeLessThan(1_000)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('of two idle consumers with one place each, both start when two jobs come', async () => {
    const never = (): Promise<Ending> => new Promise(() => undefined)
    const [one, two] = [await listen(never), await listen(never)]
    await delay(100)
    const start = performance.now()
    await producer().add([job(1), job(2)])
    await Promise.all([one.until(1), two.until(1)])
    expect(performance.now() - start).toBeLessThan(1_000)
    await Promise.all([one.consumer.close(), two.consumer.close()])
  })

  test('closing takes bounded time even when a handler never ends, and gives back what it just took', async () => {
    const { consumer, until } = await listen(() => new Promise(() => undefined))
    await producer().add(jobs(3))
    await until(1)
    const start = performance.now()
    await consumer.close({ timeoutMs: 300 })
    expect(performance.now() - start).toBeLessThan(4_000)
    expect(await producer().waiting()).toBe(2)
  })

  test('pausing takes no more and lets the running end', async () => {
    const { consumer, until, deliveries } = await listen(async () => {
      await delay(100)
      return 'done'
    })
    await producer().add(jobs(2))
    await until(1)
    await consumer.pause()
    await delay(400)
    expect(deliveries).toHaveLength(1)
    expect(await producer().waiting()).toBe(1)
    await consumer.resume()
    await until(2)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('work goes on after every connection was lost', async () => {
    const { consumer, deliveries, until } = await listen(async () => 'done', 2)
    await producer().add([job(1)])
    await until(1)
    await ground.interrupt()
    const start = performance.now()
    for (;;) {
      try {
        await producer().add([job(2)])
        break
      } catch (error) {
        expect(error).toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true })
        await delay(50)
      }
    }
    await until(2)
    expect(performance.now() - start).toBeLessThan(5_000)
    // And it is as quick as before.
    await delay(200)
    const again = performance.now()
    await producer().add([job(3)])
    await until(3)
    expect(deliveries[2]!.at - again).toBeLessThan(1_000)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('the job of a process that was killed is delivered again within 20 s', async () => {
    const holder = fileURLToPath(new URL('./holder.fixture.ts', import.meta.url))
    const args = ['--import', 'tsx', holder, ground.databaseUrl, ground.redisUrl ?? '']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const said = (word: string) =>
      new Promise<void>((resolve) => {
        child.stdout.on('data', (data) => {
          if (String(data).includes(word)) resolve()
        })
      })
    await said('ready')
    const taken = said('taken')
    await producer().add([job(1)])
    await taken
    const { consumer, until } = await listen()
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    const start = performance.now()
    await until(1)
    expect(performance.now() - start).toBeLessThan(20_000)
    await consumer.close({ timeoutMs: 1_000 })
  })
})
