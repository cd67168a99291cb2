import type { BatchJob } from '@driftfarm/database'

type Key = Pick<BatchJob, 'cell' | 'first' | 'generation'>

/** The part of the queue that a coordinator uses. The queue is a hint of what is to be done, never the truth. */
export interface QueuePort {
  /**
   * Adds jobs at least once, in slices. Adding a job that is there has no effect. If it throws, some jobs may have been
   * added.
   */
  add(jobs: readonly BatchJob[]): Promise<void>
  /** The jobs in the queue: waiting for a worker, or with one. */
  keys(): Promise<{ readonly waiting: readonly Key[]; readonly active: readonly Key[] }>
}
