import { fileURLToPath } from 'node:url'
import type { BoundParts, ComputedTrial, ExactParts, Heavy } from '@driftfarm/answers'
import { bundledEntry } from '@driftfarm/farm'
import type { TracedPaths } from '@driftfarm/report'
import { Piscina } from 'piscina'
import { ApiError } from '../error.ts'
import { Turns } from '../turns.ts'

/** Answers that may wait for the thread; others are refused. */
const mostWaiting = 16
/** An answer that takes longer is given up: the command computes it in a process of its own, however long it takes. */
const longestMs = 60_000
/** The thread ends when nothing was asked for so long: it may hold much memory. */
const idleMs = 60_000

/** What takes long: in a thread of its own, one at a time; and what must be done here, one at a time too. */
export class Work implements Heavy {
  readonly #home: string
  readonly #turns = new Turns({ most: 1, waiting: mostWaiting })
  #thread: Piscina | null = null

  constructor(home: string) {
    this.#home = home
  }

  /** Drawing, planning and the like: work of this thread that would else be done for many at once. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const end = await this.#turns.take()
    try {
      return await work()
    } finally {
      end()
    }
  }

  trial: Heavy['trial'] = (cell, data, trial) =>
    this.#run<ComputedTrial>('trial', { cell, data, trial, home: this.#home })

  exact: Heavy['exact'] = async (cell, data, horizons) =>
    JSON.parse(await this.#run<string>('exact', { cell, data, horizons })) as ExactParts

  bounds: Heavy['bounds'] = async (cell, data) =>
    JSON.parse(await this.#run<string>('bounds', { cell, data })) as BoundParts

  paths: Heavy['paths'] = (cell, data, trials, title) => this.#run<TracedPaths>('paths', { cell, data, trials, title })

  async close(): Promise<void> {
    await this.#thread?.destroy()
    this.#thread = null
  }

  async #run<T>(name: string, task: object): Promise<T> {
    this.#thread ??= startThread()
    const controller = new AbortController()
    const limit = setTimeout(() => controller.abort(), longestMs)
    try {
      return (await this.#thread.run(task, { name, signal: controller.signal })) as T
    } catch (error) {
      if (controller.signal.aborted)
        throw new ApiError('TOO_LONG', `this takes longer than ${longestMs / 1000} s`, {
          hint: 'the command takes as long as it needs: driftfarm oracle, driftfarm theorem, driftfarm replay',
        })
      if ((error as Error).message === 'Task queue is at limit')
        throw new ApiError('BUSY', 'too many wait for what takes long')
      throw error
    } finally {
      clearTimeout(limit)
    }
  }
}

function startThread(): Piscina {
  const bundled = bundledEntry('answering')
  const file = bundled ?? new URL('./thread.ts', import.meta.url)
  const thread = new Piscina({
    filename: fileURLToPath(file),
    minThreads: 0,
    maxThreads: 1,
    maxQueue: mostWaiting,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
    // Sources run by way of tsx; what is built needs nothing.
    execArgv: bundled === null ? ['--import', import.meta.resolve('tsx')] : [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  })
  // Emitted for a thread that dies between tasks; tasks report their own errors.
  thread.on('error', () => undefined)
  return thread
}
