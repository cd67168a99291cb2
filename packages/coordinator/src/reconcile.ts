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
import type { Limits } from './defaults.ts'
import type { QueuePort } from './queues.ts'

/** If a leased bundle has not changed for this many ms, its worker has probably lost the bundle. */
const busyMs = ({ seconds, trials }: DispatchedBundle): number => 1_000 * Math.max(30, 5 * (seconds ?? 60 * trials))
/**
 * If a leased bundle has not changed for this many ms, its worker is late. This time is twice the worker's own
 * deadline, which is 20 times the expected time.
 */
const lateMs = ({ seconds, trials }: DispatchedBundle): number =>
  1_000 * Math.max(120, 40 * (seconds ?? 3_600 * trials))

/**
 * Compares ledger and queue. An unfinished bundle must be with a live worker or in the queue. Otherwise its remaining
 * batches are put into a new bundle with a new job. If the queue loses all jobs, all of them are replaced within two
 * comparisons, and no trial is lost. A monotonic clock measures how long workers and bundles have been unchanged (see
 * `UnchangedSince`). The measurements are kept if this coordinator stops leading and later leads again.
 */
export class Reconciler {
  readonly #workers = new UnchangedSince<RegisteredWorker>(({ id, beat }) => [id, beat])
  readonly #bundles = new UnchangedSince(stateOf)
  readonly #missing = new UnchangedSince(stateOf)

  constructor(
    private readonly database: Database,
    private readonly bounds: Limits,
  ) {}

  /**
   * Called when the database accepts no writes from this process. Workers cannot store heartbeats either, so a missing
   * heartbeat does not show that a worker is dead.
   */
  resetSilenceTimers(): void {
    for (const each of [this.#workers, this.#bundles, this.#missing]) each.forget()
  }

  /**
   * Finds dead workers and dissolves their bundles at once. Call it about every second. Returns the number of batches
   * whose lease ended without a report from the worker (`vanished`), and the number of interrupted sweeps.
   */
  async checkWorkers(epoch: number, nowMs: number) {
    const { database } = this
    const { deadAfterMs, quietAfterMs, goneAfterMs } = this.bounds
    const workers = await registeredWorkers(database)
    const quiet = this.#workers.agesOf(workers, nowMs)
    const dead = workers.filter(({ alive }, i) => quiet[i]! >= (alive ? deadAfterMs : quietAfterMs))
    const lost = dead.map(({ id }) => id)
    const interrupted = await markInterrupted(database, lost)
    const vanished = await reclaim(database, epoch, { lost, late: [] })
    const killed = workers.filter((_, i) => quiet[i]! >= goneAfterMs)
    await signOff(database, killed)
    return { vanished, interrupted }
  }

  /**
   * Returns the same numbers as `checkWorkers`, the number of batches whose job the queue has lost, and the number of
   * bundles whose jobs were missing from the queue in this comparison (`suspected`). A job that is still missing in the
   * next comparison counts as lost.
   */
  async reconcile(queue: Pick<QueuePort, 'keys'>, epoch: number, now: () => number) {
    const { database, bounds } = this
    const { vanished: left, interrupted } = await this.checkWorkers(epoch, now())
    const out = await dispatchedBundles(database)
    const ages = this.#bundles.agesOf(out, now())
    const older = (than: (bundle: DispatchedBundle) => number) =>
      out.filter((bundle, i) => bundle.workerId !== null && ages[i]! > than(bundle))
    const late = older(lateMs)
    const vanished = left + (late.length === 0 ? 0 : await reclaim(database, epoch, { lost: [], late }))
    const expected = [...out.filter(({ workerId }) => workerId === null), ...older(busyMs)]
    if (expected.length === 0) return { vanished, lost: 0, suspected: 0, interrupted }
    const { waiting, active } = await queue.keys()
    const waits = new Set(waiting.map(({ bundle }) => bundle))
    const isActive = new Set(active.map(({ bundle }) => bundle))
    // A worker takes a job and then immediately leases the bundle. If the worker is killed between these two steps, the
    // job counts as taken, but its bundle has no lease. If there are many such jobs, the database is probably slow, and
    // adding the jobs again would make it slower still. They are therefore left to the queue, which finds the jobs
    // whose worker is gone and gives them to other workers.
    const isTaken = ({ bundle, workerId }: DispatchedBundle) => workerId === null && isActive.has(bundle)
    const isSlow = expected.filter(isTaken).length > bounds.takenAtMost
    const missing = expected.filter((bundle) =>
      isActive.has(bundle.bundle) ? isTaken(bundle) && !isSlow : !waits.has(bundle.bundle),
    )
    const missed = this.#missing.agesOf(missing, now())
    const due = missing.filter((_, i) => missed[i]! >= bounds.lostAfterMs)
    const requeued = due.length === 0 ? 0 : await requeue(database, epoch, due)
    return { vanished, lost: requeued, suspected: missing.length - due.length, interrupted }
  }
}

function stateOf({ bundle, workerId, leases, left }: DispatchedBundle): [key: string, state: string] {
  return [String(bundle), `${workerId} ${leases} ${left}`]
}

/**
 * Tracks how long things have been in their present state, by the caller's clock. Times stored in the database are not
 * used, because the clock of the database may have been changed between two readings.
 */
export class UnchangedSince<T> {
  readonly #seen = new Map<string, { readonly state: string; readonly sinceMs: number }>()

  constructor(private readonly stateOf: (thing: T) => readonly [key: string, state: string]) {}

  /**
   * Returns how long, in ms, each thing has been in its present state; 0 if it is seen for the first time. Things that
   * no longer exist are forgotten.
   */
  agesOf(things: readonly T[], nowMs: number): number[] {
    const ages: number[] = []
    const keys = new Set<string>()
    for (const thing of things) {
      const [key, state] = this.stateOf(thing)
      keys.add(key)
      const known = this.#seen.get(key)
      if (known?.state !== state) this.#seen.set(key, { state, sinceMs: nowMs })
      ages.push(known?.state === state ? nowMs - known.sinceMs : 0)
    }
    for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key)
    return ages
  }

  /** Makes the next call of `agesOf` return 0 for all things. */
  forget(): void {
    this.#seen.clear()
  }
}
