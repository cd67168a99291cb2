import type { Database } from '../connection/database.ts'
import { readData } from '../ledger/data.ts'
import type { BatchFailure, BundleJob, Heartbeat, Lease, LeasedResult, WorkerRow } from '../ledger/workLedger.ts'
import { commit } from './commit.ts'
import { leaseBundle } from './lease.ts'
import { fail, release } from './unfinished.ts'
import { deregister, heartbeat, register } from './worker.ts'

/**
 * The part of the ledger that a worker uses. Every call may be repeated, since the reply to the first call may have
 * been lost.
 */
export type WorkLedger = ReturnType<typeof createLedger>

/**
 * `beats` is the database for heartbeats. It may have its own connections, so that a heartbeat need not wait for a
 * commit that waits for a lock.
 */
export const createLedger = (database: Database, beats: Pick<Database, 'pool' | 'renew'> = database) => ({
  register: (worker: WorkerRow) => register(database, worker),
  /**
   * Call this function every 3 s with all leases of the worker. Returns the leases that no longer belong to the worker:
   * their batches were finished by another worker, cancelled, removed, or put into a new bundle. Those batches need not
   * be computed. A worker without a heartbeat for 15 s counts as dead, and its batches are put into new bundles.
   */
  heartbeat: (id: string, sign: Heartbeat) => heartbeat(beats, id, sign),
  deregister: (id: string) => deregister(database, id),
  lease: (job: BundleJob, workerId: string) => leaseBundle(database, job, workerId),
  /** Returns the data set with this hash, in shared memory. Throws a LedgerError DATA_NOT_FOUND or DATA_DAMAGED. */
  data: (hash: string) => readData(database, hash),
  /**
   * Commits results of batches of one bundle in one transaction. The replies are in the order of the results. A batch
   * whose digest differs from the stored one is not stored, and every sweep with its cell is stopped.
   */
  commit: (workerId: string, results: readonly LeasedResult[]) => commit(database, workerId, results),
  /** Records a failure of the batch. After the third failure, the batch is given up. */
  fail: (lease: Lease, workerId: string, failure: BatchFailure) => fail(database, lease, workerId, failure),
  /** Gives back unfinished batches of a bundle. This does not count as a failure. */
  release: (leases: readonly Lease[]) => release(database, leases),
  /** Drops all connections. Calls in progress fail as retryable; later calls reconnect. */
  renew(): void {
    database.renew()
    beats.renew()
  },
})
