import { fileURLToPath } from 'node:url'
import type { BatchFailure, Lease } from '@driftfarm/database'
import type { PreparedCell } from '@driftfarm/kernel'
import type { Tables } from '@driftfarm/spec'
import { premisesNotFound } from '@driftfarm/statistics'
import { Piscina } from 'piscina'
import { Computation, type SlicePosition, type StopReason } from './computation.ts'
import { failureOf } from './error.ts'
import type { Faults } from './faults.ts'
import { CompileFailure, Modules } from './modules.ts'
import { Engines, type NativeOptions } from './native/engines.ts'
import { settings, type WorkerLimits } from './settings.ts'
import { sourceArguments } from './sourceArguments.ts'
import type { BatchAnswer, CompileTask, Engine, NativeTask, SliceAnswer, SliceTask, ThreadData } from './task.ts'

export interface PoolOptions {
  /** Largest number of computing threads, in addition to the main thread, which only waits. */
  readonly threads: number
  /** The default is `wasm`. `reference` computes the same bytes, about a hundred times more slowly. */
  readonly engine?: Engine | undefined
  /** Native lanes beside WebAssembly; absent: none. They need a cache folder. */
  readonly native?: NativeOptions | undefined
  /** Called with errors that are handled. */
  readonly onTrouble?: ((error: Error) => void) | undefined
  /** Cache folder of compiled shapes, shared between processes. */
  readonly cacheFolder?: string | null | undefined
  /** The entry file of the threads, by default the source in this package. A bundled program passes a bundled file. */
  readonly threadFile?: URL | undefined
  /** The canonical text of a cell that will probably be computed. The first thread prepares it at once. */
  readonly cell?: string | undefined
  /** Limits that replace the defaults in `settings`. */
  readonly limits?: Partial<WorkerLimits> | undefined
  /** Faults to inject, for tests. */
  readonly faults?: Faults | undefined
}

/** How a batch ended. Premises are null if the lease does not request them. */
export type Computed = BatchAnswer | { readonly kind: 'stopped'; readonly reason: StopReason }

type Turn = Pick<SliceTask, 'prepared' | 'training'>

/** No trial is ever computed on the main thread, which must renew locks and send heartbeats in time. */
export class Pool {
  private piscina: Piscina
  private readonly modules = new Modules()
  private readonly engines: Engines | null
  /** Training runs in progress, by their ids. */
  private readonly training = new Map<string, Promise<unknown>>()
  private readonly running = new Set<Computation>()
  private readonly watch: NodeJS.Timeout
  private readonly loaded: Promise<unknown>
  private closed = false

  private readonly limits: WorkerLimits

  constructor(private readonly options: PoolOptions) {
    this.limits = { ...settings, ...options.limits }
    this.piscina = this.make()
    this.loaded = this.piscina.run(options.cell ?? null, { name: 'ping' })
    this.loaded.catch(() => undefined) // `ready` reports it
    const { native, engine = 'wasm', cacheFolder: folder = null, onTrouble = () => undefined } = options
    this.engines =
      native === undefined || engine !== 'wasm' || folder === null
        ? null
        : new Engines({
            ...native,
            afterMs: native.mode === 'require' ? 0 : this.limits.nativeAfterMs,
            onTrouble,
            compile: (task) => this.healthy().run({ ...task, folder } satisfies NativeTask, { name: 'native' }),
          })
    this.watch = setInterval(() => {
      for (const computation of this.running) computation.checkLimits()
    }, this.limits.watchMs)
    this.watch.unref()
  }

  get computing(): number {
    return [...this.running].filter((each) => each.computing).length
  }

  /** For tests. */
  get places(): readonly SlicePosition[] {
    return [...this.running].map(({ position }) => position)
  }

  get leases(): Lease[] {
    return [...this.running].flatMap(({ leases }) => leases)
  }

  /**
   * Rejects if threads cannot load their file. Without this call, the error would be recorded as a failure of a batch.
   */
  async ready(): Promise<void> {
    await Promise.all([this.loaded, this.engines?.ready()])
  }

  /** Which engine computes, and why not the other, for people; null if only one is possible or nothing was computed. */
  get engineWords(): string | null {
    return this.engines?.words ?? null
  }

  /**
   * In a new home, loads the compiler in one thread unless there is work. The first sweep then starts about a second
   * earlier.
   */
  async compileCommon(): Promise<void> {
    const { engine = 'wasm', cacheFolder = null } = this.options
    if (engine === 'wasm' && this.running.size === 0) await this.piscina.run(cacheFolder, { name: 'compileCommon' })
  }

  /**
   * Computes leased batches of trials in one thread, in sequence. Returns the results in the same order. Never rejects.
   * If a batch terminates its thread, only this batch fails: earlier batches are computed again, and later ones
   * continue. `tables` are the tables that all leases name, in shared memory.
   */
  async compute(leases: readonly Lease[], tables: Tables = []): Promise<readonly Computed[]> {
    if (leases.length === 0) return []
    const computation = new Computation(leases, tables, this.limits.graceMs)
    this.running.add(computation)
    try {
      return await this.computed(computation)
    } finally {
      this.running.delete(computation)
    }
  }

  /**
   * A slice consists of the batches of one call of `compute`. Stops each slice if `which` selects all of its batches.
   * Other slices continue, because a slice of several batches takes only a moment.
   */
  stop(reason: StopReason, which: (lease: Lease) => boolean = () => true): void {
    for (const computation of this.running) if (computation.leases.every(which)) computation.stop(reason)
  }

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
    const { threads, threadFile = new URL('./thread.ts', import.meta.url), faults } = this.options
    const { minDeadlineMs, premisesLimitMs, heapMb } = this.limits
    const piscina = new Piscina({
      filename: fileURLToPath(threadFile),
      name: 'run',
      // More threads start when there is work for them. Loading their code would delay a small sweep.
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      recordTiming: false,
      execArgv: threadFile.pathname.endsWith('.ts') ? sourceArguments() : [],
      resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: settings.youngHeapMb },
      workerData: { faults, minDeadlineMs, premisesLimitMs } satisfies ThreadData,
    })
    // Piscina emits this event if a thread dies between tasks. No batch is affected, because an error during a task
    // rejects the promise of the task instead.
    piscina.on('error', () => undefined)
    return piscina
  }

  private async computed(computation: Computation): Promise<readonly Computed[]> {
    const { leases } = computation
    const done: Computed[] = []
    let prepared: PreparedCell | null = null
    let training: SliceTask['training'] = 'ask'
    while (done.length < leases.length) {
      computation.requeue(done.length)
      const pool = this.healthy()
      try {
        const answer = await this.send(pool, computation, { prepared, training })
        this.engines?.take(answer.reports, leases.slice(done.length), computation.tables)
        done.push(...answer.answers)
        const { ended } = answer
        prepared = null
        training = 'ask'
        if (ended === 'stopped') return [...done, ...(await this.afterStop(computation, done.length))]
        if (ended === null) continue
        if (!('shape' in ended)) {
          computation.requeue(done.length)
          await Promise.race([this.trained(ended.training, computation), computation.aborted])
          training = 'go'
          continue
        }
        prepared = ended
        const failure = await this.modules.prepare(ended.shape, () => this.compile(ended))
        if (failure === null) continue
        done.push({ kind: 'failed', failure })
        prepared = null
      } catch (error) {
        // The task failed only because the pool was replaced while it ran, so it is sent again.
        if (pool !== this.piscina && !this.closed && computation.reason === null) continue
        return [...done, ...(await this.afterEnd(computation, done.length, error))]
      }
    }
    return done
  }

  /** Waits until one thread of this process has trained. If it fails, the batch that needs the run will train again. */
  private trained(id: string, computation: Computation): Promise<unknown> {
    const running =
      this.training.get(id) ??
      this.send(this.healthy(), computation, { prepared: null, training: 'train' })
        .catch(() => undefined)
        .finally(() => this.training.delete(id))
    this.training.set(id, running)
    return running
  }

  private send(pool: Piscina, computation: Computation, turn: Turn): Promise<SliceAnswer> {
    return pool.run(this.taskOf(computation, turn), { name: 'run', signal: computation.signal })
  }

  private async afterStop(computation: Computation, from: number): Promise<readonly Computed[]> {
    const { leases, tables, reason, position } = computation
    if (reason !== 'deadline') return stopped(leases.slice(from), reason ?? 'released')
    // The batch that exceeded its time limit may have finished before the thread saw the flag.
    if (from > position.batch) return this.compute(leases.slice(from), tables)
    const failure = deadlineFailure(computation.control.limitMs)
    return [{ kind: 'failed', failure }, ...(await this.compute(leases.slice(from + 1), tables))]
  }

  /** Handles the end of a thread. The results of its current task are lost. */
  private async afterEnd(computation: Computation, from: number, error: unknown): Promise<readonly Computed[]> {
    const { leases, tables, reason, position, control } = computation
    if (reason === 'released' || reason === 'withdrawn' || (this.closed && reason === null))
      return stopped(leases.slice(from), reason ?? 'released')
    const failure = reason === 'deadline' ? deadlineFailure(control.limitMs) : failureOf(error)
    const at = Math.max(from, position.batch)
    const culprit = leases[at]!
    const before = await this.compute(leases.slice(from, at), tables)
    const culpritResult =
      position.phase === 'premises'
        ? await this.withoutPremises(culprit, tables, failure.message)
        : [{ kind: 'failed', failure } as const]
    return [...before, ...culpritResult, ...(await this.compute(leases.slice(at + 1), tables))]
  }

  /** The thread ended while it computed the premises, so only the premises fail. */
  private async withoutPremises(lease: Lease, tables: Tables, message: string): Promise<readonly Computed[]> {
    const computed = await this.compute([{ ...lease, premises: null }], tables)
    const premises = premisesNotFound(message, { lost: true })
    return computed.map((each) => (each.kind === 'parts' ? { ...each, premises } : each))
  }

  private taskOf({ leases, offset, tables, control }: Computation, { prepared, training }: Turn): SliceTask {
    const { engine = 'wasm', cacheFolder = null } = this.options
    return {
      batches: leases.slice(offset),
      tables,
      engine,
      control: control.buffer,
      prepared,
      modules: engine === 'wasm' ? this.modules.sent(prepared?.shape ?? null) : [],
      natives: this.engines?.uses() ?? [],
      folder: cacheFolder,
      training,
    }
  }

  private async compile({ shape, source }: PreparedCell): Promise<Uint8Array> {
    const task: CompileTask = { shape, source, folder: this.options.cacheFolder ?? null }
    const signal = AbortSignal.timeout(settings.compileLimitMs)
    try {
      return await this.healthy().run(task, { name: 'compile', signal })
    } catch (error) {
      throw new CompileFailure(
        signal.aborted
          ? { kind: 'deadline', message: `compilation did not finish within ${settings.compileLimitMs / 1_000} s` }
          : failureOf(error),
      )
    }
  }

  /** Piscina does not replace a thread that died before it was ready. If it was the last one, a new pool is made. */
  private healthy(): Piscina {
    if (!this.closed && this.piscina.threads.length === 0) {
      void this.piscina.destroy()
      this.piscina = this.make()
    }
    return this.piscina
  }
}

const stopped = (leases: readonly Lease[], reason: Exclude<StopReason, 'deadline'>): Computed[] =>
  leases.map(() => ({ kind: 'stopped', reason }))

const deadlineFailure = (limitMs: number): BatchFailure => ({
  kind: 'deadline',
  message: `not finished after ${(limitMs / 1_000).toFixed(1)} s of computing`,
})
