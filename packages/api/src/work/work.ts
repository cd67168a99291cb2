import { fileURLToPath } from 'node:url'
import type { BoundParts, ComputedTrial, ExactParts, Heavy } from '@driftfarm/answers'
import { bundledEntry, type Planner } from '@driftfarm/farm'
import type { PlanData, TracedPaths } from '@driftfarm/report'
import { Piscina } from 'piscina'
import { RemoteError } from '../client/error.ts'
import { ApiError } from '../error.ts'
import { Turns } from '../turns.ts'
import type { GivenText, Refusal } from './given.ts'

/** Answers that may wait for the thread; others are refused. */
const mostWaiting = 16
/** An answer that takes longer is given up: the command computes it in a process of its own, however long it takes. */
const longestMs = 60_000
/** A spec that takes longer to read is none that anybody has written. */
const longestReadMs = 10_000
/** Shorter specs are read in a moment, whatever they hold. */
const shortBytes = 16 << 10
/** The thread ends when nothing was asked for so long: it may hold much memory. */
const idleMs = 60_000

/** What takes long: in a thread of its own, one at a time; and what must be done here, one at a time too. */
export class Work implements Heavy {
  readonly #home: string
  readonly #turns = new Turns({ most: 1, waiting: mostWaiting })
  #thread: Piscina | null = null
  /** Another thread for specs: who hands one in does not wait for somebody's exact value. */
  #reader: Piscina | null = null

  constructor(home: string) {
    this.#home = home
  }

  /** Drawing and the like: work of this thread that would else be done for many at once. */
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

  plan: Planner = async ({ sweep: _, ...given }, known) =>
    JSON.parse(await this.#run<string>('plan', { given, known, home: this.#home })) as PlanData

  /** Refuses a long spec that is wrong before it is read here, where everybody would wait. Throws its error. */
  async requireSound(given: GivenText): Promise<void> {
    let bytes = given.text.length
    for (const file of given.files.values()) bytes += file.length
    if (bytes <= shortBytes) return
    this.#reader ??= startThread()
    const refusal = await bounded<Refusal | null>(this.#reader, 'mistakes', given, {
      // Data of some ten million numbers take longer than any text.
      ms: given.files.size > 0 ? longestMs : longestReadMs,
      hint: 'hand in a shorter one: `sweep` takes ranges, and data stand in files',
    })
    if (refusal !== null) throw new RemoteError(refusal.error, refusal.status)
  }

  async close(): Promise<void> {
    await Promise.all([this.#thread?.destroy(), this.#reader?.destroy()])
    this.#thread = null
    this.#reader = null
  }

  #run<T>(name: string, task: object): Promise<T> {
    this.#thread ??= startThread()
    return bounded<T>(this.#thread, name, task, {
      ms: longestMs,
      hint: 'the command takes as long as it needs: driftfarm plan, oracle, theorem, replay',
    })
  }
}

/** Runs a task in a thread, which ends with it where it takes too long. */
async function bounded<T>(
  thread: Piscina,
  name: string,
  task: object,
  { ms, hint }: { readonly ms: number; readonly hint: string },
): Promise<T> {
  const controller = new AbortController()
  const limit = setTimeout(() => controller.abort(), ms)
  try {
    return (await thread.run(task, { name, signal: controller.signal })) as T
  } catch (error) {
    if (controller.signal.aborted) throw new ApiError('TOO_LONG', `this takes longer than ${ms / 1000} s`, { hint })
    if ((error as Error).message === 'Task queue is at limit')
      throw new ApiError('BUSY', 'too many wait for what takes long')
    throw error
  } finally {
    clearTimeout(limit)
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
