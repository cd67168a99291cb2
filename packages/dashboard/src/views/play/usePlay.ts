import { useEffect, useState } from 'react'
import { givenSpec } from '../../live/givenSpec.ts'
import { createThread } from '../../live/thread.ts'
import type { PlayAsked, Played, PlayTold } from './playing.ts'
import { type Chosen, specOf } from './spec.ts'

export interface Play {
  readonly told: Played | null
  readonly error: Error | null
}

/** Plays what is chosen, in a thread of its own; another choice begins anew. */
export function usePlay(chosen: Chosen): Play {
  const [play, setPlay] = useState<Play>({ told: null, error: null })
  const spec = specOf(chosen)
  useEffect(() => {
    // Whoever moves a slider wants the last place of it.
    let worker: Worker | null = null
    const timer = setTimeout(() => {
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayTold>) =>
        setPlay((old) =>
          'error' in data ? { ...old, error: new Error(data.error) } : { told: data.told, error: null },
        )
      worker.onerror = ({ message }) => setPlay((old) => ({ ...old, error: new Error(message) }))
      const module = new URL(`kernels/${chosen.preset}.wasm`, new URL('.', location.href.split('#')[0])).href
      const { cell } = givenSpec(spec, new Map()).sweep.cell(0)
      worker.postMessage({ play: { cell, module } } satisfies PlayAsked)
    }, 120)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, chosen.preset])
  return play
}
