import { setTimeout as delay } from 'node:timers/promises'
import { type Backend, type BullJob, type BullWorker, bullmq, queueAt } from './backend.ts'
import { settlesWithin, withTimeout } from './bounded.ts'
import { asQueueError, QueueError } from './error.ts'
import { checkJob, type Job } from './job.ts'
import type { QueueLimits } from './settings.ts'

/**
 * How a delivery ended. `done`: the job is finished and leaves the queue. `back`: the job is returned at once, for
 * another consumer. If a handler throws, the job is delivered again after a second.
 */
export type DeliveryOutcome = 'done' | 'back'
export type Handler = (job: Job) => Promise<DeliveryOutcome>

export interface ConsumerOptions {
  /** Maximum number of running handlers. */
  readonly concurrency: number
  /** Called with errors that the consumer handles itself: lost connections, lost locks, handlers that threw. */
  readonly onTrouble?: (error: Error) => void
  /** Called when the queue has deleted a finished job. */
  readonly onAcknowledged?: () => void
}

export type Consumer = ReturnType<typeof createConsumer>

/** The receiving side of the queue. A job is delivered at least once, so handlers must be idempotent. */
export function createConsumer(
  backend: Backend,
  name: string,
  handler: Handler,
  options: ConsumerOptions & { readonly limits: QueueLimits },
) {
  const { concurrency, limits, onTrouble = () => undefined, onAcknowledged } = options
  const running = new Set<Promise<void>>()
  let phase: 'new' | 'running' | 'paused' | 'closing' | 'closed' = 'new'
  let worker: BullWorker | null = null
  let trouble: Error | null = null
  const closing = new AbortController()

  const report = (error: Error): void => {
    trouble = error
    // BullMQ may still wait for jobs on a connection that ends with the server of this process.
    if (phase !== 'closed') onTrouble(error)
  }

  const handle = async (job: BullJob, token?: string): Promise<void> => {
    let ending: DeliveryOutcome = 'back'
    if (phase !== 'closing' && phase !== 'closed') {
      try {
        ending = await handler(checkJob(job.data))
      } catch (error) {
        report(error instanceof Error ? error : new Error(String(error)))
        // The consumer waits here and keeps the lock of the job. Delayed jobs of BullMQ are not used, because each
        // machine decides by its own clock whether they are due, and the clocks of machines may differ.
        await delay(limits.againDelayMs, undefined, { ref: false, signal: closing.signal }).catch(() => undefined)
      }
    }
    if (ending !== 'done') {
      await job.moveToWait(token)
      const { WaitingError } = bullmq()
      throw new WaitingError()
    }
  }

  const process = (job: BullJob, token?: string): Promise<void> => {
    const work: Promise<void> = handle(job, token).finally(() => running.delete(work))
    running.add(work)
    return work
  }

  const tearDown = async (what: BullWorker, force: boolean): Promise<void> => {
    if (await settlesWithin(what.close(force), limits.closeTimeoutMs)) return
    await settlesWithin(what.disconnect(), limits.closeTimeoutMs)
  }

  return {
    /**
     * Starts the consumer and resolves when it is connected. Throws a QueueError if this takes longer than 10 s; `run`
     * may be called again after this error.
     */
    async run(): Promise<void> {
      if (phase !== 'new') throw new Error(`this consumer is ${phase} and cannot be started again`)
      const attempt = backend.worker(name, process, concurrency)
      const doing = `waiting for jobs from ${queueAt(backend)}`
      trouble = null
      attempt.on('error', (error) => report(asQueueError(error, doing)))
      if (onAcknowledged !== undefined) attempt.on('completed', onAcknowledged)
      try {
        await withTimeout(attempt.waitUntilReady(), limits.operationTimeoutMs, `connecting to ${queueAt(backend)}`)
      } catch (error) {
        // BullMQ never recovers from a failed first connection, so this worker is useless from now on.
        const cause = error instanceof QueueError ? (trouble ?? error) : error
        await tearDown(attempt, true)
        throw asQueueError(cause, doing)
      }
      worker = attempt
      phase = 'running'
      attempt.run().catch((error: unknown) => report(asQueueError(error, doing)))
    },
    /** Stops taking jobs. Running handlers continue. */
    async pause(): Promise<void> {
      if (phase !== 'running') return
      phase = 'paused'
      await worker!.pause(true)
    },
    /**
     * Closes the consumer within bounded time. Handlers have `timeoutMs` to finish. If a handler takes longer, its job
     * counts as stalled and is delivered again.
     */
    async close({ timeoutMs = 0 }: { readonly timeoutMs?: number } = {}): Promise<void> {
      if (phase === 'closing' || phase === 'closed') return
      phase = 'closing'
      closing.abort()
      if (worker !== null) {
        await worker.pause(true)
        await settlesWithin(Promise.allSettled(running), timeoutMs)
        await tearDown(worker, running.size > 0)
      }
      phase = 'closed'
    },
    get active(): number {
      return running.size
    },
    /** Describes the state in one line, for people. */
    get state(): string {
      return (
        `${phase}, active jobs: ${running.size} of at most ${concurrency}` +
        `${trouble === null ? '' : `, last error: ${trouble.message}`}`
      )
    },
  }
}
