import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { BatchFailure, CommitPart, Lease } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { DataTable } from '@driftfarm/spec'
import { type Premises, premisesNotFound } from '@driftfarm/statistics'
import { Piscina } from 'piscina'
import { Computation, type StopReason } from './computation.ts'
import { failureOf } from './failure.ts'
import type { Faults } from './faults.ts'
import { Modules } from './modules.ts'
import { settings, type WorkerLimits } from './settings.ts'
import type { BatchAnswer, BatchTask, CompileAnswer, CompileTask, Engine, PremisesTask, ThreadData } from './task.ts'

export interface PoolOptions {
  readonly threads: number
  readonly engine: Engine
  readonly threadFile: URL
  readonly cacheFolder: string | null
  readonly leastDeadlineMs: number
  readonly premisesLimitMs: number
  readonly heapMb: number
  readonly limits?: Partial<WorkerLimits>
  readonly faults: Faults | undefined
}

export type Computed =
  | {
      readonly kind: 'parts'
      readonly parts: readonly CommitPart[]
      readonly cpuSeconds: number
      /** Null where the lease does not ask for them, or they could not be computed. */
      readonly premises: Premises | null
    }
  | { readonly kind: 'failed'; readonly failure: BatchFailure }
  | { readonly kind: 'stopped'; readonly reason: StopReason }

/** Sources are run in a thread by tsx, as in the main thread. */
function execArgv(file: URL): string[] {
  if (!file.pathname.endsWith('.ts')) return []
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href]
}

/** The computing threads. No trial is ever computed on the main thread, since it renews locks and sends heartbeats. */
export class Pool {
  private piscina: Piscina
  private readonly modules = new Modules()
  private readonly running = new Set<Computation>()
  private readonly watch: NodeJS.Timeout
  private closed = false

  private readonly limits: WorkerLimits

  constructor(private readonly options: PoolOptions) {
    this.limits = { ...settings, ...options.limits }
    this.piscina = this.make()
    this.watch = setInterval(() => {
      for (const computation of this.running) computation.watch()
    }, this.limits.watchMs)
    this.watch.unref()
  }

  get computing(): number {
    return [...this.running].filter((each) => each.computing).length
  }

  get leases(): Lease[] {
    return [...this.running].map(({ lease }) => lease)
  }

  /** Rejects if threads cannot load their file, so that no batch is blamed for it. */
  async ready(): Promise<void> {
    await this.piscina.run(null, { name: 'ping' })
  }

  /** Computes a leased batch. Never rejects. `data` is the data set that the lease names, in shared memory. */
  async compute(lease: Lease, data: DataTable | null = null): Promise<Computed> {
    const computation = new Computation(lease, data, () => performance.now(), this.limits.graceMs)
    this.running.add(computation)
    try {
      for (;;) {
        const pool = this.healthy()
        try {
          return await this.attempt(pool, computation)
        } catch (error) {
          // The pool was replaced while this task ran, through no fault of the task.
          if (pool === this.piscina || this.closed || computation.reason !== null) return this.ended(computation, error)
          computation.requeue()
        }
      }
    } finally {
      this.running.delete(computation)
    }
  }

  /** Stops the computations that `which` selects, by default all. They end as stopped within the grace time. */
  stop(reason: StopReason, which: (lease: Lease) => boolean = () => true): void {
    for (const computation of this.running) if (which(computation.lease)) computation.stop(reason)
  }

  /** Releases the batches that no thread has begun. */
  stopQueued(): void {
    for (const computation of this.running) if (!computation.computing) computation.stop('released')
  }

  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.watch)
    this.stop('released')
    await this.piscina.destroy()
  }

  private make(): Piscina {
    const { threads, threadFile, faults, leastDeadlineMs, heapMb } = this.options
    const piscina = new Piscina({
      filename: fileURLToPath(threadFile),
      name: 'run',
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      execArgv: execArgv(threadFile),
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
      workerData: { faults, leastDeadlineMs } satisfies ThreadData,
    })
    // Emitted for a thread that dies between tasks; tasks report their own errors.
    piscina.on('error', () => undefined)
    return piscina
  }

  private async attempt(pool: Piscina, computation: Computation): Promise<Computed> {
    let prepared: PreparedCell | null = null
    for (;;) {
      const answer = (await pool.run(this.taskOf(computation, prepared), {
        name: 'run',
        signal: computation.signal,
      })) as BatchAnswer
      if (answer.kind === 'stopped') return this.ended(computation, new Error('stopped without a reason'))
      if (answer.kind === 'parts') return { ...answer, premises: await this.premises(computation) }
      if (answer.kind !== 'needs') return answer
      const needed = answer.prepared
      prepared = needed
      const failure = await this.modules.prepare(needed.shape, () => this.compile(needed))
      if (failure !== null) return { kind: 'failed', failure }
      computation.requeue()
    }
  }

  /**
   * The premises of the cell, computed after its batch: this may fail, take long or end its thread without losing the
   * batch. Null where the lease does not ask for them, or the worker is about to end.
   */
  private async premises(computation: Computation): Promise<Premises | null> {
    const { lease, data } = computation
    if (!lease.premises) return null
    computation.finish()
    const task: PremisesTask = { canonical: lease.canonical, data, folder: this.options.cacheFolder }
    const { premisesLimitMs } = this.options
    const limit = AbortSignal.timeout(premisesLimitMs)
    const pool = this.healthy()
    try {
      const signal = AbortSignal.any([limit, computation.signal])
      return (await pool.run(task, { name: 'premises', signal })) as Premises
    } catch (error) {
      if (computation.reason !== null || this.closed || pool !== this.piscina) return null
      return premisesNotFound(limit.aborted ? `no end in ${premisesLimitMs / 1_000} s` : failureOf(error).message)
    }
  }

  private taskOf({ lease, data, control }: Computation, prepared: PreparedCell | null): BatchTask {
    const { canonical, first, count, record, horizons, bits, cut, secondsPerTrial, job } = lease
    return {
      cell: job.cell,
      canonical,
      data,
      first,
      count,
      record,
      horizons,
      bits,
      cut,
      secondsPerTrial,
      engine: this.options.engine,
      control: control.buffer,
      prepared,
      modules: this.options.engine === 'wasm' ? this.modules.sent(prepared?.shape ?? null) : [],
    }
  }

  private async compile({ shape, source }: PreparedCell): Promise<CompileAnswer> {
    const task: CompileTask = { shape, source, folder: this.options.cacheFolder }
    const signal = AbortSignal.timeout(settings.compileLimitMs)
    try {
      return (await this.healthy().run(task, { name: 'compile', signal })) as CompileAnswer
    } catch (error) {
      const failure: BatchFailure = signal.aborted
        ? { kind: 'deadline', message: `not compiled in ${settings.compileLimitMs / 1_000} s` }
        : failureOf(error)
      return { kind: 'failed', failure }
    }
  }

  private ended(computation: Computation, error: unknown): Computed {
    const { reason, control } = computation
    if (reason === 'deadline') {
      const message = `no end after ${(control.deadlineMs / 1_000).toFixed(1)} s of computing`
      return { kind: 'failed', failure: { kind: 'deadline', message } }
    }
    if (reason !== null) return { kind: 'stopped', reason }
    if (this.closed) return { kind: 'stopped', reason: 'released' }
    return { kind: 'failed', failure: failureOf(error) }
  }

  /**
   * Piscina stops replacing threads that die before they are ready. The pool is then created again as soon as nothing
   * runs in it.
   */
  private healthy(): Piscina {
    const { threads } = this.options
    if (!this.closed && this.piscina.threads.length < threads && !this.busy()) {
      void this.piscina.destroy()
      this.piscina = this.make()
    }
    return this.piscina
  }

  private busy(): boolean {
    return this.piscina.threads.length > 0 && this.computing > 0
  }
}
