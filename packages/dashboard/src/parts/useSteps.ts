import { useEffect, useState } from 'react'

/** Whether the reader asked the system for less motion. */
export const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** An animation over all steps takes this many ms. */
const duration = 6_000

/** The step that an animation shows, from 0 to `last`. A change of `key` starts again. */
export function useSteps(last: number, key: unknown, animate: boolean) {
  const [step, setStep] = useState(last)
  const [plays, setPlays] = useState(false)
  useEffect(() => {
    const begins = animate && !isStill()
    setStep(begins ? 0 : last)
    setPlays(begins)
  }, [last, key, animate])
  const isPlaying = plays && step < last
  useEffect(() => {
    if (!isPlaying) return
    let before: number | null = null
    let handle = requestAnimationFrame(function draw(time) {
      const passed = time - (before ?? time)
      setStep((now) => Math.min(last, now + (passed / duration) * last))
      before = time
      handle = requestAnimationFrame(draw)
    })
    return () => cancelAnimationFrame(handle)
  }, [isPlaying, last])
  return {
    step: Math.floor(step),
    isPlaying,
    /** Plays on from the current step, or from the beginning after the last step; or pauses. */
    toggle(): void {
      if (step >= last) setStep(0)
      setPlays(!isPlaying)
    },
    go(next: number): void {
      setPlays(false)
      setStep(Math.max(0, Math.min(last, next)))
    },
  }
}
