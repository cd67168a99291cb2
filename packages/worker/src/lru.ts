export interface Weight<V> {
  weigh(value: V): number
  /** Of all values together; a single one that weighs more is kept as long as it is the last. */
  readonly heaviest: number
}

/** A map that forgets what was used longest ago. */
export class Lru<K, V> {
  private readonly entries = new Map<K, V>()
  private weight = 0

  constructor(
    private readonly capacity: number,
    private readonly limit: Weight<V> = { weigh: () => 0, heaviest: 0 },
  ) {}

  get(key: K): V | undefined {
    const value = this.entries.get(key)
    if (value === undefined) return undefined
    this.entries.delete(key)
    this.entries.set(key, value)
    return value
  }

  set(key: K, value: V): void {
    this.delete(key)
    this.entries.set(key, value)
    this.weight += this.limit.weigh(value)
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= 1) break
      if (this.entries.size <= this.capacity && this.weight <= this.limit.heaviest) break
      this.delete(oldest)
    }
  }

  delete(key: K): void {
    const value = this.entries.get(key)
    if (value === undefined) return
    this.entries.delete(key)
    this.weight -= this.limit.weigh(value)
  }

  /** The most recently used first. */
  recent(count: number): [K, V][] {
    return [...this.entries].slice(-count).reverse()
  }
}
