import type { CellKernel, PathsData, RowRecord } from '@driftfarm/report'
import { createThread } from './thread.ts'

/** One trial as it was computed here. */
export interface ReplayedHere {
  /** As a row of the results. */
  readonly row: RowRecord
  /** Its steps, with the landscape about them. */
  readonly paths: Pick<PathsData, 'scene' | 'paths' | 'every'>
  /** Whether WebAssembly and the reference gave the same bits; null where the reference computed alone. */
  readonly agrees: boolean | null
}

/** Computes trials of one cell by the module that workers run. */
export interface Computer {
  replay(trial: number, title: string): Promise<ReplayedHere>
  /** Rows of trials from the first on. */
  rows(first: number, count: number): Promise<readonly RowRecord[]>
  close(): void
}

export type Asked =
  | { readonly kind: 'begin'; readonly kernel: CellKernel }
  | { readonly kind: 'replay'; readonly trial: number; readonly title: string }
  | { readonly kind: 'rows'; readonly first: number; readonly count: number }

export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** The thread and the module are had when something is asked for the first time. */
export function createComputer(load: () => Promise<CellKernel>): Computer {
  let thread: Promise<Worker> | null = null
  let next = 0
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()

  const begin = async (): Promise<Worker> => {
    const kernel = await load()
    const worker = createThread()
    worker.onmessage = ({ data }: MessageEvent<Answered>) => {
      const one = waiting.get(data.id)
      waiting.delete(data.id)
      if ('error' in data) one?.reject(new Error(data.error))
      else one?.resolve(data.value)
    }
    worker.onerror = ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Error(message))
      waiting.clear()
    }
    await ask(worker, { kind: 'begin', kernel })
    return worker
  }
  const ask = <T>(worker: Worker, asked: Asked): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id, asked })
    })
  const asking = async <T>(asked: Asked): Promise<T> => {
    thread ??= begin()
    try {
      return await ask<T>(await thread, asked)
    } catch (error) {
      // What could not be begun may be the next time.
      if (waiting.size === 0 && asked.kind !== 'begin') await thread.catch(() => (thread = null))
      throw error
    }
  }
  return {
    replay: (trial, title) => asking({ kind: 'replay', trial, title }),
    rows: (first, count) => asking({ kind: 'rows', first, count }),
    close: () => void thread?.then((worker) => worker.terminate()).catch(() => undefined),
  }
}
