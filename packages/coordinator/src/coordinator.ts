import { setTimeout as wait } from 'node:timers/promises'
import {
  acquireLeadership,
  type Database,
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
import { defaults, type Limits } from './defaults.ts'
import { SchedulerMemory } from './memory.ts'
import { type QueuePort, Queues } from './queues.ts'
import { Reconciler } from './reconcile.ts'
import { type Counters, schedulingPass, zeroCounters } from './schedulingPass.ts'
import { beginTerm, next, type Step, type Term, type TermEvent, type TermOptions, termText } from './term.ts'

export interface CoordinatorOptions extends Omit<TermOptions, 'limits'> {
  readonly database: Database
  readonly ledger: WorkLedger
  /** `producer` returns the queue for a kernel version; the default is the kernel version of this process. */
  readonly queue: { producer(kernel?: number): QueuePort; readonly place?: string }
  /** The worker id with which this process acquires leadership. */
  readonly holder: string
  /** A fixed number of trials in each batch, for tests. */
  readonly batch?: number | undefined
  /** The largest number of batches in a bundle, for tests. */
  readonly bundle?: number | undefined
  readonly kernel?: number
  readonly clock?: Clock
  /** Limits for tests, instead of the limits in `defaults.ts`. */
  readonly limits?: Partial<Limits>
  /** Called after a pass in which a sweep has ended. */
  readonly onFinished?: (() => void) | undefined
  /** Called with errors that do not end the coordinator: lost connections, a full queue. */
  readonly onTrouble?: (error: Error) => void
}

export type Coordinator = ReturnType<typeof createCoordinator>

/**
 * A farm may have any number of coordinators: one leads, and the others are on standby.
 * Everything that the next leading coordinator needs is in the database.
 */
export function createCoordinator(options: CoordinatorOptions) {
  const { database, ledger, holder, kind, clock = systemClock, kernel = KERNEL_VERSION } = options
  const limits: Limits = { ...defaults, ...options.limits }
  const reconciler = new Reconciler(database, limits)
  const link = new QueueLink(() => clock.now())
  const counters = zeroCounters()
  let phase: 'new' | 'waiting' | 'leading' | 'stopping' | 'stopped' = 'new'
  let epoch: number | null = null
  let term: Term | null = null
  let trouble: Error | null = null
  const stopping = new AbortController()
  let waking = new AbortController()
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

  const count = (found: Partial<Counters>): void => {
    for (const [name, more] of Object.entries(found)) counters[name as keyof Counters] += more
  }

  const resign = (): void => {
    epoch = null
    term = null
    if (phase === 'leading') phase = 'waiting'
  }

  /** Leads until the term ends: does what the state says, and reports the result to the state. */
  const lead = async (own: number): Promise<void> => {
    const memory = new SchedulerMemory()
    const queues = new Queues(kernel, (version) => withLinkState(link, options.queue.producer(version)))
    const { shortThreads, bundlesPerSecond } = options
    term = beginTerm({ kind, shortThreads, bundlesPerSecond, limits }, clock.now())
    while (epoch === own && !stopping.signal.aborted) {
      if (term.next.step === 'step down') return stepDown(own)
      const event = await perform(term.next, { own, memory, queues })
      if (term === null) return
      term = next(term, event, { nowMs: clock.now(), queueLostForMs: link.lostForMs })
    }
  }

  const perform = async (
    todo: Step,
    { own, memory, queues }: { own: number; memory: SchedulerMemory; queues: Queues },
  ): Promise<TermEvent> => {
    try {
      switch (todo.step) {
        case 'reconcile': {
          const { vanished, lost, suspected, interrupted } = await reconciler.reconcile(queues, own, clock.now)
          count({ vanished, lost, interrupted })
          return { event: 'reconciled', suspected }
        }
        case 'check workers':
          count(await reconciler.checkWorkers(own, clock.now()))
          return { event: 'workers checked' }
        case 'read changes':
          waking = new AbortController()
          return { event: 'changes', ...(await readPendingChanges(database)) }
        case 'read snapshot': {
          const snapshot = await readFarmSnapshot(database, kernel)
          queues.setKernels(snapshot.kernels)
          return { event: 'snapshot', snapshot }
        }
        case 'pass': {
          const { batch = null, bundle = null } = options
          const context = { database, queues, epoch: own, kernel, ...todo.sizes, batch, bundle }
          const { enqueued, finished } = counters
          count({ passes: 1 })
          const again = await schedulingPass(context, todo.snapshot, {
            memory,
            counters,
            nowMs: clock.now(),
            stalledMs: limits.stalledMs,
            onTrouble: recordError,
          })
          if (counters.finished > finished) options.onFinished?.()
          return { event: 'passed', enqueued: counters.enqueued - enqueued, again }
        }
        // If no coordinator on standby can reach the queue, stepping down would not help.
        case 'look for a standby':
          return { event: 'standby', isReady: await hasStandby(database, holder, kernel) }
        case 'sleep':
          if (term?.hasFailed === false) trouble = null
          await sleep(Math.min(todo.ms, limits.busyMs))
          if (todo.ms > limits.busyMs && !waking.signal.aborted)
            await clock.sleep(todo.ms - limits.busyMs, waking.signal)
          return { event: 'woke' }
        case 'step down':
          throw new Error('a term that has ended takes no step')
      }
    } catch (error) {
      recordError(error)
      if (todo.step === 'look for a standby') return { event: 'standby', isReady: false }
      return { event: todo.step === 'reconcile' ? 'reconciling failed' : 'failed' }
    }
  }

  /** Steps down in favour of a coordinator that can reach the queue or has a newer version. */
  const stepDown = async (own: number): Promise<void> => {
    resign()
    await releaseLeadership(database, own).catch(recordError)
    await sleep(limits.yieldMs)
  }

  const sleep = async (ms: number): Promise<void> => {
    if (!stopping.signal.aborted) await clock.sleep(ms, stopping.signal)
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
        pauseMs = Math.min(limits.renewAgainMs, limits.renewMs)
        if (clock.now() - renewedMs > limits.termMs) resign()
        if (clock.now() - renewedMs < limits.replaceConnectionsMs) continue
        renewedMs = clock.now()
        database.renew()
      }
    }
  }

  return {
    /** Starts the coordinator. It begins to lead as soon as no other coordinator leads. */
    async start() {
      if (phase !== 'new') return
      phase = 'waiting'
      if (kind === 'coordinator')
        await ledger.register({ id: holder, kind, threads: 0, kernel, queue: options.queue.place })
      running = Promise.all([leadInTerms(), renewals()])
    },
    /** Stops within bounded time and gives up leadership. */
    async stop() {
      if (phase === 'stopped') return
      const began = phase !== 'new'
      phase = 'stopping'
      stopping.abort()
      waking.abort()
      if (began) {
        await Promise.race([running, wait(limits.stopMs, undefined, { ref: false })])
        const last = epoch
        epoch = null
        const leave = async () => {
          if (last !== null) await releaseLeadership(database, last)
          if (kind === 'coordinator') await ledger.deregister(holder)
        }
        await Promise.race([leave().catch(recordError), wait(limits.stopMs, undefined, { ref: false })])
      }
      phase = 'stopped'
    },
    /** Ends the present pause after `busyMs`: a worker of this process has committed trials. */
    wake(): void {
      waking.abort()
    },
    get leading(): boolean {
      return phase === 'leading' && epoch !== null
    },
    counters: counters as Readonly<Counters>,
    /** Describes the state in one line, for people. */
    get state(): string {
      const { dispatched, settled, vanished, lost } = counters
      const head = epoch === null ? phase : `${phase} in epoch ${epoch}`
      const farm =
        term === null
          ? ''
          : `: ${termText(term)}; since the start: dispatched batches ${dispatched}, settled requests ${settled}, ` +
            `batches without a report from their worker ${vanished}, batches that the queue lost ${lost}`
      return `${head}${farm}${trouble === null ? '' : ` (${trouble.message})`}`
    },
  }
}

const withLinkState = (link: QueueLink, queue: QueuePort): QueuePort => ({
  add: (jobs) => link.recordCall(() => queue.add(jobs), true),
  keys: () => link.recordCall(() => queue.keys()),
  server: () => link.recordCall(() => queue.server()),
})

/** The clock of a coordinator; tests pass their own. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number
  /** Resolves after `ms`, or as soon as the signal is aborted; never rejects. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
}
