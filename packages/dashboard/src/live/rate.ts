/** Time in ms over which the speed is averaged. Workers may come and go, so this time is short. */
const windowMs = 15_000

export class Rate {
  #samples: { readonly atMs: number; readonly value: number }[] = []

  update(value: number, atMs: number): void {
    const last = this.#samples.at(-1)
    // `value` decreases if a sweep is resubmitted with fewer trials. The older samples are then removed, because they
    // would make the speed negative. The time before the first growth does not count: nothing was computed yet.
    const isNew = this.#samples.length === 1 && value === last?.value
    if (isNew || (last !== undefined && value < last.value)) this.#samples = []
    this.#samples.push({ atMs, value })
    while (this.#samples.length > 2 && atMs - this.#samples[1]!.atMs > windowMs) this.#samples.shift()
  }

  /** Growth per second; null until the samples cover a second. */
  perSecond(): number | null {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)]
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1_000) return null
    return ((last.value - first.value) / (last.atMs - first.atMs)) * 1000
  }
}
