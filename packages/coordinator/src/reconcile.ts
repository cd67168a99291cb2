import {
  type Database,
  type DispatchedBundle,
  dispatchedBundles,
  markInterrupted,
  type RegisteredWorker,
  reclaim,
  registeredWorkers,
  requeue,
  signOff,
} from '@driftfarm/database'
import type { QueuePort } from './queuePort.ts'
import { UnchangedSince } from './unchangedSince.ts'

/** The result of a check of the workers. */
export interface WorkerCheckResult {
  /** Batches whose lease ended without the worker reporting it. */
  readonly vanished: number
  readonly interrupted: number
}

export interface ReconcileResult extends WorkerCheckResult {
  /** Batches whose job the queue has lost. */
  readonly lost: number
  /**
   * Bundles whose jobs were missing from the queue in this comparison. If they are still missing in the next one, they
   * are lost.
   */
  readonly suspected: number
}

/** Durations in ms by the leader's own clock. */
export interface ReconcileLimits {
  /** A worker without a heartbeat for this long is dead. */
  readonly deadAfterMs: number
  /**
   * A worker without a heartbeat for this shorter time is dead if its last heartbeat is also old by the database's
   * clock.
   */
  readonly quietAfterMs: number
  /** A worker without a heartbeat for this long is signed off, since it will not sign off itself. */
  readonly goneAfterMs: number
  /** A job that is still missing from the queue after this time is lost. */
  readonly lostAfterMs: number
  /** If more jobs than this are taken but not leased, their workers are waiting for the database. */
  readonly takenAtMost: number
}

/** Time in ms after which a worker has probably forgotten a bundle. */
const busyMs = ({ seconds, trials }: DispatchedBundle): number => 1_000 * Math.max(30, 5 * (seconds ?? 60 * trials))
/** Time in ms that is twice the worker's own deadline for a batch, which is 20 times its calibrated time. */
const lateMs = ({ seconds, trials }: DispatchedBundle): number =>
  1_000 * Math.max(120, 40 * (seconds ?? 3_600 * trials))

/**
 * Compares ledger and queue. An unfinished bundle must be with a live worker or in the queue. Otherwise its remaining
 * batches are put into a new bundle with a new job. A queue that lost everything costs two comparisons, never a trial.
 *
 * No times stored in the database are compared here, because the clock of the database may have been set in between.
 * Instead the coordinator records by a monotonic clock how long things have been unchanged, and keeps these records
 * between terms.
 */
export class Reconciler {
  readonly #workers = new UnchangedSince()
  readonly #bundles = new UnchangedSince()
  readonly #missing = new UnchangedSince()

  constructor(
    private readonly database: Database,
    private readonly bounds: ReconcileLimits,
  ) {}

  /**
   * Forgets how long things have been unchanged. If the database accepted no writes from this process, it accepted none
   * from workers either. Workers must not count as dead before they can send a heartbeat.
   */
  resetSilenceTimers(): void {
    for (const each of [this.#workers, this.#bundles, this.#missing]) each.forget()
  }

  /** Finds dead workers and dissolves their bundles at once. Call it about every second. */
  async checkWorkers(epoch: number, nowMs: number): Promise<WorkerCheckResult> {
    const { database } = this
    const { lost, killed } = await this.#lostWorkers(nowMs)
    if (lost.length === 0) return { vanished: 0, interrupted: 0 }
    const interrupted = await markInterrupted(database, lost)
    const vanished = await reclaim(database, epoch, { lost, late: [] })
    await signOff(database, killed)
    return { vanished, interrupted }
  }

  async reconcile(queue: Pick<QueuePort, 'keys'>, epoch: number, now: () => number): Promise<ReconcileResult> {
    const { database, bounds } = this
    const { lost, killed } = await this.#lostWorkers(now())
    const interrupted = await markInterrupted(database, lost)
    const out = await dispatchedBundles(database)
    const ages = this.#bundles.agesOf(out, keyOf, stateOf, now())
    const older = (than: (bundle: DispatchedBundle) => number) =>
      out.filter((bundle, i) => bundle.workerId !== null && ages[i]! > than(bundle))
    const vanished = await reclaim(database, epoch, { lost, late: older(lateMs) })
    await signOff(database, killed)
    const expected = [...out.filter(({ workerId }) => workerId === null), ...older(busyMs)]
    if (expected.length === 0) return { vanished, lost: 0, suspected: 0, interrupted }
    const { waiting, active } = await queue.keys()
    const waits = new Set(waiting.map(({ bundle }) => bundle))
    const isActive = new Set(active.map(({ bundle }) => bundle))
    // A worker leases a bundle immediately after taking its job. If it was killed in between, it has the job but no
    // lease. If there are many such jobs, the database is slow, and taking them away would make it slower still. The
    // queue itself finds jobs whose worker is gone.
    const isTaken = ({ bundle, workerId }: DispatchedBundle) => workerId === null && isActive.has(bundle)
    const isSlow = expected.filter(isTaken).length > bounds.takenAtMost
    const missing = expected.filter((bundle) =>
      isActive.has(bundle.bundle) ? isTaken(bundle) && !isSlow : !waits.has(bundle.bundle),
    )
    const missed = this.#missing.agesOf(missing, keyOf, stateOf, now())
    const due = missing.filter((_, i) => missed[i]! >= bounds.lostAfterMs)
    const requeued = due.length === 0 ? 0 : await requeue(database, epoch, due)
    return { vanished, lost: requeued, suspected: missing.length - due.length, interrupted }
  }

  /** Ids of dead workers, and of those that have been dead for a long time. */
  async #lostWorkers(nowMs: number): Promise<{ readonly lost: string[]; readonly killed: RegisteredWorker[] }> {
    const { deadAfterMs, quietAfterMs, goneAfterMs } = this.bounds
    const workers = await registeredWorkers(this.database)
    const quiet = this.#workers.agesOf(
      workers,
      ({ id }) => id,
      ({ beat }) => beat,
      nowMs,
    )
    const dead = workers.filter(({ alive }, i) => quiet[i]! >= (alive ? deadAfterMs : quietAfterMs))
    const killed = workers.filter((_, i) => quiet[i]! >= goneAfterMs)
    return { lost: dead.map(({ id }) => id), killed }
  }
}

const keyOf = ({ bundle }: DispatchedBundle): string => String(bundle)
const stateOf = ({ workerId, leases, left }: DispatchedBundle): string => `${workerId} ${leases} ${left}`
