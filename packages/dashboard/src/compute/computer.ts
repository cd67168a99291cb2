import type { CellKernel, PathsData, RowRecord, WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import { useSource } from '../live/documentOrigin.tsx'

export interface LocalReplay {
  readonly row: RowRecord
  readonly paths: Pick<PathsData, 'scene' | 'paths' | 'every'>
  /**
   * Whether WebAssembly and the reference implementation agree bit for bit; null if only the reference implementation
   * computed the trial.
   */
  readonly agrees: boolean | null
}

export interface Computer {
  replay(trial: number, title: string): Promise<LocalReplay>
  rows(first: number, count: number): Promise<readonly RowRecord[]>
  close(): void
}

export type ComputeRequest =
  | { readonly kind: 'begin'; readonly kernel: CellKernel }
  | { readonly kind: 'replay'; readonly trial: number; readonly title: string }
  | { readonly kind: 'rows'; readonly first: number; readonly count: number }

export type ComputeReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** The thread starts and loads the module at the first request. */
export function createComputer(load: () => Promise<CellKernel>): Computer {
  let thread: Promise<Worker> | null = null
  let next = 0
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()

  const begin = async (): Promise<Worker> => {
    const kernel = await load()
    const worker = createThread()
    worker.onmessage = ({ data }: MessageEvent<ComputeReply>) => {
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
  const ask = <T>(worker: Worker, request: ComputeRequest): Promise<T> =>
    new Promise((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id, request })
    })
  const send = async <T>(request: ComputeRequest): Promise<T> => {
    thread ??= begin()
    try {
      return await ask<T>(await thread, request)
    } catch (error) {
      // If the start failed, the next request tries again.
      if (waiting.size === 0 && request.kind !== 'begin') await thread.catch(() => (thread = null))
      throw error
    }
  }
  return {
    replay: (trial, title) => send({ kind: 'replay', trial, title }),
    rows: (first, count) => send({ kind: 'rows', first, count }),
    close: () => void thread?.then((worker) => worker.terminate()).catch(() => undefined),
  }
}

/** The build sets the file name of the thread, and puts the file beside the page. */
declare const THREAD_FILE: string

export function createThread(): Worker {
  const address = new URL(THREAD_FILE, new URL('.', location.href.split('#')[0]))
  return new Worker(address, { type: 'module' })
}

export function useComputer({ cell }: WholeCellData): Computer {
  const source = useSource()
  const computer = useMemo(() => createComputer(() => source.kernel(cell.id)), [source, cell.id])
  useEffect(() => () => computer.close(), [computer])
  return computer
}
