import { hostname } from 'node:os'
import {
  acquireLeadership,
  type Database,
  type FarmSnapshot,
  fullError,
  hasStandby,
  isFull,
  LedgerError,
  readFarmSnapshot,
  readPendingChanges,
  releaseLeadership,
  renewLeadership,
  type WorkLedger,
} from '@driftfarm/database'
import { fullWords } from '@driftfarm/formula'
import { QueueLink } from '@driftfarm/queue'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { type Clock, systemClock } from './clock.ts'
import { type Counters, zeroCounters } from './counters.ts'
import { defaults } from './defaults.ts'
import { SchedulerMemory } from './memory.ts'
import { Pace, type PaceIntervals } from './pace.ts'
import type { QueuePort } from './queuePort.ts'
import { Queues } from './queues.ts'
import { RateLimiter } from './rateLimiter.ts'
import { type ReconcileLimits, Reconciler } from './reconcile.ts'
import { schedulingPass } from './schedulingPass.ts'
import { growth, windowSize } from './window.ts'

export interface CoordinatorOptions {
  readonly database: Database
  readonly ledger: WorkLedger
  /** `producer` returns the queue for a kernel version; the default is the kernel version of this process. */
  readonly queue: { producer(kernel?: number): QueuePort; readonly place?: string }
  /** The worker id with which this process acquires leadership. */
  readonly holder: string
  readonly kind: 'run' | 'up' | 'coordinator'
  /** A fixed number of trials in each batch, for tests. */
  readonly batch?: number
  /** The largest number of batches in a bundle, for tests. */
  readonly bundle?: number
  /**
   * Number of threads reserved for bundles of at most a minute. The default is 1. At least one thread always stays
   * unreserved.
   */
  readonly shortThreads?: number
  /** Largest number of bundles per second that the farm commits; the default is in `defaults.ts`. */
  readonly bundlesPerSecond?: number
  readonly kernel?: number
  readonly clock?: Clock
  readonly reconcileMs?: number
  /** Limits for tests, instead of the limits in `defaults.ts`. */
  readonly limits?: Partial<Limits>
  /** Called with errors that do not end the coordinator: lost connections, a full queue. */
  readonly onTrouble?: (error: Error) => void
}

export type Limits = ReconcileLimits &
  PaceIntervals & {
    readonly troubleMs: number
    readonly watchMs: number
    readonly reconcileSoonMs: number
    readonly stalledMs: number
    readonly snapshotMs: number
    readonly waitMs: number
    readonly renewMs: number
    readonly termMs: number
    readonly replaceConnectionsMs: number
    readonly cutOffMs: number
    readonly yieldMs: number
  }

export interface Coordinator {
  /** Starts the coordinator. It begins to lead as soon as no other coordinator leads. */
  start(): Promise<void>
  /** Stops within bounded time and gives up leadership. */
  stop(): Promise<void>
  /** Starts a scheduling pass at once, with a comparison of ledger and queue. */
  nudge(): void
  readonly leading: boolean
  readonly counters: Readonly<Counters>
  /** Describes the state in one line, for people. */
  readonly state: string
}

/**
 * A farm may have any number of coordinators: one leads, and the others are on standby.
 * Everything that the next leading coordinator needs is in the database.
 */
export function createCoordinator(options: CoordinatorOptions): Coordinator {
  const { database, ledger, holder, kind, clock = systemClock, kernel = KERNEL_VERSION } = options
  const { reconcileMs = defaults.reconcileMs } = options
  const limits: Limits = { ...defaults, ...options.limits }
  const reconciler = new Reconciler(database, limits)
  const link = new QueueLink(() => clock.now())
  const counters = zeroCounters()
  let phase: 'new' | 'waiting' | 'leading' | 'stopping' | 'stopped' = 'new'
  let epoch: number | null = null
  let snapshot: FarmSnapshot | null = null
  let trouble: Error | null = null
  let nudged = false
  let wake = new AbortController()
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()

  const recordError = (error: unknown): void => {
    if (error instanceof LedgerError && error.code === 'LEADERSHIP_LOST') {
      resign()
      return
    }
    trouble = isFull(error) ? fullError(error) : error instanceof Error ? error : new Error(String(error))
    counters.troubles++
    options.onTrouble?.(trouble)
  }

  const resign = (): void => {
    epoch = null
    snapshot = null
    if (phase === 'leading') phase = 'waiting'
  }

  const lead = async (own: number): Promise<void> => {
    const begunMs = clock.now()
    const memory = new SchedulerMemory()
    const pace = new Pace(limits)
    const rateLimiter = new RateLimiter(options.bundlesPerSecond)
    const queues = new Queues(kernel, (version) => withLinkState(link, options.queue.producer(version)))
    let reconciledMs = Number.NEGATIVE_INFINITY
    /**
     * Time in ms until the next comparison if the last comparison failed or found jobs missing from the queue; else
     * null.
     */
    let soonMs: number | null = null
    let comparisonMs = 0
    let workersCheckedMs = Number.NEGATIVE_INFINITY
    let snapshotReadMs = Number.NEGATIVE_INFINITY
    let mark: string | null = null
    while (epoch === own && !stopping.signal.aborted) {
      let pauseMs: number = limits.troubleMs
      try {
        // The faster the last comparison of queue and ledger was, the sooner the next comparison runs. If nothing is
        // dispatched, there is nothing to compare, so the interval is `reconcileMs`.
        const intervalMs =
          snapshot !== null && snapshot.out > 0 ? Math.max(limits.reconcileSoonMs, 100 * comparisonMs) : reconcileMs
        const due = nudged || clock.now() - reconciledMs >= Math.min(reconcileMs, soonMs ?? intervalMs)
        if (due) {
          nudged = false
          pace.forget()
          // An unreachable queue must not prevent committed work from being settled.
          try {
            const begunMs = clock.now()
            const { vanished, lost, suspected, interrupted } = await reconciler.reconcile(queues, own, clock.now)
            counters.vanished += vanished
            counters.lost += lost
            counters.interrupted += interrupted
            reconciledMs = clock.now()
            comparisonMs = reconciledMs - begunMs
            soonMs = suspected > 0 ? limits.lostAfterMs : null
          } catch (error) {
            reconciledMs = clock.now()
            soonMs = limits.troubleMs
            recordError(error)
            if (epoch !== own) return
          }
        }
        if (clock.now() - workersCheckedMs >= limits.watchMs) {
          workersCheckedMs = clock.now()
          const { vanished, interrupted } = await reconciler.checkWorkers(own, clock.now())
          counters.vanished += vanished
          counters.interrupted += interrupted
        }
        const changes = await readPendingChanges(database)
        const isQuiet = clock.now() - snapshotReadMs < limits.snapshotMs && changes.mark === mark && !changes.isPending
        if (snapshot !== null && isQuiet && pace.isUpToDate) {
          trouble = null
          await sleep(pace.delayMs(snapshot.out > 0 || snapshot.hasLoose, false))
          continue
        }
        mark = changes.mark
        snapshotReadMs = clock.now()
        snapshot = await readFarmSnapshot(database, kernel)
        if (snapshot.outdated) return stepDown(own)
        queues.setKernels(snapshot.kernels)
        const changed = pace.changed(snapshot)
        const busy = snapshot.out > 0 || snapshot.hasLoose
        let again = false
        if (changed) {
          counters.passes++
          const { batch = null, bundle = null } = options
          const sizes = dispatchSizes(snapshot, options)
          const window = Math.min(sizes.window, snapshot.out + rateLimiter.room(clock.now()))
          const context = { database, queues, epoch: own, kernel, ...sizes, window, batch, bundle }
          const enqueued = counters.enqueued
          again = await schedulingPass(context, snapshot, {
            memory,
            counters,
            nowMs: clock.now(),
            stalledMs: limits.stalledMs,
            onTrouble: recordError,
          })
          const more = counters.enqueued - enqueued
          rateLimiter.consume(more)
          // Another pass may be due even if the snapshot does not change: the rate limit may have held back bundles, or
          // `window` may allow more bundles.
          if (again || window < sizes.window || (more > 0 && snapshot.out + more < window)) pace.forget()
        }
        pauseMs = again ? 0 : pace.delayMs(busy, changed)
        trouble = null
      } catch (error) {
        pace.forget()
        recordError(error)
      }
      const cutOffMs = Math.min(link.lostForMs, clock.now() - begunMs)
      if (cutOffMs > limits.cutOffMs && epoch === own && (await isStandbyReady())) return stepDown(own)
      await sleep(pauseMs)
    }
  }

  /** Steps down in favour of a coordinator that can reach the queue or has a newer version. */
  const stepDown = async (own: number): Promise<void> => {
    resign()
    await releaseLeadership(database, own).catch(recordError)
    await sleep(limits.yieldMs)
  }

  /** If no coordinator on standby can reach the queue, stepping down would not help. */
  const isStandbyReady = (): Promise<boolean> =>
    hasStandby(database, holder, kernel).catch((error: unknown) => {
      recordError(error)
      return false
    })

  const sleep = async (ms: number): Promise<void> => {
    if (nudged || stopping.signal.aborted) return
    await clock.sleep(ms, wake.signal)
    if (wake.signal.aborted && !stopping.signal.aborted) wake = new AbortController()
  }

  const leadInTerms = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        epoch = await acquireLeadership(database, { holder, kind, kernel })
      } catch (error) {
        recordError(error)
      }
      if (epoch === null) {
        await sleep(limits.waitMs)
        continue
      }
      phase = 'leading'
      counters.terms++
      await lead(epoch)
    }
  }

  /** Sends a heartbeat. If a worker runs in the same process, the worker sends the heartbeats instead. */
  const report = async (): Promise<void> => {
    if (kind !== 'coordinator') return
    const words = isFull(trouble) ? fullWords : link.refusal
    const queue = { lostForMs: link.lostForMs, server: link.server }
    await ledger.heartbeat(holder, { state: 'alive', trouble: words, queue, leases: [] })
  }

  /**
   * Renews leadership independently of the scheduling passes, so that a long pass does not cost the leadership. If no
   * renewal succeeds before the term ends by the clock of this process, the coordinator stops leading, even in the
   * middle of a pass. Each connection has its own time limits. In case a broken connection escapes these limits, all
   * connections are replaced after `replaceConnectionsMs`.
   */
  const renewals = async (): Promise<void> => {
    let renewedMs = clock.now()
    let pauseMs = limits.renewMs
    while (!stopping.signal.aborted) {
      await clock.sleep(pauseMs, stopping.signal)
      if (stopping.signal.aborted) return
      const began = clock.now()
      // Not awaited: an unreachable queue must not cost the leadership.
      void link.check(options.queue.producer()).then((changed) => (changed ? report().catch(recordError) : undefined))
      try {
        if (epoch !== null && !(await renewLeadership(database, epoch))) resign()
        await report()
        renewedMs = began
        pauseMs = limits.renewMs
      } catch (error) {
        recordError(error)
        reconciler.resetSilenceTimers()
        pauseMs = Math.min(defaults.renewAgainMs, limits.renewMs)
        if (clock.now() - renewedMs > limits.termMs) resign()
        if (clock.now() - renewedMs < limits.replaceConnectionsMs) continue
        renewedMs = clock.now()
        database.renew()
      }
    }
  }

  return {
    async start() {
      if (phase !== 'new') return
      phase = 'waiting'
      if (kind === 'coordinator') await ledger.register(registration(holder, kernel, options.queue.place))
      running = Promise.all([leadInTerms(), renewals()])
    },
    async stop() {
      if (phase === 'stopped') return
      const began = phase !== 'new'
      phase = 'stopping'
      stopping.abort()
      wake.abort()
      if (began) {
        await Promise.race([running, delay(defaults.stopMs)])
        const last = epoch
        epoch = null
        const leave = async () => {
          if (last !== null) await releaseLeadership(database, last)
          if (kind === 'coordinator') await ledger.deregister(holder)
        }
        await Promise.race([leave().catch(recordError), delay(defaults.stopMs)])
      }
      phase = 'stopped'
    },
    nudge() {
      nudged = true
      wake.abort()
    },
    get leading() {
      return phase === 'leading' && epoch !== null
    },
    counters,
    get state() {
      return stateLine(phase, epoch, snapshot, counters, trouble)
    },
  }
}

const withLinkState = (link: QueueLink, queue: QueuePort): QueuePort => ({
  add: (jobs) => link.recordCall(() => queue.add(jobs), true),
  keys: () => link.recordCall(() => queue.keys()),
  server: () => link.recordCall(() => queue.server()),
})

function dispatchSizes(
  { threads: alive, workers, sweeps, longOut }: FarmSnapshot,
  { kind, shortThreads = 1, bundlesPerSecond }: CoordinatorOptions,
) {
  const threads = Math.max(1, alive)
  // A process that computes only its own sweep need not reserve threads for short bundles of other sweeps.
  const isShared = kind !== 'run' || workers > 1 || sweeps.length > 1
  const kept = isShared ? Math.min(shortThreads, threads - 1) : 0
  return {
    threads,
    window: windowSize(threads),
    longRoom: kept === 0 ? Number.POSITIVE_INFINITY : threads - kept - longOut,
    growth: growth(threads, bundlesPerSecond),
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

const registration = (id: string, kernel: number, queue: string | undefined) => ({
  id,
  kind: 'coordinator',
  host: hostname(),
  pid: process.pid,
  threads: 0,
  kernel,
  ...(queue === undefined ? {} : { queue }),
})

function stateLine(
  phase: string,
  epoch: number | null,
  pulse: FarmSnapshot | null,
  { dispatched, settled, vanished, lost }: Counters,
  trouble: Error | null,
): string {
  const term = epoch === null ? phase : `${phase} in epoch ${epoch}`
  const farm =
    pulse === null
      ? ''
      : `: sweeps ${pulse.sweeps.length}, dispatched bundles ${pulse.out}, threads ${pulse.threads}; ` +
        `since the start: dispatched batches ${dispatched}, settled requests ${settled}, ` +
        `batches without a report from their worker ${vanished}, batches that the queue lost ${lost}`
  return `${term}${farm}${trouble === null ? '' : ` (${trouble.message})`}`
}
