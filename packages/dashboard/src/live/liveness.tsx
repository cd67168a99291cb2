import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'

export type Liveness =
  /** The view has no live parts. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'live' }
  | { readonly kind: 'polling'; readonly everySeconds: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'lost'; readonly since: Date }

interface Live {
  /** Whether updates are paused, by the reader or because the page is hidden. */
  readonly isPaused: boolean
  readonly pausedByReader: boolean
  pause(paused: boolean): void
  readonly liveness: Liveness
  setLiveness(liveness: Liveness): void
  readonly acts: number
  /** Called after the reader has made a change, because the change may add events to a finished stream. */
  acted(): void
}

const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('useLive needs a LiveProvider above it')
  return live
}

/** Updates pause while the page is hidden. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [pausedByReader, pause] = useState(false)
  const [isHidden, setHidden] = useState(document.hidden)
  const [liveness, setRawLiveness] = useState<Liveness>({ kind: 'idle' })
  const [acts, setActs] = useState(0)
  const acted = useCallback(() => setActs((before) => before + 1), [])
  // If several attempts fail in succession, `since` stays the time of the first failure.
  const setLiveness = useCallback(
    (next: Liveness): void => setRawLiveness((old) => (next.kind === 'lost' && old.kind === 'lost' ? old : next)),
    [],
  )
  useEffect(() => {
    const look = (): void => setHidden(document.hidden)
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  const isPaused = pausedByReader || isHidden
  const live = useMemo(
    (): Live => ({
      isPaused,
      pausedByReader,
      pause,
      liveness: isPaused ? { kind: 'paused' } : liveness,
      setLiveness,
      acts,
      acted,
    }),
    [isPaused, pausedByReader, liveness, setLiveness, acts, acted],
  )
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}
