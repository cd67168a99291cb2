import { useEffect, useRef, useState } from 'react'

/**
 * Returns a value that follows `value` but changes at most once every `ms` milliseconds. This reduces the requests of a
 * component that sends one for each new value. The first change after a quiet period takes effect at once.
 */
export function useSlowly<T>(value: T, ms: number): T {
  const [slow, setSlow] = useState(value)
  const followedAt = useRef(0)
  useEffect(() => {
    if (Object.is(slow, value)) return
    const follow = (): void => {
      followedAt.current = performance.now()
      setSlow(value)
    }
    const timer = setTimeout(follow, Math.max(0, followedAt.current + ms - performance.now()))
    return () => clearTimeout(timer)
  }, [slow, value, ms])
  return slow
}
