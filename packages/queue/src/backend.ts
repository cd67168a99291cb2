import { createRequire } from 'node:module'
import type { WatchedPool } from '@driftfarm/database'
import type * as bull from 'bullmq'
import type { Job } from './job.ts'
import { type QueueLimits, settings } from './settings.ts'

interface Reporting {
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** The parts of BullMQ's classes that this package uses, on any backend. */
export type BullQueue = Reporting &
  Pick<
    bull.Queue<Job, void, string>,
    'waitUntilReady' | 'add' | 'addBulk' | 'getJobCountByTypes' | 'getRanges' | 'obliterate' | 'close' | 'disconnect'
  >
export type BullWorker = Reporting &
  Pick<bull.Worker<Job, void, string>, 'waitUntilReady' | 'run' | 'pause' | 'close' | 'disconnect'> & {
    on(event: 'completed', listener: () => void): unknown
  }
export type BullJob = Pick<bull.Job<Job, void, string>, 'data' | 'moveToWait'>

export const streams = { events: { maxLen: settings.events } }

export const workerOptions = (limits: QueueLimits, concurrency: number) => ({
  autorun: false,
  concurrency,
  lockDuration: limits.lockDurationMs,
  stalledInterval: limits.stalledIntervalMs,
  maxStalledCount: settings.maxStalledCount,
  drainDelay: limits.drainDelayS,
  runRetryDelay: limits.runRetryDelayMs,
})

export const queueAt = ({ kind, place }: Pick<Backend, 'kind' | 'place'>): string =>
  kind === 'postgres' ? 'the queue on PostgreSQL' : `the queue at ${place}`

/**
 * All access to the server of the queue (Redis or PostgreSQL) goes through a backend. `conformance.test.ts` tests every
 * backend.
 */
export interface Backend {
  readonly kind: 'redis' | 'postgres'
  /** Identifies the queue; the same as `place` of `QueueFactory`. */
  readonly place: string
  /** Identifies the server to which a queue is connected; null if the queue has no server of its own. */
  readonly server: ((queue: BullQueue) => Promise<string | null>) | null
  /** Up to this number, jobs are added one by one, because one `addBulk` would take longer than this many `add`. */
  readonly fewJobs: number
  /** Creates or updates BullMQ's tables; does nothing on Redis. Only a process that applies migrations may call it. */
  migrate(): Promise<void>
  /** Returns warnings. Throws a QueueError if the server is unsuitable. */
  check(): Promise<readonly string[]>
  queue(name: string): BullQueue
  worker(name: string, process: (job: BullJob, token?: string) => Promise<void>, concurrency: number): BullWorker
  /** The connections that queues and workers share; null if each has its own connection. */
  pool(): WatchedPool | null
  /** Closes the shared connections. Queues and workers must be closed first. */
  close(): Promise<void>
}

const require = createRequire(import.meta.url)

/**
 * BullMQ, loaded only when the first queue is opened. A command that opens no queue would otherwise spend a third of
 * its start-up time on loading the 300 modules of BullMQ.
 */
export const bullmq = (): typeof import('bullmq') => require('bullmq')

export const ioredis = (): typeof import('ioredis') => require('ioredis')
