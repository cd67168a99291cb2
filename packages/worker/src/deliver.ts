import {
  type BatchFailure,
  type BundleLease,
  isRetryable,
  type Lease,
  type LeasedResult,
  LedgerError,
  type WorkLedger,
} from '@driftfarm/database'
import type { DeliveryOutcome, Job } from '@driftfarm/queue'
import type { Tables } from '@driftfarm/spec'
import type { StopReason } from './computation.ts'
import type { ReadData } from './dataCache.ts'
import { asError } from './error.ts'
import { Fault, type Stage } from './faults.ts'
import type { Gate } from './gate.ts'
import type { Pool } from './pool.ts'
import { settings } from './settings.ts'

/** How a batch of a delivered bundle ended, as reported to `onBatch`. */
export interface BatchEvent {
  readonly lease: Lease
  readonly ending: 'committed' | 'duplicate' | 'gone' | 'failed' | 'released' | 'withdrawn'
  readonly failure?: BatchFailure
  /** Thread time of the trials in seconds; 0 if the computation did not finish. */
  readonly cpuSeconds: number
}

export interface DeliveryContext {
  readonly ledger: WorkLedger
  readonly workerId: string
  readonly pool: Pool
  readonly data: ReadData
  readonly gate: Gate
  readonly faultAt: (stage: Stage) => void
  readonly commitMs: number
  readonly draining: () => boolean
  /** Whether work that takes `seconds` of thread time is expected to end before the process is terminated. */
  readonly hasTimeFor: (seconds: number) => boolean
  /**
   * Repeats a call to the ledger while the database is unreachable or full. All calls must be idempotent. The last
   * error is thrown once `abortWaiting` fires, or if the database was unreachable for five minutes. There is no time
   * limit for a full database, because recomputed batches could not be stored either.
   */
  readonly retryWhileUnreachable: <T>(work: () => Promise<T>) => Promise<T>
  /** Fires when the worker gives up waiting for the database. */
  readonly abortWaiting: AbortSignal
  readonly onBatch: (event: BatchEvent) => void
  readonly onTrouble: (error: Error) => void
  readonly deliveries: Set<Delivery>
}

/**
 * The job leaves the queue when everything is committed, even if batches failed or were released. These batches are
 * then in no bundle, and the leading coordinator puts them into new bundles.
 */
export async function deliver(job: Job, context: DeliveryContext): Promise<DeliveryOutcome> {
  const { ledger, workerId, gate, faultAt, draining, retryWhileUnreachable, deliveries } = context
  if (draining()) return 'back'
  const lease = await retryWhileUnreachable(() => ledger.lease(job, workerId))
  if (lease.batches.length === 0) return 'done'
  faultAt('leased')
  const releaseGate = await gate.enter(lease.alone)
  const delivery = new Delivery(lease, context)
  deliveries.add(delivery)
  try {
    await delivery.run()
  } finally {
    deliveries.delete(delivery)
    releaseGate()
  }
  return 'done'
}

export class Delivery {
  /** Batches that no thread has started. */
  #left: readonly Lease[]
  #results: LeasedResult[] = []
  #bytes = 0
  #committedMs = performance.now()
  /** Threads continue to compute during a commit. */
  #committing: Promise<void> = Promise.resolve()

  /**
   * Time between two commits in ms, at least the expected time of the bundle. A farm with many threads has longer
   * bundles, so its workers commit less often.
   */
  readonly #commitMs: number

  constructor(
    { batches, seconds }: BundleLease,
    private readonly around: DeliveryContext,
  ) {
    this.#left = batches
    this.#commitMs = Math.max(around.commitMs, 1_000 * (seconds ?? 0))
  }

  get left(): readonly Lease[] {
    return this.#left
  }

  withdraw(unrequested: ReadonlySet<Lease>): void {
    for (const lease of this.#left) if (unrequested.has(lease)) this.#report(lease, 'withdrawn')
    this.#left = this.#left.filter((lease) => !unrequested.has(lease))
  }

  async run(): Promise<void> {
    while (this.#left.length > 0) {
      const slice = nextSlice(this.#left)
      if (this.around.draining() || !this.around.hasTimeFor(measuredSeconds(slice))) {
        await this.#release(this.#left)
        this.#left = []
        break
      }
      this.#left = this.#left.slice(slice.length)
      await this.#compute(slice)
      if (performance.now() - this.#committedMs >= this.#commitMs || this.#bytes >= settings.commitBytes)
        await this.#startCommit()
    }
    await this.#startCommit()
    await this.#committing
  }

  async #compute(slice: readonly Lease[]): Promise<void> {
    const { pool, faultAt } = this.around
    const tables = await this.#tablesOf(slice[0]!)
    if ('kind' in tables) {
      for (const lease of slice) await this.#fail(lease, tables)
      return
    }
    const computed = await pool.compute(slice, tables)
    const stopped: Record<Exclude<StopReason, 'deadline'>, Lease[]> = { released: [], withdrawn: [] }
    for (const [place, lease] of slice.entries()) {
      const each = computed[place]!
      if (each.kind === 'failed') await this.#fail(lease, each.failure)
      else if (each.kind === 'stopped') stopped[each.reason === 'withdrawn' ? 'withdrawn' : 'released'].push(lease)
      else {
        faultAt('ran')
        const { kind: _, ...result } = each
        this.#results.push({ lease, result })
        for (const { outcome } of each.parts) this.#bytes += outcome?.length ?? 0
      }
    }
    for (const lease of stopped.withdrawn) this.#report(lease, 'withdrawn')
    await this.#release(stopped.released)
  }

  /**
   * Throws if a later attempt to read the tables may succeed, or if the worker stops waiting. Returns any other read
   * error as a failure of the batch.
   */
  async #tablesOf({ tables }: Lease): Promise<Tables | BatchFailure> {
    const { data, abortWaiting, retryWhileUnreachable } = this.around
    try {
      return await retryWhileUnreachable(() => Promise.all(tables.map(data)))
    } catch (thrown) {
      const error = asError(thrown)
      if (abortWaiting.aborted || isRetryable(error)) throw error
      return { kind: 'throw', message: error.message }
    }
  }

  async #startCommit(): Promise<void> {
    await this.#committing
    this.#committedMs = performance.now()
    const results = this.#results
    if (results.length === 0) return
    this.#results = []
    this.#bytes = 0
    this.#committing = this.#commit(results)
    this.#committing.catch(() => undefined) // errors are handled where the commit is awaited
  }

  async #commit(results: readonly LeasedResult[]): Promise<void> {
    const { ledger, workerId, faultAt, abortWaiting, retryWhileUnreachable, onTrouble } = this.around
    try {
      const endings = await retryWhileUnreachable(async () => {
        const committing = ledger.commit(workerId, results)
        // In tests, `faultAt` may throw, and then nothing awaits the commit. Without this line, Node would report an
        // error of the commit as unhandled.
        committing.catch(() => undefined)
        faultAt('written')
        return await committing
      })
      faultAt('committed')
      for (const [place, { lease, result }] of results.entries()) {
        const ending = endings[place]!
        // A recomputation of the batch gave another result, and the ledger has already stopped all sweeps that contain
        // the cell.
        if (ending.ending === 'violation') {
          onTrouble(new LedgerError('DETERMINISM_VIOLATION', ending.message))
          this.#report(lease, 'failed', { kind: 'throw', message: ending.message })
        } else this.#report(lease, ending.ending, undefined, result.cpuSeconds)
      }
    } catch (thrown) {
      const error = asError(thrown)
      if (abortWaiting.aborted || error instanceof Fault || isRetryable(error)) throw error
      // One of the batches cannot be stored. Committing them one by one saves the others.
      if (results.length > 1) for (const each of results) await this.#commit([each])
      else {
        onTrouble(error)
        await this.#fail(results[0]!.lease, { kind: 'throw', message: `could not be stored: ${error.message}` })
      }
    }
  }

  /** Every error of a batch counts as a failed attempt. Otherwise the batch would be tried forever. */
  async #fail(lease: Lease, failure: BatchFailure): Promise<void> {
    const { ledger, workerId, retryWhileUnreachable } = this.around
    await retryWhileUnreachable(() => ledger.fail(lease, workerId, failure))
    this.#report(lease, 'failed', failure)
  }

  async #release(leases: readonly Lease[]): Promise<void> {
    const { ledger, retryWhileUnreachable } = this.around
    if (leases.length === 0) return
    await retryWhileUnreachable(() => ledger.release(leases))
    for (const lease of leases) this.#report(lease, 'released')
  }

  #report(lease: Lease, ending: BatchEvent['ending'], failure?: BatchFailure, cpuSeconds = 0): void {
    this.around.onBatch({ lease, ending, cpuSeconds, ...(failure === undefined ? {} : { failure }) })
  }
}

const secondsOf = ({ secondsPerTrial, cost, count }: Lease): number => (secondsPerTrial ?? cost) * count

/**
 * The time in s that these batches are expected to take. The worker returns batches for which too little time is left.
 * A guess is no reason to return a batch, so a batch without a measured time counts as 0 s.
 */
export const measuredSeconds = (leases: readonly Lease[]): number =>
  leases.reduce((sum, { secondsPerTrial, count }) => sum + (secondsPerTrial ?? 0) * count, 0)

/**
 * The batches that a thread computes next, taken from the front of `leases`: at most `sliceBatches`, all with the same
 * tables. Together they are expected to take at most `sliceSeconds`, unless the first batch alone takes longer. If
 * the thread dies, only this slice is lost.
 */
export function nextSlice(leases: readonly Lease[]): readonly Lease[] {
  const [first] = leases
  let seconds = 0
  let length = 0
  for (const lease of leases) {
    if (length > 0 && (lease.tables.join() !== first!.tables.join() || length >= settings.sliceBatches)) break
    seconds += secondsOf(lease)
    if (length > 0 && seconds > settings.sliceSeconds) break
    length++
  }
  return leases.slice(0, length)
}
