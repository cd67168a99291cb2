import { useEffect, useState } from 'react'

/** Returns `value` as soon as it has not changed for `ms` milliseconds, for example after the last key of a word. */
export function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
