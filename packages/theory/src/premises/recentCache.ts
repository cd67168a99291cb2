import { LRUCache } from 'lru-cache'

/**
 * Values by key, computed where they are missing: `get(key, make)`. The cells of a sweep come in an order in which
 * similar cells follow one another, so that a few recently used values serve thousands of cells. An error is not
 * remembered.
 */
export class RecentCache<V extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, V, () => V>

  constructor(capacity: number) {
    this.#values = new LRUCache({ max: capacity, memoMethod: (_key, _value, { context }) => context() })
  }

  get(key: string, make: () => V): V {
    return this.#values.memo(key, { context: make })
  }
}

/**
 * Like `RecentCache`, for asynchronous values: a caller that requests a value while it is being computed waits for that
 * same value.
 */
export class AsyncRecentCache<V extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, V, () => Promise<V>>

  constructor(capacity: number) {
    this.#values = new LRUCache({
      max: capacity,
      // A value that is evicted while it is being computed still serves those who wait for it.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _value, { context }) => context(),
    })
  }

  get(key: string, make: () => Promise<V>): Promise<V> {
    return this.#values.forceFetch(key, { context: make })
  }
}
