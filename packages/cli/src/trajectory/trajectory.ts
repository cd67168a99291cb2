import { on } from 'node:events'
import type { Worker } from 'node:worker_threads'
import type { Cell, Tables } from '@driftfarm/spec'
import { untilInterrupted } from '../interrupt.ts'
import { writeAll } from '../output.ts'
import type { Shell } from '../shell.ts'
import { threadOf } from '../thread.ts'
import { formatOfFile, type TrajectoryFormat } from './format.ts'

export interface TraceTask {
  readonly cell: Cell
  readonly tables: Tables
  readonly trial: number
  readonly format: TrajectoryFormat
  /** One Int32 with the number of messages that have been sent but not yet written. */
  readonly waiting: SharedArrayBuffer
}

/**
 * Writes every theta_n of a trial. The reference implementation runs in a thread of its own, so that a signal takes
 * effect at once. The file appears only when it is complete. If a signal ends the trace, returns the exit code for that
 * signal, otherwise null.
 */
export async function writeTrajectory(
  shell: Shell,
  cell: Cell,
  tables: Tables,
  trial: number,
  file: string,
): Promise<number | null> {
  const waiting = new SharedArrayBuffer(4)
  const task: TraceTask = { cell, tables, trial, format: formatOfFile(file), waiting }
  const thread = threadOf('trajectory', new URL('./thread.ts', import.meta.url), task)
  return untilInterrupted(shell, async (signal) => {
    await writeAll(shell, pieces(thread, new Int32Array(waiting), signal), file)
    return null
  }).finally(() => thread.terminate())
}

/** Throws if the signal is aborted or if the thread throws. */
async function* pieces(thread: Worker, state: Int32Array, signal: AbortSignal): AsyncIterable<string> {
  for await (const [piece] of on(thread, 'message', { signal })) {
    if (typeof piece !== 'string') return
    yield piece
    Atomics.sub(state, 0, 1)
    Atomics.notify(state, 0)
  }
}
