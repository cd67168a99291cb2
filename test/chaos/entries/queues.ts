import { createQueueFactory, type QueueFactory, type QueueFactoryOptions } from '../../../packages/queue/src/index.ts'
import { KERNEL_VERSION } from '../../../packages/spec/src/index.ts'

/** Combines several queues: a consumer takes jobs from all of them. The first is the queue of the farm. */
export function severalQueues(
  numbers: readonly number[] = [0],
  limits: NonNullable<QueueFactoryOptions['limits']> = {},
): { factory: QueueFactory; all: QueueFactory[] } {
  const { DATABASE_URL: databaseUrl = '', REDIS_URL: redisUrl } = process.env
  const all = numbers.map((number) =>
    createQueueFactory({ databaseUrl, redisUrl, kernelVersion: KERNEL_VERSION + 1_000 * number, limits }),
  )
  const [first] = all as [QueueFactory]
  if (all.length === 1) return { factory: first, all }
  const factory: QueueFactory = {
    ...first,
    consumer(handler, options) {
      const consumers = all.map((each) => each.consumer(handler, options))
      const each = async (work: (one: (typeof consumers)[number]) => Promise<void>): Promise<void> => {
        await Promise.all(consumers.map(work))
      }
      return {
        run: () => each((one) => one.run()),
        pause: () => each((one) => one.pause()),
        close: (how) => each((one) => one.close(how)),
        get active() {
          return consumers.reduce((sum, one) => sum + one.active, 0)
        },
        get state() {
          return consumers.map((one) => one.state).join('; ')
        },
      }
    },
    async close() {
      await Promise.all(all.map((each) => each.close()))
    },
  }
  return { factory, all }
}
