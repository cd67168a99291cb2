import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freshDatabase } from '@driftfarm/testing/database'
import { describeQueues, startRedis } from '@driftfarm/testing/redis'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  type Consumer,
  createQueueFactory,
  type DeliveryOutcome,
  type Job,
  type QueueFactory,
  type QueueLimits,
} from './index.ts'
import { settings } from './settings.ts'

/**
 * No consumer looks by itself and no lock is lost while a test runs: what happens is due to a wake-up, or it does not
 * happen and the test ends at its time limit.
 */
const limits: Partial<QueueLimits> = {
  drainDelayS: 3_600,
  runRetryDelayMs: 50,
  againDelayMs: 50,
  closeTimeoutMs: 1_000,
}
const job = (bundle: number): Job => ({ bundle })
const jobs = (count: number): Job[] => Array.from({ length: count }, (_, place) => job(place + 1))

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

interface Ground {
  readonly redisUrl?: string
  readonly databaseUrl: string
  /** Every connection is lost, and no other can be made until the server is back. */
  away(): Promise<void>
  back(): Promise<void>
  close(): Promise<void>
}

async function onPostgres(): Promise<Ground> {
  const { url, drop } = await freshDatabase()
  const name = new URL(url).pathname.slice(1)
  const elsewhere = async (work: (client: pg.Client) => Promise<void>): Promise<void> => {
    const other = new URL(url)
    other.pathname = '/postgres'
    const client = new pg.Client(other.href)
    await client.connect()
    await work(client).finally(() => client.end())
  }
  return {
    databaseUrl: url,
    away: () =>
      elsewhere(async (client) => {
        await client.query(`alter database ${name} with allow_connections false`)
        await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      }),
    back: () =>
      elsewhere(async (client) => {
        await client.query(`alter database ${name} with allow_connections true`)
      }),
    close: drop,
  }
}

async function onRedis(): Promise<Ground> {
  const redis = await startRedis({ aof: true })
  return {
    redisUrl: redis.url,
    databaseUrl: 'postgresql://127.0.0.1:1/none',
    away: () => redis.kill(),
    back: () => redis.restart(),
    close: () => redis.close(),
  }
}

describeQueues('on', (name) => {
  let ground: Ground
  let factory: QueueFactory

  beforeAll(async () => {
    ground = name === 'redis' ? await onRedis() : await onPostgres()
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

  const open = (change: Partial<QueueLimits> = {}): QueueFactory => {
    const { redisUrl, databaseUrl } = ground
    return createQueueFactory({ redisUrl, databaseUrl, kernelVersion: 1, limits: { ...limits, ...change } })
  }
  /** One that is closed after the test. */
  const openFor = (change: Partial<QueueLimits>): QueueFactory => {
    const made = open(change)
    onTestFinished(() => made.close())
    return made
  }

  /** A consumer that tells each delivery, and each job that the queue has forgotten since. */
  const listen = async (
    handler: (job: Job, nth: number) => Promise<DeliveryOutcome> = async () => 'done',
    concurrency = 1,
    from = factory,
  ) => {
    const deliveries: Job[] = []
    const waiting: (() => void)[] = []
    const wakeAll = () => {
      for (const wake of waiting.splice(0)) wake()
    }
    let acknowledged = 0
    const trouble: string[] = []
    const consumer: Consumer = from.consumer(
      (delivered) => {
        deliveries.push(delivered)
        wakeAll()
        return handler(delivered, deliveries.length)
      },
      {
        concurrency,
        onTrouble: (error) => trouble.push(error.message),
        onAcknowledged: () => {
          acknowledged++
          wakeAll()
        },
      },
    )
    await consumer.run()
    const until = async (count: number): Promise<void> => {
      while (deliveries.length < count) await new Promise<void>((resolve) => waiting.push(resolve))
    }
    const forgotten = async (count: number): Promise<void> => {
      while (acknowledged < count) await new Promise<void>((resolve) => waiting.push(resolve))
    }
    return { consumer, deliveries, trouble, until, forgotten }
  }
  const producer = () => factory.producer()
  const isEmpty = async () => expect(await producer().keys()).toEqual({ waiting: [], active: [] })

  test('a job arrives as it was added, leaves no trace, and may then be added again', async () => {
    const { consumer, deliveries, until, forgotten } = await listen()
    await producer().add([job(7)])
    await until(1)
    expect(deliveries[0]).toEqual(job(7))
    await forgotten(1)
    await isEmpty()
    await producer().add([job(7)])
    await until(2)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('adding an existing job changes nothing', async () => {
    await producer().add([job(1), job(1)])
    await producer().add([job(1), job(2)])
    expect(await producer().waiting()).toBe(2)
    expect((await producer().keys()).waiting).toContainEqual(job(2))
    expect((await producer().keys()).waiting).not.toContainEqual(job(3))
    // More at once than are added one by one.
    for (const count of [20, 21]) await producer().add(jobs(count))
    expect(await producer().waiting()).toBe(21)
  })

  test.each([2, 20])('an urgent job comes before those that wait, added with others, %s in all', async (count) => {
    await producer().add(jobs(5))
    const [urgent, ...others] = Array.from({ length: count }, (_, n) => job(6 + n))
    await producer().add([{ ...urgent!, urgent: true }, ...others.map((other) => ({ ...other, urgent: false }))])
    const { consumer, deliveries, forgotten } = await listen(async () => 'done', 1)
    await forgotten(5 + count)
    await isEmpty()
    expect(deliveries).toEqual([urgent, ...jobs(5), ...others])
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('thousands of jobs are added in slices, and all are listed', async () => {
    const many = full ? 2_500 : 1_250
    await producer().add(jobs(many))
    expect(await producer().waiting()).toBe(many)
    const { waiting, active } = await producer().keys()
    expect(active).toEqual([])
    expect(waiting.toSorted((a, b) => a.bundle - b.bundle)).toEqual(jobs(many))
    await producer().obliterate()
    expect(await producer().waiting()).toBe(0)
  })

  test('running jobs are listed as active, up to the concurrency', async () => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { consumer, until, forgotten, deliveries } = await listen(async () => held.then(() => 'done' as const), 2)
    await producer().add(jobs(5))
    await until(2)
    const { waiting, active } = await producer().keys()
    expect([waiting.length, active.length, consumer.active]).toEqual([3, 2, 2])
    finish()
    await forgotten(5)
    await isEmpty()
    expect(deliveries).toHaveLength(5)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('a handler that throws gets the job again after a delay, one that returns it at once', async () => {
    const { consumer, deliveries, trouble, forgotten } = await listen(async (_, nth) => {
      if (nth === 1) throw new Error('no luck')
      return nth === 2 ? 'back' : 'done'
    })
    await producer().add([job(1)])
    await forgotten(1)
    await isEmpty()
    expect(deliveries).toEqual([job(1), job(1), job(1)])
    expect(trouble).toEqual(['no luck'])
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('the delay is as configured, and only after an error; closing cuts it short', async () => {
    const from = openFor({ againDelayMs: 3_600_000 })
    const { consumer, trouble, until, forgotten } = await listen(
      async ({ bundle }, nth) => {
        if (bundle === 1) throw new Error('no luck')
        return nth === 2 ? 'back' : 'done'
      },
      2,
      from,
    )
    await producer().add([job(1)])
    await until(1)
    await producer().add([job(2)])
    await until(3)
    await forgotten(1)
    expect((await producer().keys()).active).toEqual([job(1)])
    expect(trouble).toEqual(['no luck'])
    await consumer.close({ timeoutMs: 60_000 })
    expect(await producer().waiting()).toBe(1)
  })

  test('no wake-up is lost: an idle consumer starts at once', async () => {
    const { consumer, until } = await listen(async () => 'done', 3)
    for (let nth = 1; nth <= (full ? 60 : 18); nth++) {
      // So that jobs come at all moments of a consumer that becomes idle.
      for (let looks = nth % 6; looks > 0; looks--) await producer().waiting()
      await producer().add([job(nth)])
      await until(nth)
    }
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('a consumer without a wake-up checks by itself', async () => {
    const { consumer, until } = await listen(async () => 'done', 1, openFor({ drainDelayS: 0.2 }))
    for (let nth = 1; nth <= 3; nth++) {
      await producer().add([job(nth)])
      await until(nth)
    }
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('two idle consumers with one slot each both start when two jobs arrive', async () => {
    const never = (): Promise<DeliveryOutcome> => new Promise(() => undefined)
    const [one, two] = [await listen(never), await listen(never)]
    await producer().add([job(1), job(2)])
    await Promise.all([one.until(1), two.until(1)])
    await Promise.all([one.consumer.close(), two.consumer.close()])
  })

  test('closing takes bounded time even if a handler never ends, and returns jobs it has just taken', async () => {
    const { consumer, until } = await listen(() => new Promise(() => undefined))
    await producer().add(jobs(3))
    await until(1)
    await consumer.close({ timeoutMs: 50 })
    expect(await producer().waiting()).toBe(2)
  })

  test('pausing takes no more jobs and lets running ones end', async () => {
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { consumer, until, forgotten, deliveries } = await listen(async () => held.then(() => 'done' as const))
    await producer().add([job(1)])
    await until(1)
    await consumer.pause()
    finish()
    await forgotten(1)
    await isEmpty()
    // What the paused one does not take, another does.
    await producer().add([job(2), job(3)])
    const other = await listen()
    await other.forgotten(2)
    await isEmpty()
    await other.consumer.close({ timeoutMs: 1_000 })
    expect(deliveries).toEqual([job(1)])
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('work continues after every connection was lost', async () => {
    const { consumer, deliveries, until, forgotten } = await listen(async () => 'done', 2)
    await producer().add([job(1)])
    await forgotten(1)
    await ground.away()
    await expect(producer().add([job(2)])).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true })
    await ground.back()
    const added = (bundle: number) =>
      producer()
        .add([job(bundle)])
        .then(
          () => true,
          (error: unknown) => (error as { code: string }).code,
        )
    await expect.poll(() => added(2), { timeout: 60_000 }).toBe(true)
    // A job that comes between the consumer's look and its listening again wakes nobody, and this one looks by itself
    // after an hour only. The next job wakes it.
    let more = 2
    const isTaken = async () => {
      if (deliveries.length >= 2) return true
      if ((await added(more + 1)) === true) more++
      return false
    }
    await expect.poll(isTaken, { timeout: 60_000, interval: 500 }).toBe(true)
    // And it is woken as before.
    await until(more)
    await forgotten(more)
    await isEmpty()
    await producer().add([job(more + 1)])
    await until(more + 1)
    await consumer.close({ timeoutMs: 1_000 })
  })

  test('the job of a killed process is delivered again when its lock has expired', async () => {
    // What is promised: 20 s at most.
    expect(settings.lockDurationMs + 2 * settings.stalledIntervalMs).toBeLessThanOrEqual(20_000)
    const short = { lockDurationMs: 1_000, stalledIntervalMs: 300, drainDelayS: 0.3 }
    const holder = fileURLToPath(new URL('./holder.fixture.ts', import.meta.url))
    const args = ['--import', 'tsx', holder, ground.databaseUrl, ground.redisUrl ?? '', JSON.stringify(short)]
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
    const { consumer, until } = await listen(undefined, 1, openFor(short))
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    await until(1)
    await consumer.close({ timeoutMs: 1_000 })
  })
})
