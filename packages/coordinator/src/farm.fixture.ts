import { databaseSource } from '@driftfarm/answers'
import {
  type BatchFailure,
  type BundleJob,
  createLedger,
  type Database,
  type Lease,
  type LeasedResult,
  LedgerError,
  type SweepStatus,
  submitSweep,
  sweepStatus,
  type WorkLedger,
} from '@driftfarm/database'
import type { Source } from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { compute, openFresh, specText, sweepOf } from '@driftfarm/testing/ledger'
import { type Watch, watchDatabase } from '@driftfarm/testing/watch'
import { onTestFailed } from 'vitest'
import { type Coordinator, type CoordinatorOptions, createCoordinator } from './coordinator.ts'
import type { QueuePort } from './queues.ts'

export { specText, sweepOf } from '@driftfarm/testing/ledger'

/** The queue port in memory. It delivers in order by default, and can lose all jobs on request. */
export class MemoryQueue implements QueuePort {
  readonly waiting = new Map<string, BundleJob>()
  readonly active = new Map<string, BundleJob>()
  /** Number of times that each job is delivered. */
  deliveries = 1
  added = 0
  most = 0
  #fail: Error | null = null
  /** The queue port for the coordinator. */
  port: QueuePort = this
  readonly #arrivals = new Set<() => void>()
  /** Called whenever something may have changed. */
  wake: () => void = () => undefined

  producer = (): QueuePort => this.port

  async add(jobs: Parameters<QueuePort['add']>[0]): Promise<void> {
    if (this.#fail !== null) throw this.#fail
    for (const job of jobs) {
      const key = String(job.bundle)
      if (this.waiting.has(key) || this.active.has(key)) continue
      this.added++
      const others = job.urgent ? [...this.waiting] : []
      if (job.urgent) this.waiting.clear()
      for (let copy = 0; copy < this.deliveries; copy++) this.waiting.set(copy === 0 ? key : `${key} ${copy}`, job)
      for (const [other, waits] of others) this.waiting.set(other, waits)
    }
    this.most = Math.max(this.most, this.waiting.size)
    for (const arrive of this.#arrivals) arrive()
    this.wake()
  }

  async server() {
    if (this.#fail !== null) throw this.#fail
    return null
  }

  async keys() {
    this.wake()
    return { waiting: [...this.waiting.values()], active: [...this.active.values()] }
  }

  /** Makes adding throw, until it is called with null. */
  failWith(error: Error | null): void {
    this.#fail = error
  }

  loseAllJobs(): void {
    this.waiting.clear()
  }

  /** Waits for the next job, the oldest or a chosen one, and returns it. */
  async take(
    signal: AbortSignal,
    choose: (size: number) => number = () => 0,
  ): Promise<{ key: string; job: BundleJob } | null> {
    while (this.waiting.size === 0) {
      if (signal.aborted) return null
      await new Promise<void>((resolve) => {
        const end = () => {
          this.#arrivals.delete(end)
          signal.removeEventListener('abort', end)
          resolve()
        }
        this.#arrivals.add(end)
        signal.addEventListener('abort', end)
      })
    }
    const [key, job] = [...this.waiting][choose(this.waiting.size)]!
    this.waiting.delete(key)
    this.active.set(key, job)
    this.wake()
    return { key, job }
  }

  ack(key: string): void {
    this.active.delete(key)
  }

  /** Returns a job to the queue, as after a handler that threw. */
  back(key: string): void {
    const job = this.active.get(key)
    this.active.delete(key)
    if (job !== undefined) this.waiting.set(key, job)
  }
}

export interface WorkerOptions {
  readonly id?: string
  readonly kind?: string
  readonly threads?: number
  readonly kernel?: number
  /** The queue that the worker listens to, by default that of the farm. */
  readonly queue?: MemoryQueue
  readonly choose?: (size: number) => number
  /** What happens to a lease instead of computing and committing it: a failure, or silence. */
  readonly failBatch?: (lease: Lease) => BatchFailure | 'vanish' | null
  /** The ledger port for the worker. */
  readonly ledger?: WorkLedger
}

/** Shorter times for tests. */
const hasty = { reconcileMs: 300, waitMs: 50, busyMs: 5, steadyMs: 20, idleMs: 40, troubleMs: 50 }

/** These workers send no heartbeats, so the time by the database's clock counts at once. */
export const silent = { lostAfterMs: 100, quietAfterMs: 0, deadAfterMs: Number.POSITIVE_INFINITY, goneAfterMs: 600_000 }

/** A farm in one process: its own database, a queue in memory, and workers that compute with the reference. */
export class Farm {
  readonly queue = new MemoryQueue()
  readonly ledger: WorkLedger
  readonly source: Source
  readonly committed: string[] = []
  duplicates = 0
  readonly refused: string[] = []
  /** Number of batches of each bundle that was leased. */
  readonly bundles: number[] = []
  readonly #stop = new AbortController()
  readonly #loops: Promise<void>[] = []
  readonly #coordinators: Coordinator[] = []
  readonly troubles: Error[] = []
  readonly #looks: (() => void)[] = []
  /** Listeners that wait for a sweep only. */
  readonly #sweepLooks: (() => void)[] = []

  private constructor(
    readonly database: Database,
    readonly watch: Watch,
    readonly drop: () => Promise<void>,
  ) {
    watch.listen((table) => {
      this.#wake()
      if (table === 'sweep') for (const look of this.#sweepLooks.splice(0)) look()
    })
    this.queue.wake = this.#wake
    this.ledger = createLedger(database)
    this.source = databaseSource(database)
  }

  static async open(): Promise<Farm> {
    const { database, drop } = await openFresh()
    return new Farm(database, await watchDatabase(database.url), drop)
  }

  /** Opens a farm with a worker and a leading coordinator. */
  static async running(options: Partial<CoordinatorOptions> = {}): Promise<Farm> {
    const farm = await Farm.open()
    await farm.work()
    await farm.coordinate(options)
    return farm
  }

  async coordinate(options: Partial<CoordinatorOptions> = {}): Promise<Coordinator> {
    const coordinator = createCoordinator({
      database: this.database,
      ledger: this.ledger,
      queue: this.queue,
      holder: `leader-${this.#coordinators.length}`,
      kind: 'up',
      bundle: 1,
      onTrouble: (error) => {
        this.troubles.push(error)
        this.#wake()
      },
      ...options,
      limits: { ...hasty, ...(options.limits ?? silent) },
    })
    this.#coordinators.push(coordinator)
    await coordinator.start()
    return coordinator
  }

  async work(options: WorkerOptions = {}) {
    const { id = `worker-${this.#loops.length}`, kind = 'worker', threads = 2, kernel = 1, ...rest } = options
    await this.ledger.register({ id, kind, host: 'here', pid: 1, threads, kernel })
    for (let thread = 0; thread < threads; thread++) this.#loops.push(this.#run(id, rest))
  }

  async #run(
    id: string,
    { choose, failBatch, ledger = this.ledger, queue = this.queue }: WorkerOptions,
  ): Promise<void> {
    for (;;) {
      const next = await queue.take(this.#stop.signal, choose)
      if (next === null) return
      try {
        if (await this.#handle(next.job, id, ledger, failBatch)) queue.ack(next.key)
      } catch (error) {
        this.troubles.push(error as Error)
        this.#wake()
        queue.back(next.key)
      }
    }
  }

  /** False: the worker sends nothing more. */
  async #handle(
    job: BundleJob,
    id: string,
    ledger: WorkLedger,
    failBatch: WorkerOptions['failBatch'],
  ): Promise<boolean> {
    const { batches, parked } = await ledger.lease(job, id)
    this.bundles.push(batches.length)
    if (batches.length === 0) this.refused.push(parked > 0 ? 'parked' : 'done')
    const results: LeasedResult[] = []
    for (const lease of batches) {
      const failure = failBatch?.(lease) ?? null
      this.#wake()
      if (failure === 'vanish') return false
      if (failure === null) results.push({ lease, result: compute(lease) })
      else await ledger.fail(lease, id, failure)
    }
    const endings = await ledger.commit(id, results)
    for (const [place, ending] of endings.entries()) {
      const { cell, first } = results[place]!.lease
      if (ending.ending === 'committed') this.committed.push(`${cell} ${first}`)
      if (ending.ending === 'duplicate') this.duplicates++
      if (ending.ending === 'violation') this.troubles.push(new LedgerError('DETERMINISM_VIOLATION', ending.message))
    }
    this.#wake()
    return true
  }

  submit(change: Record<string, unknown> = {}, runner: string | null = null) {
    const text = specText(change)
    return submitSweep(this.database, sweepOf(text), text, { runner })
  }

  readonly #wake = (): void => {
    for (const look of this.#looks.splice(0)) look()
  }

  /**
   * Waits until the sweep satisfies the condition, which is checked whenever tables, queue or workers report a change.
   */
  async until(id: string, wanted: (status: SweepStatus) => boolean, looks = this.#looks): Promise<SweepStatus> {
    onTestFailed(() => {
      const states = this.#coordinators.map(({ state }) => state).join('; ')
      process.stderr.write(`${states}; troubles: ${this.troubles.map(String).slice(-3).join('; ')}\n`)
    })
    for (;;) {
      const woken = new Promise<void>((resolve) => {
        looks.push(resolve)
      })
      const status = await sweepStatus(this.database, id).catch(() => null)
      if (status !== null && wanted(status)) return status
      await woken
    }
  }

  ends = (id: string) => this.until(id, ({ state }) => isEnded(state), this.#sweepLooks)

  async query<T extends Record<string, unknown>>(sql: string, values: unknown[] = []): Promise<T[]> {
    const { rows } = await this.database.pool.query(sql, values)
    return rows as T[]
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#loops)
    await Promise.all(this.#coordinators.map((coordinator) => coordinator.stop()))
    await this.watch.close()
    await this.drop()
  }
}
