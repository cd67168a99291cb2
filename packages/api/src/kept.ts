import { LRUCache } from 'lru-cache'

/** Returns a function that reads a value, or returns the value that was read at most `forMs` milliseconds ago. */
export function kept<T>(forMs: number, read: () => Promise<T>): () => Promise<T> {
  const fetchMethod = async () => ({ value: await read() })
  const values = new LRUCache<'', { readonly value: T }>({ max: 1, ttl: forMs, fetchMethod })
  return async () => (await values.forceFetch('')).value
}
