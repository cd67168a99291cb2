import { useEffect, useState } from 'react'
import { createThread } from './computer.ts'
import type { Game, Ground, PlayError, PlayReply, PlayRequest, PlayResult } from './playing.ts'

interface Play {
  readonly ground: Ground | null
  readonly result: PlayResult | null
  readonly error: PlayError | null
  /** Whether the results belong to an earlier spec with the same kernel. */
  readonly isOld: boolean
}

const nothing = { ground: null, result: null, error: null } as const

/** Computes the trials of a cell of a spec in a thread (see `Game`). */
export function usePlay(spec: string, kernel: string | null, index = 0): Play {
  const [kept, setKept] = useState<Omit<Play, 'isOld'> & Pick<Game, 'spec' | 'kernel'>>({ spec, kernel, ...nothing })
  useEffect(() => {
    const fail = (error: PlayError) => setKept({ spec, kernel, ...nothing, error })
    let ground: Ground | null = null
    let worker: Worker | null = null
    const begin = (): void => {
      worker = createThread()
      worker.onmessage = ({ data }: MessageEvent<PlayReply>) => {
        if ('error' in data) fail(data.error)
        else if ('ground' in data) ground = data.ground
        else setKept({ spec, kernel, ground, result: data.result, error: null })
      }
      worker.onerror = ({ message }) => fail({ message })
      worker.postMessage({ play: { spec, kernel, index } } satisfies PlayRequest)
    }
    // While a slider moves or somebody types, only the last state matters.
    const timer = setTimeout(begin, kernel === null ? 400 : 120)
    return () => {
      clearTimeout(timer)
      worker?.terminate()
    }
  }, [spec, kernel, index])
  const isOld = kept.spec !== spec
  // Hide the results of another kernel, because a reader would take them for results of the new landscape.
  if (isOld && kept.kernel !== kernel) return { ...nothing, isOld }
  return { ...kept, isOld, error: isOld ? null : kept.error }
}
