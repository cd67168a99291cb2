import type { BatchJob } from '@driftfarm/database'

type Key = Pick<BatchJob, 'cell' | 'first' | 'generation'>

/**
 * The feeding side of the queue, as much of it as a coordinator needs: a hint of what is to be done, never the truth.
 */
export interface QueuePort {
  /** At least once, in slices; adding again what is there does nothing. When it throws, some may have been added. */
  add(jobs: readonly BatchJob[]): Promise<void>
  /** What is in the queue: waiting for a worker, or with one. */
  keys(): Promise<{ readonly waiting: readonly Key[]; readonly active: readonly Key[] }>
}
