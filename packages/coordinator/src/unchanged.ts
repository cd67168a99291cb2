/**
 * Since when things are as they are, by the clock of whoever looks: pure, and no other clock's business. What times the
 * database has stored would be compared with a later reading of its clock, which somebody may have set in between.
 */
export class Unchanged {
  readonly #seen = new Map<string, { readonly state: string; readonly sinceMs: number }>()

  /**
   * For how long each thing has been as it is, over all looks so far; 0 at first sight. What is no longer there is
   * forgotten.
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
}
