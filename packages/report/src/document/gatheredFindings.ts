import { type Check, type Finding, findingsOf } from '@driftfarm/statistics'

/**
 * Collects the findings of cells that arrive one at a time. Each distinct check is stored once.
 */
export class GatheredFindings {
  readonly #places = new Map<string, number>()
  readonly #checks: Check[] = []
  /** Flat list of pairs: the index of a cell, then the position of one of its checks in `#checks`. */
  readonly #had: number[] = []

  add(index: number, checks: readonly Check[]): void {
    for (const check of checks) {
      if (check.verdict === 'good') continue
      const key = `${check.name}\n${check.verdict}\n${check.text}\n${check.hint ?? ''}`
      let place = this.#places.get(key)
      if (place === undefined) {
        place = this.#checks.push(check) - 1
        this.#places.set(key, place)
      }
      this.#had.push(index, place)
    }
  }

  all(): readonly Finding[] {
    return findingsOf(this.#cells())
  }

  *#cells(): Generator<{ readonly index: number; readonly checks: readonly Check[] }> {
    const had = this.#had
    for (let at = 0; at < had.length; at += 2) yield { index: had[at]!, checks: [this.#checks[had[at + 1]!]!] }
  }
}
