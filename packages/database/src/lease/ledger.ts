import type { Database } from '../connection/database.ts'
import { readData } from '../ledger/data.ts'
import type { WorkLedger } from '../ledger/workLedger.ts'
import { commit } from './commit.ts'
import { leaseBundle } from './lease.ts'
import { fail, release } from './unfinished.ts'
import { deregister, heartbeat, register } from './worker.ts'

/**
 * `beats` is the database for heartbeats. It may have its own connections, so that a heartbeat need not wait for a
 * commit that waits for a lock.
 */
export function createLedger(database: Database, beats: Pick<Database, 'pool' | 'renew'> = database): WorkLedger {
  return {
    register: (worker) => register(database, worker),
    heartbeat: (id, sign) => heartbeat(beats, id, sign),
    deregister: (id) => deregister(database, id),
    lease: (job, workerId) => leaseBundle(database, job, workerId),
    data: (hash) => readData(database, hash),
    commit: (workerId, results) => commit(database, workerId, results),
    fail: (lease, workerId, failure) => fail(database, lease, workerId, failure),
    release: (leases) => release(database, leases),
    renew() {
      database.renew()
      beats.renew()
    },
  }
}
