import { LRUCache } from 'lru-cache'

/**
 * Values by key, made where they are not known: `get(key, make)`. Sweeps come cell after cell of one shape, so that a
 * few of the values used last serve thousands of cells. What throws is not kept.
 */
export class Remembered<V extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, V, () => V>

  constructor(capacity: number) {
    this.#values = new LRUCache({ max: capacity, memoMethod: (_key, _value, { context }) => context() })
  }

  get(key: string, make: () => V): V {
    return this.#values.memo(key, { context: make })
  }
}

/** The same of values that take their time: whoever asks while one is being made waits for that one. */
export class Awaited<V extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, V, () => Promise<V>>

  constructor(capacity: number) {
    this.#values = new LRUCache({
      max: capacity,
      // One that is pushed out while it is being made still serves those who wait for it.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _value, { context }) => context(),
    })
  }

  get(key: string, make: () => Promise<V>): Promise<V> {
    return this.#values.forceFetch(key, { context: make })
  }
}
