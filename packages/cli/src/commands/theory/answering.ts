import { on } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { DriftfarmError, type Ending, endings } from '@driftfarm/formula'
import type { ChainSize } from '@driftfarm/theory'
import { onInterrupt } from '../../interrupt.ts'
import { eachShown, shows } from '../../progress.ts'
import type { Shell } from '../../shell.ts'
import { threadOf } from '../../thread.ts'
import type { Computed, Hear } from './compute.ts'
import { sizeTeller } from './sizeTeller.ts'

type Kind = keyof Computed
type TaskOf<K extends Kind> = Parameters<Computed[K]>[0]
type AnswerOf<K extends Kind> = Awaited<ReturnType<Computed[K]>>

export interface Asked {
  readonly kind: Kind
  readonly task: TaskOf<Kind>
}

export type Told =
  | { readonly answer: AnswerOf<Kind> }
  | { readonly size: ChainSize }
  /** An error object cannot be sent between threads. */
  | { readonly error: Pick<DriftfarmError, 'code' | 'message' | 'hint' | 'retryable' | 'exit'> }

/** A computation for each item: `words` names the current one in the progress, `task` is what to compute. */
export interface Question<T, K extends Kind> {
  readonly kind: K
  readonly items: readonly T[]
  readonly words: (item: T, place: number) => string
  readonly task: (item: T, place: number) => TaskOf<K>
}

/**
 * Runs `work` with a thread for theory, or with null if no progress is shown. The thread starts at once, so that it is
 * ready when the spec has been read.
 */
export async function withThread<R>(shell: Shell, work: (thread: Worker | null) => Promise<R>): Promise<R> {
  const thread = shows(shell) ? threadOf('computing', new URL('./thread.ts', import.meta.url)) : null
  try {
    return await work(thread)
  } finally {
    await thread?.terminate()
  }
}

/**
 * The answers for all cells, in turn, or the exit code of the signal that ended the work. With a thread, progress
 * continues meanwhile and a signal takes effect at once. Without one, a signal ends the process.
 */
export async function eachAnswered<T, K extends Kind>(
  shell: Shell,
  thread: Worker | null,
  { kind, items, words, task }: Question<T, K>,
): Promise<AnswerOf<K>[] | number> {
  if (thread === null) {
    // Theory is loaded where it is used, here or in the thread.
    const { computed } = await import('./compute.ts')
    const here = computed[kind] as (task: TaskOf<K>, hear: Hear) => Promise<AnswerOf<K>>
    return eachShown<T, AnswerOf<K>>(shell, items, words, (item, place, add) => {
      return here(task(item, place), sizeTeller(shell, words(item, place), add))
    })
  }
  const interrupt = onInterrupt(shell)
  const there = async (item: T, place: number, add: (words: string) => void): Promise<AnswerOf<K>> => {
    const hear = sizeTeller(shell, words(item, place), add)
    thread.postMessage({ kind, task: task(item, place) } satisfies Asked)
    for await (const [told] of on(thread, 'message', { signal: interrupt.signal }) as AsyncIterable<[Told]>) {
      if ('error' in told) throw errorOf(told.error)
      if ('answer' in told) return told.answer as AnswerOf<K>
      hear(told.size)
    }
    throw new Error('the thread ended without an answer')
  }
  try {
    return await eachShown<T, AnswerOf<K>>(shell, items, words, there)
  } catch (error) {
    const exit = interrupt.exit()
    if (exit === null) throw error
    return exit
  } finally {
    interrupt.dispose()
  }
}

/** The error of the thread, rebuilt here. */
function errorOf(told: Extract<Told, { error: unknown }>['error']): DriftfarmError {
  const { code, message, hint, retryable, exit } = told
  const ends = (Object.keys(endings) as Ending[]).find((ending) => endings[ending].exit === exit) ?? 'unexpected'
  return new DriftfarmError(code, message, { ends, retryable }, { hint })
}
