import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react'

/** How the page hears of what goes on. */
export type Liveness =
  /** It has nothing to hear of: a view without live parts. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'live' }
  | { readonly kind: 'polling'; readonly everySeconds: number }
  | { readonly kind: 'paused' }
  | { readonly kind: 'lost'; readonly since: Date }

interface Live {
  /** Whether nothing is asked for: by the reader, or since nobody looks. */
  readonly isPaused: boolean
  readonly pausedByReader: boolean
  pause(paused: boolean): void
  readonly liveness: Liveness
  tell(liveness: Liveness): void
  /** How often the reader has changed something of the farm. */
  readonly acts: number
  /** Is called when the reader has: what had come to its end may go on. */
  acted(): void
}

const LiveContext = createContext<Live | null>(null)

export function useLive(): Live {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('nothing is live here')
  return live
}

/** A page that nobody looks at asks for nothing; it goes on when somebody does. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const [pausedByReader, pause] = useState(false)
  const [isHidden, setHidden] = useState(document.hidden)
  const [liveness, setLiveness] = useState<Liveness>({ kind: 'idle' })
  const [acts, setActs] = useState(0)
  const acted = useCallback(() => setActs((before) => before + 1), [])
  // Each try that fails is told: it is lost since the first of them.
  const tell = useCallback(
    (next: Liveness): void => setLiveness((old) => (next.kind === 'lost' && old.kind === 'lost' ? old : next)),
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
      tell,
      acts,
      acted,
    }),
    [isPaused, pausedByReader, liveness, tell, acts, acted],
  )
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}
