/**
 * Tracks since when things have been in their present state, by the caller's clock. Times stored in the database are
 * not used: they would be compared with later readings of its clock, which somebody may have set in between.
 */
export class Unchanged {
  readonly #seen = new Map<string, { readonly state: string; readonly sinceMs: number }>()

  /**
   * For each thing, how long it has been in its present state, in ms over all looks so far; 0 when seen for the first
   * time. Things that are no longer there are forgotten.
   */
  look<T>(things: readonly T[], keyOf: (thing: T) => string, stateOf: (thing: T) => string, nowMs: number): number[] {
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

  /** Begins anew: everything counts as seen for the first time at the next look. */
  forget(): void {
    this.#seen.clear()
  }
}
