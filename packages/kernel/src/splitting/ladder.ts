/** A binary heap of particle indices, ordered by peak. */
export class Ladder {
  private readonly heap: number[] = []

  constructor(private readonly peaks: number[]) {
    for (const place of peaks.keys()) this.push(place)
  }

  /**
   * Removes all particles whose peak is at most the k-th smallest peak, and returns their indices. Returns null if the
   * k-th smallest peak is not below `end`.
   */
  lowest(k: number, end: number): { readonly level: number; readonly places: readonly number[] } | null {
    const places: number[] = []
    while (places.length < k && this.heap.length > 0) places.push(this.pop())
    const level = this.peaks[places.at(-1)!]!
    if (level >= end) return null
    while (this.heap.length > 0 && this.peaks[this.heap[0]!]! <= level) places.push(this.pop())
    return { level, places: places.sort((a, b) => a - b) }
  }

  put(place: number, peak: number): void {
    this.peaks[place] = peak
    this.push(place)
  }

  private push(place: number): void {
    const { heap, peaks } = this
    let at = heap.length
    heap.push(place)
    while (at > 0) {
      const above = (at - 1) >> 1
      if (peaks[heap[above]!]! <= peaks[place]!) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = place
  }

  private pop(): number {
    const { heap, peaks } = this
    const top = heap[0]!
    const last = heap.pop()!
    if (heap.length === 0) return top
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && peaks[heap[below + 1]!]! < peaks[heap[below]!]!) below++
      if (peaks[last]! <= peaks[heap[below]!]!) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
    return top
  }
}
