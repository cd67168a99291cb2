import type { Job } from './job.ts'

type State = 'waiting' | 'delayed' | 'active'

/** What is used of BullMQ's Queue, whatever it stands on. */
export interface BullQueue {
  waitUntilReady(): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  addBulk(jobs: { name: string; data: Job; opts: JobOptions }[]): Promise<unknown>
  getJobCountByTypes(...states: State[]): Promise<number>
  getJobState(id: string): Promise<string>
  getRanges(states: State[], start: number, end: number): Promise<string[]>
  obliterate(options: { force: boolean }): Promise<void>
  close(force?: boolean): Promise<void>
  disconnect(): Promise<void>
}

export interface JobOptions {
  jobId: string
  removeOnComplete: boolean
  removeOnFail: boolean
}

/** What is used of BullMQ's Worker. */
export interface BullWorker {
  waitUntilReady(): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'completed', listener: () => void): unknown
  run(): Promise<void>
  pause(doNotWaitActive: boolean): Promise<void>
  resume(): Promise<void>
  close(force: boolean): Promise<void>
  disconnect(): Promise<void>
}

/** A job as BullMQ hands it to a processor. */
export interface BullJob {
  readonly id?: string | undefined
  readonly data: unknown
  moveToWait(token?: string): Promise<unknown>
}

export interface WorkerSettings {
  readonly concurrency: number
}

export interface Notice {
  readonly code: 'REDIS_AOF_OFF'
  readonly message: string
  readonly hint: string
}

/** The one seam to what BullMQ stands on; `conformance.test.ts` holds for every implementation. */
export interface Backend {
  readonly kind: 'redis' | 'postgres'
  /** See QueueFactory. */
  readonly place: string
  /** Makes or updates what BullMQ keeps on the server. Only for the process that migrates. */
  migrate(): Promise<void>
  /** Throws a QueueError unless the server can be trusted with jobs. */
  check(): Promise<readonly Notice[]>
  queue(name: string): BullQueue
  worker(name: string, process: (job: BullJob, token?: string) => Promise<void>, options: WorkerSettings): BullWorker
}
