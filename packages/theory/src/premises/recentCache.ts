import { LRUCache } from 'lru-cache'

/**
 * Similar cells are neighbours in a sweep, so a few recently used values serve thousands of cells. Errors are not
 * cached.
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

/** A caller that requests a value while it is being computed waits for that value. */
export class AsyncRecentCache<V extends NonNullable<unknown>> {
  readonly #values: LRUCache<string, V, () => Promise<V>>

  constructor(capacity: number) {
    this.#values = new LRUCache({
      max: capacity,
      // A value that is evicted during its computation is still delivered to the callers that wait for it.
      ignoreFetchAbort: true,
      fetchMethod: (_key, _value, { context }) => context(),
    })
  }

  get(key: string, make: () => Promise<V>): Promise<V> {
    return this.#values.forceFetch(key, { context: make })
  }
}

/** Cells of a sweep share their parts, so each part is serialised only once. */
const texts = new WeakMap<object, string>()

/**
 * Parts with equal keys are equal. Equal parts that list their properties in a different order get different keys, so
 * results that depend on them are computed twice.
 */
export function keyOfPart(part: object | null): string {
  if (part === null) return ''
  let text = texts.get(part)
  if (text === undefined) {
    text = JSON.stringify(part)
    texts.set(part, text)
  }
  return text
}
