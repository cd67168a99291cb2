import { type BatchFailure, isRetryable, type Lease, type Refusal, type WorkLedger } from '@driftfarm/database'
import type { Ending, Job } from '@driftfarm/queue'
import type { DataTable } from '@driftfarm/spec'
import type { DataCache } from './dataCache.ts'
import { asError } from './error.ts'
import type { Stage } from './faults.ts'
import type { Gate } from './gate.ts'
import type { Pool } from './pool.ts'

/** How a delivered job ended, as reported to `onBatch`. */
export interface BatchEvent {
  readonly job: Job
  readonly ending: 'committed' | 'duplicate' | 'gone' | 'refused' | 'failed' | 'released' | 'withdrawn'
  readonly refused?: Refusal['refused']
  readonly failure?: BatchFailure
  readonly attempt?: number
  /** Thread time in seconds; 0 where nothing was computed to its end. */
  readonly cpuSeconds: number
}

export interface Surroundings {
  readonly ledger: WorkLedger
  readonly workerId: string
  readonly pool: Pool
  readonly data: DataCache
  readonly gate: Gate
  readonly faultAt: (stage: Stage) => void
  /** Whether no new batch may begin. */
  readonly draining: () => boolean
  /** Repeats a call of the ledger while the database is unreachable. */
  readonly patiently: <T>(work: () => Promise<T>) => Promise<T>
  /** Aborted when the worker stops waiting for the database. */
  readonly giveUp: AbortSignal
  readonly onBatch: (event: BatchEvent) => void
  readonly onTrouble: (error: Error) => void
}

/**
 * Handles one delivery of a job: lease, compute, commit. The queue acknowledges the job after the commit. The job of a
 * batch that failed or was released leaves the queue too; the ledger has the batch under a new generation, for which
 * the coordinator adds a job.
 */
export async function deliver(job: Job, around: Surroundings): Promise<Ending> {
  const { ledger, workerId, pool, gate, faultAt, draining, patiently, onBatch } = around
  if (draining()) return 'back'
  const lease = await patiently(() => ledger.lease(job, workerId))
  if ('refused' in lease) {
    onBatch({ job, ending: 'refused', refused: lease.refused, cpuSeconds: 0 })
    return 'done'
  }
  faultAt('leased')
  const { attempt } = lease
  const data = await dataOf(lease, around)
  if (data !== null && 'kind' in data) {
    await report(lease, data, around)
    onBatch({ job, ending: 'failed', failure: data, attempt, cpuSeconds: 0 })
    return 'done'
  }
  const leave = await gate.enter(lease.alone)
  const computed = await (draining() ? released : pool.compute(lease, data)).finally(leave)
  switch (computed.kind) {
    case 'stopped':
      if (computed.reason !== 'withdrawn') await patiently(() => ledger.release(lease, workerId))
      onBatch({ job, ending: computed.reason === 'withdrawn' ? 'withdrawn' : 'released', attempt, cpuSeconds: 0 })
      return 'done'
    case 'failed':
      await report(lease, computed.failure, around)
      onBatch({ job, ending: 'failed', failure: computed.failure, attempt, cpuSeconds: 0 })
      return 'done'
    case 'parts': {
      faultAt('ran')
      const { parts, cpuSeconds, premises } = computed
      const ending = await commit(lease, { parts, cpuSeconds, premises }, around)
      onBatch({ job, ...ending, attempt, cpuSeconds })
      return 'done'
    }
  }
}

const released = Promise.resolve({ kind: 'stopped', reason: 'released' } as const)

/** The samples that the lease needs, or a failure if they cannot be had and waiting would not help. */
async function dataOf(
  { data: hash }: Lease,
  { data, giveUp, patiently }: Surroundings,
): Promise<DataTable | BatchFailure | null> {
  if (hash === null) return null
  try {
    return await patiently(() => data.get(hash))
  } catch (thrown) {
    const error = asError(thrown)
    if (giveUp.aborted || isRetryable(error)) throw error
    return { kind: 'throw', message: error.message }
  }
}

function report(lease: Lease, failure: BatchFailure, { ledger, workerId, patiently }: Surroundings): Promise<void> {
  return patiently(() => ledger.fail(lease, workerId, failure))
}

async function commit(
  lease: Lease,
  result: Parameters<WorkLedger['commit']>[2],
  around: Surroundings,
): Promise<Pick<BatchEvent, 'ending' | 'failure'>> {
  const { ledger, workerId, faultAt, giveUp, patiently, onTrouble } = around
  try {
    const ending = await patiently(async () => {
      const committing = ledger.commit(lease, workerId, result)
      committing.catch(() => undefined) // the fault point may throw before this is awaited
      faultAt('written')
      return await committing
    })
    faultAt('committed')
    return { ending }
  } catch (thrown) {
    const error = asError(thrown)
    if (giveUp.aborted || error.name === 'WorkerError') throw error
    onTrouble(error)
    const failure: BatchFailure = { kind: 'throw', message: `not stored: ${error.message}` }
    // After different bytes the ledger has already stopped the sweep. Any other error counts against the batch, which
    // would otherwise be tried for ever.
    if (error.name !== 'DeterminismViolation') await report(lease, failure, around)
    return { ending: 'failed', failure }
  }
}
