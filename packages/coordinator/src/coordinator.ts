import { hostname } from 'node:os'
import {
  acquireLeadership,
  type Database,
  fullError,
  hasStandby,
  isFull,
  LedgerError,
  type Pulse,
  readPulse,
  readStir,
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
import { Flow } from './flow.ts'
import { look } from './look.ts'
import { Memory } from './memory.ts'
import { Pace, type Pauses } from './pace.ts'
import type { QueuePort } from './queuePort.ts'
import { Queues } from './queues.ts'
import { type Bounds, Reconciler } from './reconcile.ts'
import { growth, windowSize } from './window.ts'

export interface CoordinatorOptions {
  readonly database: Database
  readonly ledger: WorkLedger
  /** The queue of a kernel version, by default of this version. */
  readonly queue: { producer(kernel?: number): QueuePort; readonly place?: string }
  /** The worker id under which this process leads. */
  readonly holder: string
  readonly kind: 'run' | 'up' | 'coordinator'
  /** A fixed number of trials in each batch, for tests. */
  readonly batch?: number
  /** The largest number of batches in a bundle, for tests. */
  readonly bundle?: number
  /** Number of threads that get no bundle of more than a minute, if the farm has more threads than this; default 1. */
  readonly shortThreads?: number
  /** Largest number of bundles per second that the farm commits; the default is in `defaults.ts`. */
  readonly bundlesPerSecond?: number
  readonly kernel?: number
  readonly clock?: Clock
  readonly reconcileMs?: number
  /** Limits that replace those of `defaults.ts`, for tests. */
  readonly limits?: Partial<Limits>
  /** The state of the link to the queue, shared with the worker of this process. */
  readonly link?: QueueLink
  /** Called with errors that do not end the coordinator: lost connections, a full queue. */
  readonly onTrouble?: (error: Error) => void
}

/** Time limits and intervals of a coordinator, in ms. */
export type Limits = Bounds &
  Pauses & {
    readonly troubleMs: number
    readonly watchMs: number
    readonly reconcileSoonMs: number
    readonly overlookedMs: number
    readonly pulseMs: number
    readonly waitMs: number
    readonly renewMs: number
    readonly termMs: number
    readonly anewMs: number
    readonly cutOffMs: number
    readonly yieldMs: number
  }

export interface Coordinator {
  /** Starts the coordinator. It may start to lead only later. */
  start(): Promise<void>
  /** Stops within bounded time and gives up leadership. */
  stop(): Promise<void>
  /** Starts a scheduling pass at once, with a comparison of ledger and queue. */
  nudge(): void
  readonly leading: boolean
  readonly counters: Readonly<Counters>
  /** The state as one line for people. */
  readonly state: string
}

/**
 * Creates a coordinator. Any number may run. One leads, the others are on standby. All of their state is in the
 * database.
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
  let pulse: Pulse | null = null
  let trouble: Error | null = null
  let nudged = false
  let wake = new AbortController()
  const stopping = new AbortController()
  let running: Promise<unknown> = Promise.resolve()

  const bear = (error: unknown): void => {
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
    pulse = null
    if (phase === 'leading') phase = 'waiting'
  }

  /** One term, from gaining leadership to losing it or stepping down. */
  const lead = async (own: number): Promise<void> => {
    const begunMs = clock.now()
    const memory = new Memory()
    const pace = new Pace(limits)
    const flow = new Flow(options.bundlesPerSecond)
    const queues = new Queues(kernel, (version) => noted(link, options.queue.producer(version)))
    let reconciledMs = Number.NEGATIVE_INFINITY
    /** Time of the next comparison of queue and ledger, if there is a reason for an early one. */
    let soonMs: number | null = null
    /** Duration of the last comparison. */
    let comparedMs = 0
    let watchedMs = Number.NEGATIVE_INFINITY
    let pulsedMs = Number.NEGATIVE_INFINITY
    let mark: string | null = null
    while (epoch === own && !stopping.signal.aborted) {
      let pauseMs: number = limits.troubleMs
      try {
        // The cheaper the comparison, the more often it runs, at most every 2 s. If nothing is dispatched, there is
        // nothing to compare.
        const intervalMs =
          pulse !== null && pulse.out > 0 ? Math.max(limits.reconcileSoonMs, 100 * comparedMs) : reconcileMs
        const due = nudged || clock.now() - reconciledMs >= Math.min(reconcileMs, soonMs ?? intervalMs)
        if (due) {
          nudged = false
          pace.forget()
          // An unreachable queue must not prevent committed work from being settled.
          try {
            const begunMs = clock.now()
            const { vanished, lost, suspected, interrupted } = await reconciler.look(queues, own, clock.now)
            counters.vanished += vanished
            counters.lost += lost
            counters.interrupted += interrupted
            reconciledMs = clock.now()
            comparedMs = reconciledMs - begunMs
            soonMs = suspected > 0 ? limits.lostAfterMs : null
          } catch (error) {
            reconciledMs = clock.now()
            soonMs = limits.troubleMs
            bear(error)
            if (epoch !== own) return
          }
        }
        if (clock.now() - watchedMs >= limits.watchMs) {
          watchedMs = clock.now()
          const { vanished, interrupted } = await reconciler.watch(own, clock.now())
          counters.vanished += vanished
          counters.interrupted += interrupted
        }
        const stir = await readStir(database)
        const isCalm = clock.now() - pulsedMs < limits.pulseMs && stir.mark === mark && !stir.waits
        if (pulse !== null && isCalm && pace.isAnswered) {
          trouble = null
          await rest(pace.delayMs(pulse.out > 0 || pulse.loose, false))
          continue
        }
        mark = stir.mark
        pulsedMs = clock.now()
        pulse = await readPulse(database, kernel)
        if (pulse.outdated) return stepDown(own)
        queues.see(pulse.kernels)
        const changed = pace.changed(pulse)
        const busy = pulse.out > 0 || pulse.loose
        let again = false
        if (changed) {
          counters.looks++
          const { batch = null, bundle = null } = options
          const sizes = sizesOf(pulse, options)
          const window = Math.min(sizes.window, pulse.out + flow.room(clock.now()))
          const feeding = { database, queues, epoch: own, kernel, ...sizes, window, batch, bundle }
          const enqueued = counters.enqueued
          again = await look(feeding, pulse, {
            memory,
            counters,
            nowMs: clock.now(),
            overlookedMs: limits.overlookedMs,
            onTrouble: bear,
          })
          const more = counters.enqueued - enqueued
          flow.spend(more)
          // Bundles held back by the rate limit may be dispatched soon, and the next pass may dispatch what this one
          // did not, even if nothing else changes.
          if (again || window < sizes.window || (more > 0 && pulse.out + more < window)) pace.forget()
        }
        pauseMs = again ? 0 : pace.delayMs(busy, changed)
        trouble = null
      } catch (error) {
        pace.forget()
        bear(error)
      }
      const cutOffMs = Math.min(link.lostForMs, clock.now() - begunMs)
      if (cutOffMs > limits.cutOffMs && epoch === own && (await anotherCould())) return stepDown(own)
      await rest(pauseMs)
    }
  }

  /** Steps down in favour of a coordinator that can reach the queue or has a newer version. */
  const stepDown = async (own: number): Promise<void> => {
    resign()
    await releaseLeadership(database, own).catch(bear)
    await rest(limits.yieldMs)
  }

  /** Whether another coordinator reaches the queue. If none does, stepping down would not help. */
  const anotherCould = (): Promise<boolean> =>
    hasStandby(database, holder, kernel).catch((error: unknown) => {
      bear(error)
      return false
    })

  const rest = async (ms: number): Promise<void> => {
    if (nudged || stopping.signal.aborted) return
    await clock.sleep(ms, wake.signal)
    if (wake.signal.aborted && !stopping.signal.aborted) wake = new AbortController()
  }

  const terms = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        epoch = await acquireLeadership(database, { holder, kind, kernel })
      } catch (error) {
        bear(error)
      }
      if (epoch === null) {
        await rest(limits.waitMs)
        continue
      }
      phase = 'leading'
      counters.terms++
      await lead(epoch)
    }
  }

  /** Reports the state of this process to the farm. Where a worker runs in the same process, the worker does that. */
  const report = async (): Promise<void> => {
    if (kind !== 'coordinator') return
    const words = isFull(trouble) ? fullWords : link.refusal
    const queue = { lostForMs: link.lostForMs, server: link.server }
    await ledger.heartbeat(holder, { state: 'alive', trouble: words, queue, leases: [] })
  }

  /**
   * Renews leadership independently of the scheduling passes, since a long pass must not cost the leadership. Failures
   * are tolerated until the term has ended by our own clock; then this coordinator stops leading, whatever it is doing.
   * Each connection has its own time limits. In case these miss something, all connections are replaced after `anewMs`.
   */
  const beats = async (): Promise<void> => {
    let beatenMs = clock.now()
    let pauseMs = limits.renewMs
    while (!stopping.signal.aborted) {
      await clock.sleep(pauseMs, stopping.signal)
      if (stopping.signal.aborted) return
      const began = clock.now()
      // Not awaited: an unreachable queue must not cost the leadership.
      void link.look(options.queue.producer()).then((changed) => (changed ? report().catch(bear) : undefined))
      try {
        if (epoch !== null && !(await renewLeadership(database, epoch))) resign()
        await report()
        beatenMs = began
        pauseMs = limits.renewMs
      } catch (error) {
        bear(error)
        reconciler.excuse()
        pauseMs = Math.min(defaults.renewAgainMs, limits.renewMs)
        if (clock.now() - beatenMs > limits.termMs) resign()
        if (clock.now() - beatenMs < limits.anewMs) continue
        beatenMs = clock.now()
        database.renew()
      }
    }
  }

  return {
    async start() {
      if (phase !== 'new') return
      phase = 'waiting'
      if (kind === 'coordinator') await ledger.register(registration(holder, kernel, options.queue.place))
      running = Promise.all([terms(), beats()])
    },
    async stop() {
      if (phase === 'stopped') return
      const began = phase !== 'new'
      phase = 'stopping'
      stopping.abort()
      wake.abort()
      if (began) {
        await Promise.race([running, bounded(defaults.stopMs)])
        const last = epoch
        epoch = null
        const leave = async () => {
          if (last !== null) await releaseLeadership(database, last)
          if (kind === 'coordinator') await ledger.leave(holder)
        }
        await Promise.race([leave().catch(bear), bounded(defaults.stopMs)])
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
      return stateLine(phase, epoch, pulse, counters, trouble)
    },
  }
}

/** Wraps the queue so that the outcome of each call updates the link. */
const noted = (link: QueueLink, queue: QueuePort): QueuePort => ({
  add: (jobs) => link.noting(() => queue.add(jobs), true),
  keys: () => link.noting(() => queue.keys()),
  server: () => link.noting(() => queue.server()),
})

/** The number of bundles to dispatch for the present threads. */
function sizesOf(
  { threads: alive, workers, sweeps, longOut }: Pulse,
  { kind, shortThreads = 1, bundlesPerSecond }: CoordinatorOptions,
) {
  const threads = Math.max(1, alive)
  // A process that computes only its own sweep need not reserve a thread for others.
  const isShared = kind !== 'run' || workers > 1 || sweeps.length > 1
  const kept = isShared ? Math.min(shortThreads, threads - 1) : 0
  return {
    threads,
    window: windowSize(threads),
    longRoom: kept === 0 ? Number.POSITIVE_INFINITY : threads - kept - longOut,
    growth: growth(threads, bundlesPerSecond),
  }
}

/** Resolves after `ms`, without keeping the process alive. */
const bounded = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref())

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
  pulse: Pulse | null,
  { handedOut, settled, vanished, lost }: Counters,
  trouble: Error | null,
): string {
  const term = epoch === null ? phase : `${phase} in epoch ${epoch}`
  const farm =
    pulse === null
      ? ''
      : `: ${pulse.sweeps.length} sweeps, ${pulse.out} bundles dispatched to ${pulse.threads} threads; in total ` +
        `${handedOut} batches dispatched, ${settled} settled, ${vanished} vanished, ${lost} lost`
  return `${term}${farm}${trouble === null ? '' : ` (${trouble.message})`}`
}
