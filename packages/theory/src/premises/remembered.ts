/**
 * A map that keeps what was used last: sweeps come cell after cell of one shape, so that a few entries serve thousands
 * of cells.
 */
export class Remembered<V> {
  private readonly entries = new Map<string, V>()

  constructor(private readonly capacity: number) {}

  /** The value of `key`, made where it is not known. What throws is not kept. */
  get(key: string, make: () => V): V {
    const known = this.entries.get(key)
    const value = known === undefined ? make() : known
    this.entries.delete(key)
    this.entries.set(key, value)
    if (this.entries.size > this.capacity) this.entries.delete(this.entries.keys().next().value!)
    return value
  }

  forget(key: string): void {
    this.entries.delete(key)
  }
}
