/** Returns a function that reads a value, or returns the value that was read at most `forMs` milliseconds ago. */
export function kept<T>(forMs: number, read: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly value: Promise<T> } | null = null
  return () => {
    const now = performance.now()
    if (last === null || now - last.at > forMs) {
      last = { at: now, value: read() }
      last.value.catch(() => {
        last = null
      })
    }
    return last.value
  }
}
