import type { Database } from '../database.ts'
import { commit } from './commit.ts'
import { readData } from './data.ts'
import { fail } from './fail.ts'
import { leaseBundle } from './lease.ts'
import { release, withdrawn } from './release.ts'
import { heartbeat, leave, register } from './worker.ts'
import type { WorkLedger } from './workLedger.ts'

export function createLedger(database: Database): WorkLedger {
  return {
    register: (worker) => register(database, worker),
    heartbeat: (id, state, trouble) => heartbeat(database, id, state, trouble),
    leave: (id) => leave(database, id),
    lease: (job, workerId) => leaseBundle(database, job, workerId),
    data: (hash) => readData(database, hash),
    commit: (workerId, results) => commit(database, workerId, results),
    fail: (lease, workerId, failure) => fail(database, lease, workerId, failure),
    release: (leases) => release(database, leases),
    withdrawn: (leases, workerId) => withdrawn(database, leases, workerId),
    renew: () => database.renew(),
  }
}
