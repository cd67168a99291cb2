import { freshDatabase } from '@driftfarm/testing/database'
import { type Proxy, startProxy } from '@driftfarm/testing/proxy'
import { describeQueues, servedRedis } from '@driftfarm/testing/redis'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { createQueueFactory, type DeliveryOutcome, type Job, type QueueFactory } from './index.ts'

// Established connections lose every byte in both directions, and nobody closes them.
const redis = servedRedis()
const job = (bundle: number): Job => ({ bundle })
const limits = {
  silenceMs: 300,
  checkIdleMs: 300,
  operationTimeoutMs: 1_000,
  closeTimeoutMs: 500,
  lockDurationMs: 1_500,
  stalledIntervalMs: 500,
  drainDelayS: 0.5,
  runRetryDelayMs: 100,
}

describeQueues('on', (kind) => {
  let urls: { databaseUrl: string; redisUrl?: string }
  let drop: () => Promise<void>
  /** Queues that are reached without the proxy. */
  let sound: QueueFactory

  beforeAll(async () => {
    if (kind === 'redis') {
      urls = { databaseUrl: 'postgresql://127.0.0.1:1/none', redisUrl: redis.url }
      drop = async () => undefined
    } else {
      const fresh = await freshDatabase()
      urls = { databaseUrl: fresh.url }
      drop = fresh.drop
    }
    sound = createQueueFactory({ ...urls, kernelVersion: 1, limits })
    await sound.migrate()
  })
  afterAll(async () => {
    await sound.close()
    await drop()
  })

  async function behind(): Promise<{ proxy: Proxy; factory: QueueFactory }> {
    const proxy = await startProxy(urls.redisUrl ?? urls.databaseUrl)
    const through = urls.redisUrl === undefined ? 'databaseUrl' : 'redisUrl'
    const factory = createQueueFactory({
      ...urls,
      [through]: proxy.through(urls[through]!),
      kernelVersion: 1,
      limits,
    })
    onTestFinished(async () => {
      await factory.close()
      await proxy.close()
      await sound.producer().obliterate()
    })
    return { proxy, factory }
  }

  async function listen(factory: QueueFactory, handler: (job: Job) => Promise<DeliveryOutcome> = async () => 'done') {
    const delivered: number[] = []
    const consumer = factory.consumer(
      (each) => {
        delivered.push(each.bundle)
        return handler(each)
      },
      { concurrency: 2 },
    )
    await consumer.run()
    return delivered
  }
  const emptied = async (): Promise<boolean> => {
    const { waiting, active } = await sound.producer().keys()
    return waiting.length + active.length === 0
  }

  test('a producer adds again', async () => {
    const { proxy, factory } = await behind()
    const producer = factory.producer()
    await producer.add([job(1)])
    expect(proxy.silence()).toBeGreaterThan(0)
    for (;;) {
      const failure = await producer.add([job(2)]).then(
        () => null,
        (error: unknown) => error,
      )
      if (failure === null) break
      expect(failure).toMatchObject({ code: 'QUEUE_UNREACHABLE', retryable: true })
    }
    expect((await sound.producer().keys()).waiting).toContainEqual(job(2))
  })

  test('a producer whose server does not respond fails, and continues when it does', async () => {
    const { proxy, factory } = await behind()
    await factory.producer().add([job(1)])
    proxy.silence()
    proxy.admit('silent')
    await expect(factory.producer().add([job(2)])).rejects.toMatchObject({ code: 'QUEUE_UNREACHABLE' })
    proxy.admit('all')
    await expect
      .poll(
        () =>
          factory
            .producer()
            .add([job(2)])
            .then(
              () => true,
              () => false,
            ),
        { timeout: 60_000 },
      )
      .toBe(true)
  })

  test('an idle consumer gets jobs again', async () => {
    const { proxy, factory } = await behind()
    const delivered = await listen(factory)
    await sound.producer().add([job(1)])
    await expect.poll(() => delivered.length, { timeout: 60_000 }).toBe(1)
    expect(proxy.silence()).toBeGreaterThan(1)
    await sound.producer().add([job(2), job(3)])
    await expect.poll(() => delivered.slice(1).sort(), { timeout: 60_000 }).toEqual([2, 3])
    await expect.poll(emptied, { timeout: 60_000 }).toBe(true)
  })

  test('a busy consumer acknowledges finished jobs, and continues', async () => {
    const { proxy, factory } = await behind()
    let finish = (): void => undefined
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const delivered = await listen(factory, async ({ bundle }) => {
      if (bundle === 1) await held
      return 'done'
    })
    await sound.producer().add([job(1)])
    await expect.poll(() => delivered, { timeout: 60_000 }).toEqual([1])
    proxy.silence()
    finish()
    await sound.producer().add([job(2)])
    // At least once: what was acknowledged into the void may come again, after its lock has run out.
    await expect.poll(emptied, { timeout: 60_000 }).toBe(true)
    expect(new Set(delivered)).toEqual(new Set([1, 2]))
  })

  test('closing does not wait for silent connections', async () => {
    const { proxy, factory } = await behind()
    await listen(factory)
    await factory.producer().waiting()
    proxy.silence()
    await factory.close()
  })
})
