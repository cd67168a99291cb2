import { setTimeout as delay } from 'node:timers/promises'
import { fullError, retrying, type WorkLedger } from '@driftfarm/database'
import { fullWords } from '@driftfarm/formula'
import { type Consumer, type QueueFactory, QueueLink } from '@driftfarm/queue'
import { cachedData } from './dataCache.ts'
import { type BatchEvent, type Delivery, type DeliveryContext, deliver } from './deliver.ts'
import { asError, WorkerError } from './error.ts'
import { faultPoint } from './faults.ts'
import { Gate } from './gate.ts'
import { Pool, type PoolOptions } from './pool.ts'
import { settings, type WorkerLimits } from './settings.ts'
import { Watchdog } from './watchdog.ts'

export interface WorkerOptions extends PoolOptions {
  readonly ledger: WorkLedger
  readonly queue: QueueFactory
  readonly id: string
  /** `worker`, `run` or `up`. */
  readonly kind: string
  /** Threads that have been started already. The worker closes them. */
  readonly pool?: Pool | undefined
  readonly onBatch?: (event: BatchEvent) => void
  /** Called with errors that the worker handles itself, and with WORKER_WEDGED, after which the process should end. */
  readonly onTrouble?: (error: Error) => void
  /**
   * Time of `performance.now()` at which the process will be terminated because its allocation ends. If the next
   * batches are not expected to end by then, the worker returns all its batches and takes no more.
   */
  readonly endsMs?: number | undefined
}

export type Worker = ReturnType<typeof createWorker>

export function createWorker(options: WorkerOptions) {
  const { ledger, queue, id, kind, threads, faults, onTrouble = () => undefined } = options
  const limits: WorkerLimits = { ...settings, ...options.limits }
  const counts = { committed: 0, failed: 0, cpuSeconds: 0 }
  const giveUp = new AbortController()
  const cutShort = new AbortController()
  const faultAt = faultPoint(faults)
  let phase: 'new' | 'starting' | 'running' | 'draining' | 'stopped' = 'new'
  const { pool = new Pool(options) } = options
  let consumer: Consumer | null = null
  let timers: NodeJS.Timeout[] = []
  let lastHeartbeatMs = 0
  let lastBusyMs = performance.now()
  let databaseReachedMs = performance.now()
  let isOutOfTime = false
  let starting: Promise<void> = Promise.resolve()
  let ending: Promise<void> | null = null

  const onBatch = (event: BatchEvent): void => {
    lastBusyMs = performance.now()
    if (event.ending === 'committed') counts.committed++
    if (event.ending === 'failed') counts.failed++
    counts.cpuSeconds += event.cpuSeconds
    options.onBatch?.(event)
  }

  const consume = async (context: DeliveryContext, watchdog: Watchdog): Promise<void> => {
    const made = queue.consumer(
      (job) => {
        watchdog.delivered()
        return deliver(job, context)
      },
      // While a bundle is being committed, its thread already computes another bundle. The worker therefore takes one
      // more bundle than it has threads.
      { concurrency: threads + 1, onTrouble, onAcknowledged: () => faultAt('acked') },
    )
    await made.run()
    consumer = made
  }

  /**
   * The time limits of a connection may not detect every lost connection. Replacing the connections does not end
   * running batches: their calls in progress fail as retryable and are repeated (`retryWhileUnreachable`).
   */
  const replaceStaleConnections = (): void => {
    if (performance.now() - lastHeartbeatMs < limits.replaceConnectionsMs) return
    lastHeartbeatMs = performance.now()
    ledger.renew()
  }

  const deliveries = new Set<Delivery>()

  /** Whether work that is expected to take this many thread seconds may start. */
  const hasTimeFor = (seconds: number): boolean => {
    if (options.endsMs === undefined || performance.now() + 1_000 * seconds <= options.endsMs) return true
    isOutOfTime = true
    return false
  }

  /** The reason why nothing is being stored, as reported to the farm. */
  let trouble: string | null = null
  const onFull = (error: unknown): void => {
    if (trouble === null) onTrouble(fullError(error))
    trouble = fullWords
  }

  const link = new QueueLink()
  const queueState = () => ({ lostForMs: link.lostForMs, server: link.server })

  const sendHeartbeat = async (): Promise<void> => {
    const leases = [...pool.leases, ...[...deliveries].flatMap(({ left }) => left)]
    const state = phase === 'draining' ? 'draining' : 'alive'
    const gone = new Set(
      await ledger.heartbeat(id, {
        state,
        trouble: trouble ?? link.refusal,
        queue: queueState(),
        engine: pool.engineWords,
        leases,
      }),
    )
    databaseReachedMs = performance.now()
    lastHeartbeatMs = databaseReachedMs
    if (gone.size === 0) return
    pool.stop('withdrawn', (lease) => gone.has(lease))
    for (const delivery of deliveries) delivery.withdraw(gone)
  }

  /** Never runs `work` while an earlier call is still running. */
  const every = (ms: number, work: () => Promise<void>): void => {
    let busy = false
    const tick = async (): Promise<void> => {
      if (busy) return
      busy = true
      await work().catch((error) => onTrouble(asError(error)))
      busy = false
    }
    timers.push(setInterval(tick, ms))
  }

  const begin = async (): Promise<void> => {
    phase = 'starting'
    const around: DeliveryContext = {
      ledger,
      workerId: id,
      pool,
      data: cachedData((hash) => ledger.data(hash)),
      gate: new Gate(),
      faultAt,
      commitMs: limits.commitMs,
      draining: () => isOutOfTime || (phase !== 'running' && phase !== 'starting'),
      hasTimeFor,
      async retryWhileUnreachable(work) {
        const result = await retrying(work, settings.patienceMs, { until: giveUp.signal, onFull })
        trouble = null
        return result
      },
      abortWaiting: giveUp.signal,
      onBatch,
      onTrouble,
      deliveries,
    }
    const watchdog: Watchdog = new Watchdog({
      waiting: () => queue.producer().waiting(),
      active: () => consumer?.active ?? 0,
      rebuild: async () => {
        if (phase !== 'running') return
        await consumer?.close()
        await consume(around, watchdog)
      },
      onWedged: () =>
        onTrouble(new WorkerError('WORKER_WEDGED', `worker ${id} receives no jobs although jobs are waiting`)),
    })
    try {
      await Promise.all([ledger.register({ id, kind, threads, queue: queue.place }), pool.ready()])
      await consume(around, watchdog)
    } catch (error) {
      await finish()
      throw error
    }
    phase = 'running'
    lastHeartbeatMs = performance.now()
    every(limits.heartbeatMs, sendHeartbeat)
    every(limits.heartbeatMs, async () => {
      if (await link.check(queue.producer())) await sendHeartbeat()
    })
    timers.push(setInterval(replaceStaleConnections, limits.heartbeatMs))
    every(limits.watchdogMs, () => watchdog.check())
    // A run has its sweep already, and its module may be kept.
    if (kind !== 'run')
      timers.push(setTimeout(() => pool.compileCommon().catch(() => undefined), limits.compileCommonMs))
  }

  const finish = async (): Promise<void> => {
    pool.stop('released')
    // Releasing batches takes only a moment. A handler that takes longer than this limit is waiting for an unreachable
    // database.
    await consumer?.close({ timeoutMs: 2 * limits.graceMs })
    giveUp.abort()
    for (const timer of timers) clearInterval(timer)
    timers = []
    await pool.close()
    await Promise.race([ledger.deregister(id), delay(limits.graceMs, undefined, { ref: false })]).catch((error) =>
      onTrouble(asError(error)),
    )
    phase = 'stopped'
  }

  const drain = async (timeoutMs: number): Promise<void> => {
    await starting.catch(() => undefined)
    if (phase === 'stopped') return // a failed start has already stopped the worker
    phase = 'draining'
    await consumer?.pause()
    pool.stopQueued()
    await ledger
      .heartbeat(id, { state: 'draining', trouble, queue: queueState(), leases: [] })
      .catch((error) => onTrouble(asError(error)))
    const end = performance.now() + timeoutMs
    while ((consumer?.active ?? 0) > 0 && performance.now() < end && !cutShort.signal.aborted) await delay(20)
    await finish()
  }

  const end = (timeoutMs: number): Promise<void> => {
    if (timeoutMs === 0) cutShort.abort()
    if (phase === 'new') {
      phase = 'stopped'
      ending = pool.close()
    }
    if (phase === 'stopped') return ending ?? Promise.resolve()
    ending ??= drain(timeoutMs)
    return ending
  }

  return {
    id,
    /** Registers, connects and starts to take jobs. Throws if the database or the queue cannot be reached. */
    start(): Promise<void> {
      if (phase !== 'new')
        return Promise.reject(new WorkerError('WORKER_STATE', `worker ${id} is ${phase} and cannot be started again`))
      starting = begin()
      return starting
    },
    /**
     * Takes no new jobs. Running batches have `timeoutMs` to finish. Batches that do not finish are released, which
     * does not count as a failure.
     */
    drain: ({ timeoutMs }: { readonly timeoutMs: number }) => end(Math.max(1, timeoutMs)),
    /**
     * Drains without waiting for batches, within about five seconds. If a drain is already in progress, it is cut
     * short.
     */
    stop: () => end(0),
    /** Time in ms since anything was computed or stored; 0 while the worker is busy. */
    get idleMs(): number {
      if ((consumer?.active ?? 0) > 0) lastBusyMs = performance.now()
      return performance.now() - lastBusyMs
    },
    /** Time in ms since the database was last reached. */
    get silentMs(): number {
      return performance.now() - databaseReachedMs
    },
    /** Whether batches were returned because they would not have ended by `endsMs`. The worker then takes no others. */
    get isOutOfTime(): boolean {
      return isOutOfTime
    },
    /** See `Pool`. */
    get engineWords(): string | null {
      return pool.engineWords
    },
    /** Describes the state in one line, for people. */
    get state(): string {
      const work = `${pool.computing} of ${threads} threads computing`
      const done =
        `batches: ${counts.committed} committed, ${counts.failed} failed, ` +
        `${counts.cpuSeconds.toFixed(1)} s of thread time`
      return `worker ${id} ${phase}; ${work}; ${done}; queue ${consumer?.state ?? 'not connected'}`
    },
  }
}
