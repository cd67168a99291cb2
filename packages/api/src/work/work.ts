import { fileURLToPath } from 'node:url'
import { type Computations, computationNames } from '@driftfarm/answers'
import { bundledEntry, type Planner, sourceArguments } from '@driftfarm/farm'
import type { PlanData } from '@driftfarm/report'
import { Piscina } from 'piscina'
import { RemoteError } from '../client/error.ts'
import { ApiError } from '../error.ts'
import type { Refusal, SpecText } from './thread.ts'

/** Maximum number of requests that wait for a thread. Further requests are refused. */
const maxWaiting = 16
/** Time limit in ms for an answer of the API. Commands have no time limit, because each computes in its own process. */
const longestMs = 60_000
/** Time limit in ms for reading a spec. */
const longestReadMs = 10_000
/** Specs of at most this size in bytes are read in the calling thread, because reading them is always quick. */
const shortBytes = 16 << 10
/** A thread ends after this many milliseconds without requests, because it may hold much memory. */
const idleMs = 60_000

/** Runs slow tasks in the calling thread and in two other threads, one task at a time in each. */
export class TaskRunner {
  /** Runs a task in the calling thread. These tasks run one at a time. */
  readonly inTurn = concurrencyLimit({ most: 1, maxWaiting })
  readonly #thread = startThread()
  /** A second thread for specs and single trials, which do not wait for exact values that others requested. */
  readonly #reader = startThread()

  constructor(private readonly home: string) {}

  readonly computations = Object.fromEntries(
    computationNames.map((name) => {
      const isQuick = name === 'trial' || name === 'paths'
      return [name, (...given: unknown[]) => this.#run('compute', { name, given, home: this.home }, isQuick)]
    }),
  ) as unknown as Computations

  plan: Planner = ({ sweep: _, ...given }, known) => this.#run<PlanData>('plan', { given, known, home: this.home })

  /**
   * Throws an error if the spec is invalid. A long spec is read in a thread, because reading the spec here would block
   * all requests.
   */
  async requireSound(given: SpecText): Promise<void> {
    let bytes = given.text.length
    for (const file of given.files.values()) bytes += file.length
    if (bytes <= shortBytes) return
    const refusal = await bounded<Refusal | null>(this.#reader, 'checkSpec', given, {
      // A spec with files gets more time: a data set of ten million numbers takes longer to read than any text.
      ms: given.files.size > 0 ? longestMs : longestReadMs,
      hint: 'shorten the spec: write ranges in `sweep`, and move data to files',
    })
    if (refusal !== null) throw new RemoteError(refusal.error, refusal.status)
  }

  async close(): Promise<void> {
    await Promise.all([this.#thread.destroy(), this.#reader.destroy()])
  }

  #run<T>(name: string, task: object, isShort = false): Promise<T> {
    return bounded<T>(isShort ? this.#reader : this.#thread, name, task, {
      ms: longestMs,
      hint: 'run `driftfarm plan`, `oracle`, `theorem` or `replay` instead: commands have no time limit',
    })
  }
}

/** A task that takes too long is ended together with its thread. */
async function bounded<T>(
  thread: Piscina,
  name: string,
  task: object,
  { ms, hint }: { readonly ms: number; readonly hint: string },
): Promise<T> {
  const signal = AbortSignal.timeout(ms)
  try {
    return (await thread.run(task, { name, signal })) as T
  } catch (error) {
    if (signal.aborted) throw new ApiError('TOO_LONG', `this request takes longer than ${ms / 1000} s`, { hint })
    if ((error as Error).message === 'Task queue is at limit')
      throw new ApiError('BUSY', 'too many slow requests are waiting')
    throw error
  }
}

/** The thread starts with its first task. */
function startThread(): Piscina {
  const bundled = bundledEntry('answering')
  const file = bundled ?? new URL('./thread.ts', import.meta.url)
  const thread = new Piscina({
    filename: fileURLToPath(file),
    minThreads: 0,
    maxThreads: 1,
    maxQueue: maxWaiting,
    idleTimeout: idleMs,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
    execArgv: bundled === null ? sourceArguments() : [],
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  })
  // Without this listener, a thread that dies between tasks would end the process. Tasks report their own errors.
  thread.on('error', () => undefined)
  return thread
}

/** Longest time in ms that a task waits for its turn. */
const maxWaitMs = 20_000

/** Throws BUSY if too many tasks wait, or if the turn of this task does not come in time. */
export type ConcurrencyLimit = <T>(work: () => Promise<T>) => Promise<T>

interface Limits {
  /** Maximum number of tasks that run at the same time, and of tasks that wait for their turn. */
  readonly most: number
  readonly maxWaiting: number
}

export function concurrencyLimit({ most, maxWaiting }: Limits): ConcurrencyLimit {
  const waiting: (() => void)[] = []
  let running = 0
  const turn = (): Promise<void> => {
    const busy = new ApiError('BUSY', 'too many large answers are being sent')
    if (waiting.length >= maxWaiting) return Promise.reject(busy)
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(begin), 1)
        reject(busy)
      }, maxWaitMs)
      const begin = (): void => {
        clearTimeout(timer)
        resolve()
      }
      waiting.push(begin)
    })
  }
  return async (work) => {
    if (running >= most) await turn()
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
