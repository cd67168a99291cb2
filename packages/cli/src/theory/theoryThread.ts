import { on } from 'node:events'
import type { Worker } from 'node:worker_threads'
import { DriftfarmError, type Ending, endings } from '@driftfarm/formula'
import { grouped, short } from '@driftfarm/report'
import { canonicalJson, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import type { ChainSize } from '@driftfarm/theory'
import { usageError } from '../failure.ts'
import { untilInterrupted } from '../interrupt.ts'
import { tell } from '../output.ts'
import { forEachWithProgress } from '../progress.ts'
import type { Shell } from '../shell.ts'
import { cellAt } from '../specFile.ts'
import { threadOf } from '../thread.ts'
import type { OnSize, TheoryTasks } from './compute.ts'

/** Theory takes about a second per cell. More cells than this are probably a mistake. */
const maxCells = 100

/** If cells differ only in their method, only the first of these cells is included. */
export function selectCells(sweep: Sweep, index: number | undefined): readonly ResolvedCell[] {
  if (index !== undefined) return [cellAt(sweep, index)]
  if (sweep.cellCount > maxCells)
    throw usageError(
      `the spec has ${sweep.cellCount} cells; this command accepts at most ${maxCells} at a time`,
      'choose one with --cell INDEX',
    )
  const known = new Set<string>()
  return [...sweep.cells()].filter(({ cell: { method: _, ...rest } }) => {
    const key = canonicalJson(rest)
    return !known.has(key) && known.add(key)
  })
}

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

/**
 * The thread starts at once, so that it is ready when the spec has been read. If no progress is shown, `work` gets null
 * instead of a thread.
 */
export async function withTheoryThread<R>(shell: Shell, work: (thread: Worker | null) => Promise<R>): Promise<R> {
  const isShown = shell.line.exists || shell.progress === 'plain'
  const thread = isShown ? threadOf('computing', new URL('./thread.ts', import.meta.url)) : null
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
  kind: K,
  items: readonly T[],
  task: (item: T, place: number) => TaskOf<K>,
): Promise<AnswerOf<K>[] | number> {
  const words = (_: T, place: number) => `cell ${place + 1} of ${items.length}`
  const computeAll = (compute: (task: TaskOf<K>, onSize: OnSize) => Promise<AnswerOf<K>>) =>
    forEachWithProgress<T, AnswerOf<K>>(shell, items, words, (item, place, add) =>
      compute(task(item, place), reportSize(shell, words(item, place), add)),
    )
  // Theory is loaded only where it is used, here or in the thread.
  if (thread === null) return computeAll((await import('./compute.ts')).theoryTasks[kind] as never)
  return untilInterrupted(shell, (signal) =>
    computeAll(async (task, onSize): Promise<AnswerOf<K>> => {
      thread.postMessage({ kind, task } satisfies TheoryRequest)
      for await (const [reply] of on(thread, 'message', { signal }) as AsyncIterable<[TheoryReply]>) {
        if ('error' in reply) throw errorOf(reply.error)
        if ('answer' in reply) return reply.answer as AnswerOf<K>
        onSize(reply.size)
      }
      throw new Error('the thread ended without an answer')
    }),
  )
}

function errorOf(error: Extract<TheoryReply, { error: unknown }>['error']): DriftfarmError {
  const { code, message, hint, retryable, exit } = error
  const ends = (Object.keys(endings) as Ending[]).find((ending) => endings[ending].exit === exit) ?? 'unexpected'
  return new DriftfarmError(code, message, { ends, retryable }, { hint })
}

/**
 * A grid in the plane with more transitions than this takes minutes. Measured: a grid with 4.4 million transitions
 * takes one minute, and each refinement doubles the number of transitions.
 */
const mostInAMinute = 6e6

export function reportSize(shell: Shell, words: string, add: (words: string) => void): OnSize {
  let seen = 0
  return ({ states, entries }) => {
    add(`, grid of ${grouped(states)} points`)
    if (seen++ > 0 || entries < mostInAMinute) return
    tell(
      shell,
      `${words} will take minutes: a grid of ${grouped(states)} points with ${short(entries)} transitions, then ` +
        'finer grids; Ctrl-C stops it',
    )
  }
}
