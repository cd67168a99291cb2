import type { BundleJob } from '@driftfarm/database'

/** The part of the queue that a coordinator uses. The queue only announces work; the ledger is authoritative. */
export interface QueuePort {
  /**
   * Adds jobs at least once, in slices; urgent ones at the head. Adding an existing job has no effect. If the call
   * throws, some jobs may have been added.
   */
  add(jobs: readonly (BundleJob & { readonly urgent: boolean })[]): Promise<void>
  /** The jobs in the queue: waiting for a worker, or with one. */
  keys(): Promise<{ readonly waiting: readonly BundleJob[]; readonly active: readonly BundleJob[] }>
  /** Identifies the server of the queue; null if it has no id. Throws if it does not respond. */
  server(): Promise<string | null>
}
