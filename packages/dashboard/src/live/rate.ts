/** A speed is averaged over this time, so that it follows workers that come and go. */
const windowMs = 15_000

/** How fast a number grows, by what was seen of it lately. */
export class Rate {
  #samples: { readonly atMs: number; readonly value: number }[] = []

  see(value: number, atMs: number): void {
    const last = this.#samples.at(-1)
    // A number that falls begins anew: trials of a sweep that was asked for less.
    if (last !== undefined && value < last.value) this.#samples = []
    this.#samples.push({ atMs, value })
    while (this.#samples.length > 2 && atMs - this.#samples[1]!.atMs > windowMs) this.#samples.shift()
  }

  /** A second; null before there is enough to tell. */
  perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1_000) return null
    return ((last.value - first.value) / (last.atMs - first.atMs)) * 1000
  }
}
