import type { LiveFarm, LiveOptions, LiveSweep } from '@driftfarm/report'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { useDocumentOrigin, useSource } from './documentOrigin.tsx'

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
  const acted = (): void => setActs((before) => before + 1)
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
  const shown: Liveness = isPaused ? { kind: 'paused' } : liveness
  const live: Live = { isPaused, pausedByReader, pause, liveness: shown, setLiveness, acts, acted }
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}

/** If no event arrives within this time in ms, a proxy probably blocks streams, and the page polls instead. */
const silentMs = 8_000
/** Seconds between two polls. The interval grows each time a poll fails or finds no change. */
const pollSeconds = [2, 5, 15, 60] as const

export interface Streamed<T> {
  readonly value: T | null
  readonly error: Error | null
}

/**
 * The latest value of a stream. If no event arrives, `ask` is called at intervals instead. Nothing is requested while
 * the page is paused. A finished stream is opened again when the reader has changed something or returns to the page.
 * `key` identifies what is streamed, such as one sweep. If `key` changes, a new stream is opened.
 */
export function useLiveStream<T>(
  key: string,
  open: (options: LiveOptions) => AsyncIterable<T>,
  ask: () => Promise<T>,
): Streamed<T> {
  const { isPaused, setLiveness, acts } = useLive()
  const [state, setState] = useState<Streamed<T> & { readonly key: string }>({ key, value: null, error: null })
  const given = useRef({ open, ask })
  given.current = { open, ask }

  // `acts` is a dependency only so that the stream is opened again after the reader has changed something.
  useEffect(() => {
    if (isPaused) return
    const controller = new AbortController()
    const { signal } = controller
    let heard = false
    let frame = 0
    let next: T | null = null
    // Several events within a frame cause one render.
    const show = (value: T): void => {
      next = value
      frame ||= requestAnimationFrame(() => {
        frame = 0
        if (!signal.aborted) setState({ key, value: next, error: null })
      })
    }
    // If there is a last value, keeps it; otherwise shows the error. Either way, the page then tries again.
    const lose = (error: Error): void => {
      setLiveness({ kind: 'lost', since: new Date() })
      setState((old) => (old.key === key && old.value !== null ? old : { key, value: null, error }))
    }
    const follow = async (): Promise<void> => {
      try {
        const onLost = (error: Error | null): void => {
          if (error === null) setLiveness({ kind: 'live' })
          // If no event has arrived at all, the poll below takes over.
          else if (heard || (error as { code?: unknown }).code !== 'SILENT') lose(error)
        }
        for await (const value of given.current.open({ signal, onLost })) {
          if (!heard) setLiveness({ kind: 'live' })
          heard = true
          show(value)
        }
      } catch (error) {
        if (!signal.aborted)
          setState((old) => ({ key, value: old.key === key ? old.value : null, error: error as Error }))
      }
    }
    const poll = async (): Promise<void> => {
      for (let step = 0, last = ''; !signal.aborted && !heard; ) {
        const everySeconds = pollSeconds[Math.min(step, pollSeconds.length - 1)]!
        try {
          const value = await given.current.ask()
          if (heard || signal.aborted) return
          setLiveness({ kind: 'polling', everySeconds })
          const text = JSON.stringify(value)
          step = text === last ? step + 1 : 0
          last = text
          show(value)
        } catch (error) {
          lose(error as Error)
          step++
        }
        await new Promise((resolve) => setTimeout(resolve, everySeconds * 1000))
      }
    }
    void follow()
    const timer = setTimeout(() => heard || poll(), silentMs)
    return () => {
      controller.abort()
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }, [key, isPaused, acts, setLiveness])

  useEffect(() => () => setLiveness({ kind: 'idle' }), [setLiveness])

  return state.key === key ? state : { value: null, error: null }
}

export function useLiveFarm(): Streamed<LiveFarm> {
  const { source, isFarm } = useDocumentOrigin()
  return useLiveStream(
    'everything',
    (options) => source.liveFarm(options),
    async () => ({ sweeps: await source.sweeps(), farm: isFarm ? await source.farm() : null }),
  )
}

export function useLiveSweep(ref: string): Streamed<LiveSweep> {
  const source = useSource()
  return useLiveStream(
    `sweep ${ref}`,
    (options) => source.live(ref, options),
    async () => ({ status: await source.status({ sweep: ref }), cells: await source.cells({ sweep: ref }) }),
  )
}
