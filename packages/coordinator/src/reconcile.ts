import {
  type Database,
  markInterrupted,
  type OutBatch,
  outBatches,
  reclaim,
  requeue,
  seenWorkers,
} from '@driftfarm/database'
import type { QueuePort } from './queuePort.ts'
import { Unchanged } from './unchanged.ts'

export interface Reconciled {
  /** Leases that ended without the worker reporting it. */
  readonly vanished: number
  /** Jobs that the queue has lost. */
  readonly lost: number
  /** Batches whose jobs were not in the queue at this look; they count as lost if that is still so at the next look. */
  readonly suspected: number
  readonly interrupted: number
}

/** Durations in ms by the leader's own clock. */
export interface Bounds {
  /** A worker without a heartbeat for this long is dead. */
  readonly deadAfterMs: number
  /** A worker is dead already after this time, if its last heartbeat is old by the database's clock too. */
  readonly quietAfterMs: number
  /** A job that was missing from the queue, and still is after this time, is lost. */
  readonly lostAfterMs: number
}

/** In ms: a batch that takes longer than this has probably been forgotten by its worker. */
const busyMs = ({ seconds, count }: OutBatch): number => 1_000 * Math.max(30, 5 * (seconds ?? 60 * count))
/** In ms: twice the worker's own deadline for a batch, which is 20 times its calibrated time. */
const lateMs = ({ seconds, count }: OutBatch): number => 1_000 * Math.max(120, 40 * (seconds ?? 3_600 * count))

/**
 * Compares ledger and queue: a batch that is handed out and not done must be with a living worker or in the queue;
 * otherwise it gets a new job. A queue that lost everything costs this look and one more, never a trial.
 *
 * No times stored in the database are compared here, because its clock may have been set in between. Instead the leader
 * remembers since when it has seen things unchanged, by a monotonic clock, and keeps this memory from term to term.
 */
export class Reconciler {
  readonly #workers = new Unchanged()
  readonly #batches = new Unchanged()
  readonly #missing = new Unchanged()

  constructor(
    private readonly database: Database,
    private readonly bounds: Bounds,
  ) {}

  async look(queue: QueuePort, epoch: number, now: () => number): Promise<Reconciled> {
    const { database, bounds } = this
    const lost = await this.#lostWorkers(now())
    const interrupted = await markInterrupted(database, lost)
    const out = await outBatches(database)
    const ages = this.#batches.look(out, placeOf, stateOf, now())
    const older = (than: (batch: OutBatch) => number) =>
      out.filter((batch, i) => batch.state === 'leased' && ages[i]! > than(batch))
    const vanished = await reclaim(database, epoch, { lost, late: older(lateMs) })
    const expected = [...out.filter(({ state }) => state === 'ready'), ...older(busyMs)]
    if (expected.length === 0) return { vanished, lost: 0, suspected: 0, interrupted }
    const { waiting, active } = await queue.keys()
    const there = new Set([...waiting, ...active].map(jobOf))
    const missing = expected.filter((batch) => !there.has(jobOf(batch)))
    const missed = this.#missing.look(missing, placeOf, stateOf, now())
    const due = missing.filter((_, i) => missed[i]! >= bounds.lostAfterMs)
    const requeued = due.length === 0 ? 0 : await requeue(database, epoch, due)
    return { vanished, lost: requeued, suspected: missing.length - due.length, interrupted }
  }

  async #lostWorkers(nowMs: number): Promise<string[]> {
    const { deadAfterMs, quietAfterMs } = this.bounds
    const workers = await seenWorkers(this.database)
    const quiet = this.#workers.look(
      workers,
      ({ id }) => id,
      ({ beat }) => beat,
      nowMs,
    )
    const dead = workers.filter(({ alive }, i) => quiet[i]! >= (alive ? deadAfterMs : quietAfterMs))
    return dead.map(({ id }) => id)
  }
}

const placeOf = ({ cell, first }: OutBatch): string => `${cell} ${first}`
const stateOf = ({ generation, state, attempts }: OutBatch): string => `${generation} ${state} ${attempts}`
const jobOf = ({ cell, first, generation }: Pick<OutBatch, 'cell' | 'first' | 'generation'>): string =>
  `${cell} ${first} ${generation}`
