import { useEffect } from 'react'

const product = 'Drift Farm'

/** Names the tab after the view while it is shown: "walked · Results · 3 of 9 cells · Drift Farm". */
export function useTitle(...parts: readonly (string | null)[]): void {
  const text = [...parts.filter((part) => part !== null), product].join(' · ')
  useEffect(() => {
    document.title = text
    return () => {
      document.title = product
    }
  }, [text])
}
