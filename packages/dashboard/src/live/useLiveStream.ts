import type { LiveOptions } from '@driftfarm/report'
import { useEffect, useRef, useState } from 'react'
import { useLive } from './liveness.tsx'

/** Where a stream has said nothing for so long, something between us keeps it: then one asks instead. */
const silentMs = 8_000
/** Seconds between two questions: longer each time that nothing has changed. */
const pollSeconds = [2, 5, 15, 60] as const

export interface Streamed<T> {
  readonly value: T | null
  readonly error: Error | null
}

/**
 * What a stream says last. Where streams do not come through, `ask` is asked again and again. Nothing is asked for
 * while the page is paused. A stream that has come to its end is begun again when the reader has changed something, or
 * comes back to the page. `key`: what it is about; another begins anew.
 */
export function useLiveStream<T>(
  key: string,
  open: (options: LiveOptions) => AsyncIterable<T>,
  ask: () => Promise<T>,
): Streamed<T> {
  const { isPaused, tell, acts } = useLive()
  const [state, setState] = useState<Streamed<T> & { readonly key: string }>({ key, value: null, error: null })
  const given = useRef({ open, ask })
  given.current = { open, ask }

  // `acts` is not read: an act begins the stream again.
  useEffect(() => {
    if (isPaused) return
    const controller = new AbortController()
    const { signal } = controller
    let heard = false
    let frame = 0
    let next: T | null = null
    // Several events within a frame are drawn once.
    const show = (value: T): void => {
      next = value
      frame ||= requestAnimationFrame(() => {
        frame = 0
        if (!signal.aborted) setState({ key, value: next, error: null })
      })
    }
    // What was told before stays; where nothing was, the reader is told why, and the page goes on asking.
    const lose = (error: Error): void => {
      tell({ kind: 'lost', since: new Date() })
      setState((old) => (old.key === key && old.value !== null ? old : { key, value: null, error }))
    }
    const follow = async (): Promise<void> => {
      try {
        const onLost = (error: Error | null): void => {
          if (error === null) tell({ kind: 'live' })
          // Where streams do not come through, questions are asked instead.
          else if (heard || (error as { code?: unknown }).code !== 'SILENT') lose(error)
        }
        for await (const value of given.current.open({ signal, onLost })) {
          if (!heard) tell({ kind: 'live' })
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
          tell({ kind: 'polling', everySeconds })
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
  }, [key, isPaused, acts, tell])

  useEffect(() => () => tell({ kind: 'idle' }), [tell])

  return state.key === key ? state : { value: null, error: null }
}
