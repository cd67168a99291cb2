import { useCallback, useEffect, useRef, useState } from 'react'

/** Whether the reader asked the system for less motion. */
export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** An animation over all steps takes this many ms. */
const duration = 6_000

export interface Steps {
  readonly step: number
  readonly isPlaying: boolean
  /** Plays on from the current step, or from the beginning after the last step; or pauses. */
  toggle(): void
  go(step: number): void
}

/** The step that an animation shows, from 0 to `last`. A change of `key` starts again. */
export function useSteps(last: number, key: unknown, animate: boolean): Steps {
  const now = useRef(last)
  const [step, setStep] = useState(last)
  const [isPlaying, setPlaying] = useState(false)
  const show = useCallback((next: number): void => {
    now.current = next
    setStep(next)
  }, [])
  useEffect(() => {
    const plays = animate && !isStill()
    show(plays ? 0 : last)
    setPlaying(plays)
  }, [last, key, animate, show])
  useEffect(() => {
    if (!isPlaying) return
    let before: number | null = null
    let handle = requestAnimationFrame(function draw(time) {
      show(Math.min(last, now.current + ((time - (before ?? time)) / duration) * last))
      before = time
      if (now.current < last) handle = requestAnimationFrame(draw)
      else setPlaying(false)
    })
    return () => cancelAnimationFrame(handle)
  }, [isPlaying, last, show])
  return {
    step: Math.floor(step),
    isPlaying,
    toggle() {
      if (!isPlaying && now.current >= last) show(0)
      setPlaying(!isPlaying)
    },
    go(next) {
      setPlaying(false)
      show(Math.max(0, Math.min(last, next)))
    },
  }
}
