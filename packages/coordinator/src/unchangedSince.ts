/**
 * Tracks how long things have been in their present state, by the caller's clock. Times stored in the database are not
 * used, because the clock of the database may have been changed between two readings.
 */
export class UnchangedSince {
  readonly #seen = new Map<string, { readonly state: string; readonly sinceMs: number }>()

  /**
   * Returns how long, in ms, each thing has been in its present state; 0 if it is seen for the first time. Things that
   * no longer exist are forgotten.
   */
  agesOf<T>(things: readonly T[], keyOf: (thing: T) => string, stateOf: (thing: T) => string, nowMs: number): number[] {
    const ages: number[] = []
    const keys = new Set<string>()
    for (const thing of things) {
      const key = keyOf(thing)
      const state = stateOf(thing)
      keys.add(key)
      const known = this.#seen.get(key)
      if (known?.state !== state) this.#seen.set(key, { state, sinceMs: nowMs })
      ages.push(known?.state === state ? nowMs - known.sinceMs : 0)
    }
    for (const key of this.#seen.keys()) if (!keys.has(key)) this.#seen.delete(key)
    return ages
  }

  /** Makes the next call of `agesOf` return 0 for all things. */
  forget(): void {
    this.#seen.clear()
  }
}
