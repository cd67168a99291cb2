import { LRUCache } from 'lru-cache'
import { remembered } from './remembered.ts'

/**
 * Similar cells are neighbours in a sweep, so a few recently used values serve thousands of cells. Errors are not
 * cached, and neither are promises that are rejected.
 */
export class RecentCache<V> {
  readonly #values: LRUCache<string, { readonly value: V }, () => V>

  constructor(capacity: number) {
    this.#values = new LRUCache({ max: capacity, memoMethod: (_key, _stale, { context }) => ({ value: context() }) })
  }

  get(key: string, make: () => V): V {
    const { value } = this.#values.memo(key, { context: make })
    if (value instanceof Promise) value.catch(() => this.#values.delete(key))
    return value
  }
}

/** Cells of a sweep share their parts, so each part is serialised only once. */
const textOf = remembered((part: object) => JSON.stringify(part), new WeakMap())

/**
 * Parts with equal keys are equal. Equal parts that list their properties in a different order get different keys, so
 * results that depend on them are computed twice.
 */
export function keyOfPart(part: object | null): string {
  return part === null ? '' : textOf(part)
}
