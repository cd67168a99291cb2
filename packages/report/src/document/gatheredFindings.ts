import { type Check, type Finding, findingsOf } from '@driftfarm/statistics'

/**
 * The findings of cells that come one at a time. Of the checks only the different texts are kept, and of each cell
 * which of them it has: some numbers.
 */
export class GatheredFindings {
  readonly #places = new Map<string, number>()
  readonly #checks: Check[] = []
  /** Index of a cell and place of a check in turn. */
  readonly #had: number[] = []

  add(index: number, checks: readonly Check[]): void {
    for (const check of checks) {
      if (check.verdict === 'good') continue
      const key = `${check.name}\n${check.verdict}\n${check.text}\n${check.mend ?? ''}`
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
