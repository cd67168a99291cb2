import type { FarmSnapshot } from '@driftfarm/database'
import { defaults, type Limits } from './defaults.ts'
import { growth, windowSize } from './window.ts'

export interface TermOptions {
  readonly kind: 'run' | 'up' | 'coordinator'
  /** Number of threads reserved for bundles of at most a minute (default 1). At least one thread stays unreserved. */
  readonly shortThreads?: number | undefined
  /** Largest number of bundles per second that the farm commits; the default is in `defaults.ts`. */
  readonly bundlesPerSecond?: number | undefined
  readonly limits: Limits
}

/** What a scheduling pass may dispatch. */
export type PassSizes = Readonly<ReturnType<typeof passSizes>>

/** What the leading coordinator does next. */
export type Step =
  | { readonly step: 'reconcile' | 'check workers' | 'read changes' | 'read snapshot' | 'step down' }
  | { readonly step: 'pass'; readonly snapshot: FarmSnapshot; readonly sizes: PassSizes }
  /** Ask whether a coordinator on standby can reach the queue; if none can, sleep for `ms`. */
  | { readonly step: 'look for a standby'; readonly ms: number }
  | { readonly step: 'sleep'; readonly ms: number }

/** The result of the last step. */
export type TermEvent =
  | { readonly event: 'woke' | 'workers checked' | 'reconciling failed' | 'failed' }
  | { readonly event: 'reconciled'; readonly suspected: number }
  | { readonly event: 'changes'; readonly mark: string; readonly isPending: boolean }
  | { readonly event: 'snapshot'; readonly snapshot: FarmSnapshot }
  | { readonly event: 'passed'; readonly enqueued: number; readonly again: boolean }
  | { readonly event: 'standby'; readonly isReady: boolean }

export interface Moment {
  /** By a monotonic clock. */
  readonly nowMs: number
  /** How long the queue has not responded. */
  readonly queueLostForMs: number
}

/**
 * The state of a leading coordinator between two steps. It is a value and knows no clock, database or queue: `next`
 * computes the state after an event.
 */
export interface Term {
  readonly next: Step
  readonly options: TermOptions
  readonly beganMs: number
  /** Whether the last step before the present pause failed. */
  readonly hasFailed: boolean
  /** Ledger and queue were last compared at `reconciledMs`. The comparison began at `comparingMs` and took `tookMs`. */
  readonly reconciledMs: number
  readonly comparingMs: number
  readonly tookMs: number
  /** Time in ms until the next comparison if the last one failed or found jobs missing from the queue; else null. */
  readonly soonMs: number | null
  readonly workersCheckedMs: number
  /** The last mark of the changes in the database. */
  readonly mark: string | null
  readonly snapshot: FarmSnapshot | null
  readonly snapshotReadMs: number
  /** The last snapshot; null if a pass is due whatever the next snapshot contains. */
  readonly handled: FarmSnapshot | null
  /** The last pause between two checks for changes. */
  readonly pauseMs: number
  /** The number of bundles that the rate limit allows at the time `allowedMs`. */
  readonly allowed: number
  readonly allowedMs: number
}

export function beginTerm(options: TermOptions, nowMs: number): Term {
  const never = Number.NEGATIVE_INFINITY
  const begun: Term = {
    next: { step: 'read changes' },
    options,
    beganMs: nowMs,
    hasFailed: false,
    reconciledMs: never,
    comparingMs: never,
    tookMs: 0,
    soonMs: null,
    workersCheckedMs: never,
    mark: null,
    snapshot: null,
    snapshotReadMs: never,
    handled: null,
    pauseMs: options.limits.busyMs,
    allowed: burst(options),
    allowedMs: nowMs,
  }
  return next(begun, { event: 'woke' }, { nowMs, queueLostForMs: 0 })
}

/** The state after an event. */
export function next(term: Term, event: TermEvent, moment: Moment): Term {
  const { limits } = term.options
  const { nowMs } = moment
  switch (event.event) {
    case 'woke': {
      const woken = { ...term, hasFailed: false }
      if (!isReconcilingDue(term, nowMs)) return checkWorkers(woken, nowMs)
      return { ...woken, next: { step: 'reconcile' }, handled: null, comparingMs: nowMs }
    }
    case 'reconciled': {
      const soonMs = event.suspected > 0 ? limits.lostAfterMs : null
      return checkWorkers({ ...term, reconciledMs: nowMs, tookMs: nowMs - term.comparingMs, soonMs }, nowMs)
    }
    // A queue that does not respond must not prevent committed work from being settled.
    case 'reconciling failed':
      return checkWorkers({ ...term, reconciledMs: nowMs, soonMs: limits.troubleMs }, nowMs)
    case 'workers checked':
      return { ...term, next: { step: 'read changes' } }
    case 'changes': {
      const isSame = event.mark === term.mark && !event.isPending && nowMs - term.snapshotReadMs < limits.snapshotMs
      if (isSame && term.snapshot !== null && term.handled !== null) return pause(term)
      return { ...term, mark: event.mark, snapshotReadMs: nowMs, next: { step: 'read snapshot' } }
    }
    case 'snapshot':
      return afterSnapshot(term, event.snapshot, moment)
    case 'passed':
      return afterPass(term, event, moment)
    case 'failed':
      return rest({ ...term, handled: null, hasFailed: true }, limits.troubleMs, moment)
    case 'standby':
      if (event.isReady) return { ...term, next: { step: 'step down' } }
      return { ...term, next: { step: 'sleep', ms: (term.next as { readonly ms: number }).ms } }
  }
}

/**
 * The faster the last comparison of queue and ledger was, the sooner the next one runs. If nothing is dispatched, there
 * is nothing to compare, so the interval is `reconcileMs`.
 */
function isReconcilingDue(term: Term, nowMs: number): boolean {
  const { reconcileMs, reconcileSoonMs } = term.options.limits
  const isOut = term.snapshot !== null && term.snapshot.out > 0
  const intervalMs = isOut ? Math.max(reconcileSoonMs, 100 * term.tookMs) : reconcileMs
  return nowMs - term.reconciledMs >= Math.min(reconcileMs, term.soonMs ?? intervalMs)
}

function checkWorkers(term: Term, nowMs: number): Term {
  if (nowMs - term.workersCheckedMs < term.options.limits.watchMs) return { ...term, next: { step: 'read changes' } }
  return { ...term, workersCheckedMs: nowMs, next: { step: 'check workers' } }
}

function afterSnapshot(term: Term, snapshot: FarmSnapshot, moment: Moment): Term {
  const read: Term = { ...term, snapshot, handled: snapshot }
  if (snapshot.outdated) return { ...read, next: { step: 'step down' } }
  if (!isPassDue(term.handled, snapshot)) {
    const paused = pause(read)
    return rest(paused, paused.pauseMs, moment)
  }
  const allowed = allowance(term, moment.nowMs)
  const sizes = passSizes(snapshot, term.options, allowed)
  return { ...read, allowed, allowedMs: moment.nowMs, next: { step: 'pass', snapshot, sizes } }
}

function afterPass(
  term: Term,
  { enqueued, again }: { readonly enqueued: number; readonly again: boolean },
  moment: Moment,
): Term {
  const { snapshot, sizes } = term.next as Extract<Step, { step: 'pass' }>
  // Another pass may be due even if the snapshot does not change: the rate limit may have held back bundles, or the
  // window may allow more bundles.
  const isCut = sizes.window < windowSize(sizes.threads) || (enqueued > 0 && snapshot.out + enqueued < sizes.window)
  const allowed = term.allowed - enqueued
  const passed: Term = { ...term, allowed, handled: again || isCut ? null : term.handled }
  const { busyMs } = term.options.limits
  return again ? rest(passed, 0, moment) : rest({ ...passed, pauseMs: busyMs }, busyMs, moment)
}

/** The longer nothing changes, the longer the pause until the next check. */
function pause(term: Term): Term {
  const { steadyMs, idleMs } = term.options.limits
  const isBusy = term.snapshot !== null && (term.snapshot.out > 0 || term.snapshot.hasLoose)
  const ms = Math.min(2 * term.pauseMs, isBusy ? steadyMs : idleMs)
  return { ...term, pauseMs: ms, next: { step: 'sleep', ms } }
}

/** Sleeps, unless the queue has been lost for so long that a coordinator on standby should lead. */
function rest(term: Term, ms: number, { nowMs, queueLostForMs }: Moment): Term {
  const isCutOff = Math.min(queueLostForMs, nowMs - term.beganMs) > term.options.limits.cutOffMs
  return { ...term, next: { step: isCutOff ? 'look for a standby' : 'sleep', ms } }
}

/**
 * A pass is worth its cost only if the snapshot has changed or reports work. An increase in the number of dispatched
 * bundles does not count, because the coordinator itself dispatched them.
 */
function isPassDue(handled: FarmSnapshot | null, snapshot: FarmSnapshot): boolean {
  if (handled === null || snapshot.hasUpdates || snapshot.hasLoose || snapshot.hasUnqueued) return true
  const outOf = new Map(snapshot.sweeps.map(({ id, out }) => [id, out]))
  return (
    snapshot.out < handled.out ||
    snapshot.longOut < handled.longOut ||
    handled.sweeps.some(({ id, out }) => (outOf.get(id) ?? 0) < out) ||
    withoutOut(snapshot) !== withoutOut(handled)
  )
}

const withoutOut = (snapshot: FarmSnapshot): string =>
  JSON.stringify(snapshot, (key, value) => (key === 'out' || key === 'longOut' ? undefined : value))

/** Bundles may be dispatched at twice the target commit rate, so that waiting threads get work. */
const perSecond = ({ bundlesPerSecond = defaults.bundlesPerSecond }: TermOptions): number => 2 * bundlesPerSecond

/**
 * Number of bundles that may be dispatched at once after a pause. Without a limit, all threads of a large farm would
 * finish their bundles at the same moment, and would then wait for the database. If the window is smaller than a burst,
 * the limit has no effect.
 */
const burst = (options: TermOptions): number => Math.max(defaults.minWindow, defaults.flowSeconds * perSecond(options))

function allowance({ allowed, allowedMs, options }: Term, nowMs: number): number {
  return Math.min(burst(options), allowed + (Math.max(0, nowMs - allowedMs) / 1_000) * perSecond(options))
}

function passSizes(snapshot: FarmSnapshot, options: TermOptions, allowed: number) {
  const { threads: alive, workers, sweeps, longOut, out } = snapshot
  const { kind, shortThreads = 1, bundlesPerSecond } = options
  const threads = Math.max(1, alive)
  // A process that computes only its own sweep need not reserve threads for short bundles of other sweeps.
  const isShared = kind !== 'run' || workers > 1 || sweeps.length > 1
  const kept = isShared ? Math.min(shortThreads, threads - 1) : 0
  return {
    threads,
    /** Largest number of bundles that may be in the queue or running. */
    window: Math.min(windowSize(threads), out + Math.max(0, Math.floor(allowed))),
    /** Number of long bundles that may still be dispatched. */
    longRoom: kept === 0 ? Number.POSITIVE_INFINITY : threads - kept - longOut,
    /** Factor by which bundles are longer than on a farm with few threads. */
    growth: growth(threads, bundlesPerSecond),
  }
}

/** The state in one line. */
export function termText({ next, snapshot, handled, hasFailed, allowed, soonMs }: Term): string {
  const step = 'ms' in next ? `${next.step} ${next.ms} ms` : next.step
  const farm =
    snapshot === null
      ? 'no snapshot'
      : `sweeps ${snapshot.sweeps.length}, dispatched bundles ${snapshot.out}, threads ${snapshot.threads}`
  const due = [
    ...(handled === null ? ['pass due'] : []),
    ...(hasFailed ? ['failed'] : []),
    ...(soonMs === null ? [] : [`comparison after ${soonMs} ms`]),
  ]
  return [step, farm, ...due, `${Math.floor(allowed)} bundles allowed`].join('; ')
}
