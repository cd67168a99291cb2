import {
  type Database,
  markInterrupted,
  type OutBundle,
  outBundles,
  reclaim,
  requeue,
  type SeenWorker,
  seenWorkers,
  signOff,
} from '@driftfarm/database'
import type { QueuePort } from './queuePort.ts'
import { Unchanged } from './unchanged.ts'

/** What came of a look at the workers. */
export interface Watched {
  /** Batches whose lease ended without the worker reporting it. */
  readonly vanished: number
  readonly interrupted: number
}

export interface Reconciled extends Watched {
  /** Batches whose job the queue has lost. */
  readonly lost: number
  /** Bundles whose jobs were not in the queue at this look; they are lost if that is still so at the next look. */
  readonly suspected: number
}

/** Durations in ms by the leader's own clock. */
export interface Bounds {
  /** A worker without a heartbeat for this long is dead. */
  readonly deadAfterMs: number
  /** A worker is dead already after this time, if its last heartbeat is old by the database's clock too. */
  readonly quietAfterMs: number
  /** A worker without a heartbeat for this long is signed off, since it will not do it itself. */
  readonly goneAfterMs: number
  /** A job that was missing from the queue, and still is after this time, is lost. */
  readonly lostAfterMs: number
  /** If more jobs than this are taken and not leased at a time, their workers wait for the database. */
  readonly takenAtMost: number
}

/** In ms: a bundle that takes longer than this has probably been forgotten by its worker. */
const busyMs = ({ seconds, trials }: OutBundle): number => 1_000 * Math.max(30, 5 * (seconds ?? 60 * trials))
/** In ms: twice the worker's own deadline for a batch, which is 20 times its calibrated time. */
const lateMs = ({ seconds, trials }: OutBundle): number => 1_000 * Math.max(120, 40 * (seconds ?? 3_600 * trials))

/**
 * Compares ledger and queue: a bundle of which something is not done must be with a living worker or in the queue;
 * otherwise what is left of it is bundled anew and gets a new job. A queue that lost everything costs this look and one
 * more, never a trial.
 *
 * No times stored in the database are compared here, because its clock may have been set in between. Instead the leader
 * remembers since when it has seen things unchanged, by a monotonic clock, and keeps this memory from term to term.
 */
export class Reconciler {
  readonly #workers = new Unchanged()
  readonly #bundles = new Unchanged()
  readonly #missing = new Unchanged()

  constructor(
    private readonly database: Database,
    private readonly bounds: Bounds,
  ) {}

  /**
   * Forgets since when things are unchanged. The database took no writes of ours: those of the workers did not get
   * through either, and they are not to be taken for dead before they can show that they live.
   */
  excuse(): void {
    for (const each of [this.#workers, this.#bundles, this.#missing]) each.forget()
  }

  /** Finds dead workers, whose bundles are dissolved at once. To be called about every second. */
  async watch(epoch: number, nowMs: number): Promise<Watched> {
    const { database } = this
    const { lost, killed } = await this.#lostWorkers(nowMs)
    if (lost.length === 0) return { vanished: 0, interrupted: 0 }
    const interrupted = await markInterrupted(database, lost)
    const vanished = await reclaim(database, epoch, { lost, late: [] })
    await signOff(database, killed)
    return { vanished, interrupted }
  }

  async look(queue: Pick<QueuePort, 'keys'>, epoch: number, now: () => number): Promise<Reconciled> {
    const { database, bounds } = this
    const { lost, killed } = await this.#lostWorkers(now())
    const interrupted = await markInterrupted(database, lost)
    const out = await outBundles(database)
    const ages = this.#bundles.look(out, keyOf, stateOf, now())
    const older = (than: (bundle: OutBundle) => number) =>
      out.filter((bundle, i) => bundle.workerId !== null && ages[i]! > than(bundle))
    const vanished = await reclaim(database, epoch, { lost, late: older(lateMs) })
    await signOff(database, killed)
    const expected = [...out.filter(({ workerId }) => workerId === null), ...older(busyMs)]
    if (expected.length === 0) return { vanished, lost: 0, suspected: 0, interrupted }
    const { waiting, active } = await queue.keys()
    const waits = new Set(waiting.map(({ bundle }) => bundle))
    const isActive = new Set(active.map(({ bundle }) => bundle))
    // Whoever takes a job leases its bundle at once. One that was killed in between has the job and no lease. Where
    // many are so, the database is slow: to take their jobs away would make it slower still, and the queue itself looks
    // for jobs whose worker is gone.
    const isTaken = ({ bundle, workerId }: OutBundle) => workerId === null && isActive.has(bundle)
    const isSlow = expected.filter(isTaken).length > bounds.takenAtMost
    const missing = expected.filter((bundle) =>
      isActive.has(bundle.bundle) ? isTaken(bundle) && !isSlow : !waits.has(bundle.bundle),
    )
    const missed = this.#missing.look(missing, keyOf, stateOf, now())
    const due = missing.filter((_, i) => missed[i]! >= bounds.lostAfterMs)
    const requeued = due.length === 0 ? 0 : await requeue(database, epoch, due)
    return { vanished, lost: requeued, suspected: missing.length - due.length, interrupted }
  }

  /** Ids of the workers that are dead, and those of them that have been for long. */
  async #lostWorkers(nowMs: number): Promise<{ readonly lost: string[]; readonly killed: SeenWorker[] }> {
    const { deadAfterMs, quietAfterMs, goneAfterMs } = this.bounds
    const workers = await seenWorkers(this.database)
    const quiet = this.#workers.look(
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

const keyOf = ({ bundle }: OutBundle): string => String(bundle)
const stateOf = ({ workerId, leases, left }: OutBundle): string => `${workerId} ${leases} ${left}`
