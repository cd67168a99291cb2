import type { CellKernel, WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import { useSource } from '../live/documentOrigin.tsx'
import type { Tasks } from './tasks.ts'

type AnswerOf<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>

export interface Computer {
  replay(trial: number, title: string): Promise<AnswerOf<'replay'>>
  rows(first: number, count: number): Promise<AnswerOf<'rows'>>
  paths(from: number, trials: number): Promise<AnswerOf<'paths'>>
  close(): void
}

export interface ComputeRequest {
  readonly id: number
  readonly name: keyof Tasks
  readonly given: readonly unknown[]
}

export type ComputeReply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: string }

/** The thread starts and loads the module at the first request. */
export function createComputer(load: () => Promise<CellKernel>): Computer {
  let thread: Promise<Worker> | null = null
  let next = 0
  const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>()

  const begin = async (): Promise<Worker> => {
    const kernel = await load()
    const worker = createThread()
    worker.onmessage = ({ data }: MessageEvent<ComputeReply>) => {
      const one = waiting.get(data.id)
      waiting.delete(data.id)
      if ('error' in data) one?.reject(new Error(data.error))
      else one?.resolve(data.value as never)
    }
    worker.onerror = ({ message }) => {
      for (const { reject } of waiting.values()) reject(new Error(message))
      waiting.clear()
    }
    await ask(worker, 'begin', kernel)
    return worker
  }
  const ask = <Name extends keyof Tasks>(worker: Worker, name: Name, ...given: Parameters<Tasks[Name]>) =>
    new Promise<AnswerOf<Name>>((resolve, reject) => {
      const id = next++
      waiting.set(id, { resolve, reject })
      worker.postMessage({ id, name, given } satisfies ComputeRequest)
    })
  const send = async <Name extends Exclude<keyof Tasks, 'begin'>>(name: Name, ...given: Parameters<Tasks[Name]>) => {
    thread ??= begin()
    try {
      return await ask(await thread, name, ...given)
    } catch (error) {
      // If the start failed, the next request tries again.
      if (waiting.size === 0) await thread.catch(() => (thread = null))
      throw error
    }
  }
  return {
    replay: (trial, title) => send('replay', trial, title),
    rows: (first, count) => send('rows', first, count),
    paths: (from, trials) => send('paths', from, trials),
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
