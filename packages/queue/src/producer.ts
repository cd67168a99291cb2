import { type Backend, type BullQueue, queueAt } from './backend.ts'
import { settlesWithin, withTimeout } from './bounded.ts'
import { asQueueError, QueueError } from './error.ts'
import { checkJob, jobId, type NewJob, parseJobId } from './job.ts'
import { type QueueLimits, settings } from './settings.ts'

const removeFinished = { removeOnComplete: true, removeOnFail: true } as const

export type Producer = ReturnType<typeof createProducer>

/** The sending side of the queue. Every operation ends within 10 s or throws a retryable QueueError. */
export function createProducer(backend: Backend, name: string, { operationTimeoutMs, closeTimeoutMs }: QueueLimits) {
  let opening: Promise<BullQueue> | null = null
  let closed = false
  const at = queueAt(backend)

  /** BullMQ never recovers from a failed first connection, so a queue that did not open is discarded. */
  const open = (): Promise<BullQueue> => {
    if (opening !== null) return opening
    const attempt = (async () => {
      const queue = backend.queue(name)
      let reason: unknown
      queue.on('error', (error: unknown) => {
        // This error is used only if the connection does not open. Later, each failing operation throws its own error.
        reason = error
      })
      try {
        await withTimeout(queue.waitUntilReady(), operationTimeoutMs, `connecting to ${at}`)
        return queue
      } catch (error) {
        // The error of the connection says more than the timeout.
        const cause = error instanceof QueueError ? (reason ?? error) : error
        await settlesWithin(queue.disconnect(), closeTimeoutMs)
        throw cause
      }
    })()
    opening = attempt
    attempt.catch(() => {
      if (opening === attempt) opening = null
    })
    return attempt
  }

  const drop = async (queue: BullQueue): Promise<void> => {
    // Another operation may have opened a new queue in the meantime.
    if ((await opening?.catch(() => null)) === queue) opening = null
    void settlesWithin(queue.close(), closeTimeoutMs).then((done) => (done ? undefined : queue.disconnect()))
  }

  const operation = async <T>(what: string, work: (queue: BullQueue) => Promise<T>): Promise<T> => {
    const doing = `${what} ${at}`
    try {
      if (closed) throw new QueueError('QUEUE_UNREACHABLE', 'this process has closed its connection to the queue')
      const queue = await open()
      return await withTimeout(work(queue), operationTimeoutMs, doing).catch((error: unknown) => {
        if (error instanceof QueueError && error.code === 'QUEUE_UNREACHABLE') drop(queue)
        throw error
      })
    } catch (error) {
      throw asQueueError(error, doing)
    }
  }

  return {
    /**
     * Adds jobs in slices of at most 1,000. A job that is already in the queue is not changed, so adding it again is
     * harmless. If the call throws, some of the jobs may have been added.
     */
    async add(jobs: readonly NewJob[]): Promise<void> {
      const entries = jobs.map((job) => {
        const data = checkJob(job)
        return { name: 'bundle', data, opts: { jobId: jobId(data), lifo: job.urgent === true, ...removeFinished } }
      })
      for (let at = 0; at < entries.length; at += settings.slice) {
        const slice = entries.slice(at, at + settings.slice)
        await operation('adding jobs to', async (queue) => {
          if (slice.length > backend.fewJobs) await queue.addBulk(slice)
          else for (const { name, data, opts } of slice) await queue.add(name, data, opts)
        })
      }
    },
    /** Number of jobs that no consumer has taken yet. */
    waiting: () => operation('counting the jobs in', (queue) => queue.getJobCountByTypes('waiting', 'delayed')),
    /**
     * The jobs in the queue now. `waiting` includes delayed jobs. The jobs in `active` are running, or their consumer
     * died within the last 20 s. A job that is taken during the call may be listed as both waiting and active.
     */
    keys: () =>
      operation('listing the jobs in', async (queue) => {
        const keysOf = async (...states: ('active' | 'waiting' | 'delayed')[]) =>
          (await queue.getRanges(states, 0, -1)).map(parseJobId).filter((key) => key !== null)
        // Waiting jobs are read before active ones, so that a job that is taken between the two reads is not missed.
        const waiting = await keysOf('waiting', 'delayed')
        return { waiting, active: await keysOf('active') }
      }),
    /**
     * Identifies the server that responds: a Redis server may have several addresses, and a different server may take
     * over an address. Null on PostgreSQL.
     */
    async server(): Promise<string | null> {
      const { server } = backend
      return server === null ? null : operation('identifying the server of', server)
    },
    /** Removes every job, active ones included. */
    obliterate: () => operation('removing all jobs from', (queue) => queue.obliterate({ force: true })),
    async close(): Promise<void> {
      closed = true
      if (opening === null) return
      const queue = await opening.catch(() => null)
      if (queue === null) return
      if (!(await settlesWithin(queue.close(), closeTimeoutMs))) await settlesWithin(queue.disconnect(), closeTimeoutMs)
    },
  }
}
