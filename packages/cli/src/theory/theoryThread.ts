import { on } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { DriftfarmError, type Ending, endings } from '@driftfarm/formula'
import type { ChainSize } from '@driftfarm/theory'
import { onInterrupt } from '../interrupt.ts'
import { forEachWithProgress, showsProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import { threadOf } from '../thread.ts'
import type { OnSize, TheoryTasks } from './compute.ts'
import { reportSize } from './reportSize.ts'

type Kind = keyof TheoryTasks
type TaskOf<K extends Kind> = Parameters<TheoryTasks[K]>[0]
type AnswerOf<K extends Kind> = Awaited<ReturnType<TheoryTasks[K]>>

export interface TheoryRequest {
  readonly kind: Kind
  readonly task: TaskOf<Kind>
}

export type TheoryReply =
  | { readonly answer: AnswerOf<Kind> }
  | { readonly size: ChainSize }
  /** Copied from an error object, because messages between threads drop an error's `code` and `hint`. */
  | { readonly error: Pick<DriftfarmError, 'code' | 'message' | 'hint' | 'retryable' | 'exit'> }

export interface TheoryComputation<T, K extends Kind> {
  readonly kind: K
  readonly items: readonly T[]
  /** Returns the name of an item for the progress line. */
  readonly words: (item: T, place: number) => string
  readonly task: (item: T, place: number) => TaskOf<K>
}

/**
 * The thread starts at once, so that it is ready when the spec has been read. If no progress is shown, `work` gets null
 * instead of a thread.
 */
export async function withTheoryThread<R>(shell: Shell, work: (thread: Worker | null) => Promise<R>): Promise<R> {
  const thread = showsProgress(shell) ? threadOf('computing', new URL('./thread.ts', import.meta.url)) : null
  try {
    return await work(thread)
  } finally {
    await thread?.terminate()
  }
}

/**
 * Returns the answers for all items, in order, or the exit code of the signal that ended the work. With a thread, the
 * progress line is updated during a computation, and a signal takes effect at once. Without a thread, a signal ends the
 * process.
 */
export async function computeForAll<T, K extends Kind>(
  shell: Shell,
  thread: Worker | null,
  { kind, items, words, task }: TheoryComputation<T, K>,
): Promise<AnswerOf<K>[] | number> {
  if (thread === null) {
    // Theory is loaded only where it is used, here or in the thread.
    const { theoryTasks } = await import('./compute.ts')
    const computeHere = theoryTasks[kind] as (task: TaskOf<K>, onSize: OnSize) => Promise<AnswerOf<K>>
    return forEachWithProgress<T, AnswerOf<K>>(shell, items, words, (item, place, add) => {
      return computeHere(task(item, place), reportSize(shell, words(item, place), add))
    })
  }
  const interrupt = onInterrupt(shell)
  const computeInThread = async (item: T, place: number, add: (words: string) => void): Promise<AnswerOf<K>> => {
    const hear = reportSize(shell, words(item, place), add)
    thread.postMessage({ kind, task: task(item, place) } satisfies TheoryRequest)
    for await (const [reply] of on(thread, 'message', { signal: interrupt.signal }) as AsyncIterable<[TheoryReply]>) {
      if ('error' in reply) throw errorOf(reply.error)
      if ('answer' in reply) return reply.answer as AnswerOf<K>
      hear(reply.size)
    }
    throw new Error('the thread ended without an answer')
  }
  try {
    return await forEachWithProgress<T, AnswerOf<K>>(shell, items, words, computeInThread)
  } catch (error) {
    const exit = interrupt.exit()
    if (exit === null) throw error
    return exit
  } finally {
    interrupt.dispose()
  }
}

function errorOf(error: Extract<TheoryReply, { error: unknown }>['error']): DriftfarmError {
  const { code, message, hint, retryable, exit } = error
  const ends = (Object.keys(endings) as Ending[]).find((ending) => endings[ending].exit === exit) ?? 'unexpected'
  return new DriftfarmError(code, message, { ends, retryable }, { hint })
}
