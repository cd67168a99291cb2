import type { BundleJob } from '@driftfarm/database'

/** The part of the queue that a coordinator uses. The queue only announces work; the ledger is authoritative. */
export interface QueuePort {
  /**
   * Adds jobs in slices; urgent jobs go to the head of the queue. Adding a job that exists already has no effect. If
   * the call throws, some jobs may have been added.
   */
  add(jobs: readonly (BundleJob & { readonly urgent: boolean })[]): Promise<void>
  /** Returns the jobs that wait for a worker, and the jobs that a worker has taken. */
  keys(): Promise<{ readonly waiting: readonly BundleJob[]; readonly active: readonly BundleJob[] }>
  /**
   * Returns the id of the queue's server; null if the queue has no server of its own. Throws if the server does not
   * respond.
   */
  server(): Promise<string | null>
}
