import { useEffect, useState } from 'react'
import { createThread } from '../../compute/computer.ts'
import type { PlayReply, PlayRequest, PlayResult } from '../../compute/playing.ts'
import { type Chosen, specOf } from '../../compute/playSpec.ts'
import { resolveSpec } from '../../compute/resolveSpec.ts'

export interface Play {
  readonly result: PlayResult | null
  /** Whether the results belong to earlier settings of the same landscape. */
  readonly isOld: boolean
  readonly error: Error | null
}

interface StoredPlay extends Omit<Play, 'isOld'> {
  readonly spec: string
  readonly preset: string
}

export function usePlay(chosen: Chosen): Play {
  const spec = specOf(chosen)
  const { preset } = chosen
  const [kept, setKept] = useState<StoredPlay>({ spec, preset, result: null, error: null })
  useEffect(() => {
    // While a slider moves, only its last position matters.
    let worker: Worker | null = null
    const timer = setTimeout(() => {
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayReply>) =>
        setKept(
          'error' in data
            ? { spec, preset, result: null, error: new Error(data.error) }
            : { spec, preset, result: data.result, error: null },
        )
      worker.onerror = ({ message }) => setKept({ spec, preset, result: null, error: new Error(message) })
      const module = new URL(`kernels/${preset}.wasm`, new URL('.', location.href.split('#')[0])).href
      const { cell } = resolveSpec(spec, new Map()).sweep.cell(0)
      worker.postMessage({ play: { cell, module } } satisfies PlayRequest)
    }, 120)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, preset])
  const isOld = kept.spec !== spec
  // Hide the results of another landscape, because a reader would take them for results of the new landscape.
  if (isOld && kept.preset !== preset) return { result: null, isOld, error: null }
  return { result: kept.result, isOld, error: isOld ? null : kept.error }
}
