import type { TracedPaths } from '@driftfarm/report'
import { useEffect, useState } from 'react'
import { createThread } from './computer.ts'
import type { PlayReply, PlayRequest, PlayResult } from './playing.ts'
import { resolveSpec } from './resolveSpec.ts'

interface Play {
  readonly spec: string
  readonly kernel: string
  readonly ground: TracedPaths | null
  readonly result: PlayResult | null
  readonly error: Error | null
}

/**
 * Computes the trials of the first cell of a spec in a thread. `kernel` names a module that was compiled when the page
 * was built. `isOld` tells whether the results belong to an earlier spec with the same kernel.
 */
export function usePlay(
  spec: string,
  kernel: string,
): Pick<Play, 'ground' | 'result' | 'error'> & { readonly isOld: boolean } {
  const [kept, setKept] = useState<Play>({ spec, kernel, ground: null, result: null, error: null })
  useEffect(() => {
    const fail = (message: string) => setKept({ spec, kernel, ground: null, result: null, error: new Error(message) })
    let ground: TracedPaths | null = null
    // While a slider moves, only its last position matters.
    let worker: Worker | null = null
    const timer = setTimeout(() => {
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayReply>) => {
        if ('error' in data) fail(data.error)
        else if ('ground' in data) ground = data.ground
        else setKept({ spec, kernel, ground, result: data.result, error: null })
      }
      worker.onerror = ({ message }) => fail(message)
      const module = new URL(`kernels/${kernel}.wasm`, new URL('.', location.href.split('#')[0])).href
      const { cell } = resolveSpec(spec, new Map()).sweep.cell(0)
      worker.postMessage({ play: { cell, module } } satisfies PlayRequest)
    }, 120)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, kernel])
  const isOld = kept.spec !== spec
  // Hide the results of another kernel, because a reader would take them for results of the new landscape.
  if (isOld && kept.kernel !== kernel) return { ground: null, result: null, isOld, error: null }
  return { ground: kept.ground, result: kept.result, isOld, error: isOld ? null : kept.error }
}
