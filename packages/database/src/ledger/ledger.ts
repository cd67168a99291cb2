import type { Database } from '../database.ts'
import { commit } from './commit.ts'
import { readData } from './data.ts'
import { fail } from './fail.ts'
import { lease } from './lease.ts'
import { release, withdrawn } from './release.ts'
import { heartbeat, leave, register } from './worker.ts'
import type { WorkLedger } from './workLedger.ts'

export function createLedger(database: Database): WorkLedger {
  return {
    register: (worker) => register(database, worker),
    heartbeat: (id, state) => heartbeat(database, id, state),
    leave: (id) => leave(database, id),
    lease: (job, workerId) => lease(database, job, workerId),
    data: (hash) => readData(database, hash),
    commit: (held, workerId, result) => commit(database, held, workerId, result),
    fail: (held, workerId, failure) => fail(database, held, workerId, failure),
    release: (held, workerId) => release(database, held, workerId),
    withdrawn: (leases, workerId) => withdrawn(database, leases, workerId),
    renew: () => database.renew(),
  }
}
