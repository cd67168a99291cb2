import type { CellKernel, WholeCellData } from '@driftfarm/report'
import { useEffect, useMemo } from 'react'
import { useSource } from '../live/documentOrigin.tsx'
import type { Tasks } from './tasks.ts'

type AnswerOf<Name extends keyof Tasks> = Awaited<ReturnType<Tasks[Name]>>

export type Computer = ReturnType<typeof createComputer>

export interface ComputeRequest {
  readonly name: keyof Tasks
  readonly given: readonly unknown[]
}

export type ComputeReply = { readonly value: unknown } | { readonly error: string }

/** The thread starts and loads the module at the first request. */
export function createComputer(load: () => Promise<CellKernel>) {
  let thread: Promise<Worker> | null = null
  const begin = async (): Promise<Worker> => {
    const kernel = await load()
    const worker = createThread()
    await ask(worker, 'begin', kernel)
    return worker
  }
  return {
    /** A task of the thread, which has begun with the cell. */
    async run<Name extends keyof Tasks>(name: Name, ...given: Parameters<Tasks[Name]>): Promise<AnswerOf<Name>> {
      thread ??= begin().catch((error) => {
        // The next request tries again.
        thread = null
        throw error
      })
      return ask(await thread, name, ...given)
    },
    close: () => void thread?.then((worker) => worker.terminate()).catch(() => undefined),
  }
}

/** Each request has a channel of its own for the reply. */
const ask = <Name extends keyof Tasks>(worker: Worker, name: Name, ...given: Parameters<Tasks[Name]>) =>
  new Promise<AnswerOf<Name>>((resolve, reject) => {
    const { port1, port2 } = new MessageChannel()
    const fail = ({ message }: ErrorEvent): void => reject(new Error(message))
    worker.addEventListener('error', fail)
    port1.onmessage = ({ data }: MessageEvent<ComputeReply>) => {
      worker.removeEventListener('error', fail)
      port1.close()
      if ('error' in data) reject(new Error(data.error))
      else resolve(data.value as AnswerOf<Name>)
    }
    worker.postMessage({ name, given } satisfies ComputeRequest, [port2])
  })

/** Options of a request whose answer never changes. */
export const once = { staleTime: Number.POSITIVE_INFINITY, retry: false } as const

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
