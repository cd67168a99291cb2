import type { BundleJob } from '@driftfarm/database'

/** The part of the queue that a coordinator uses. The queue is a hint of what is to be done, never the truth. */
export interface QueuePort {
  /**
   * Adds jobs at least once, in slices; urgent ones at the head. Adding a job that is there has no effect. If it
   * throws, some jobs may have been added.
   */
  add(jobs: readonly (BundleJob & { readonly urgent: boolean })[]): Promise<void>
  /** The jobs in the queue: waiting for a worker, or with one. */
  keys(): Promise<{ readonly waiting: readonly BundleJob[]; readonly active: readonly BundleJob[] }>
  /** Identifies the server of the queue; null where it has no name of its own. Throws where it does not answer. */
  server(): Promise<string | null>
}
