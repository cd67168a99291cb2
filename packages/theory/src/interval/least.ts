import { type Ball, type Box, boxAround, distances, halves, middle, projectInto } from './box.ts'

export interface Search {
  /** The largest number of boxes to examine. */
  readonly boxes: number
  /** The allowed gap between `bound` and `attained`, relative to the larger of `scale` and |attained|. */
  readonly tolerance: number
  readonly scale: number
}

export interface Least {
  /** A proven lower bound over the ball; -Infinity if nothing is proven. */
  readonly bound: number
  /** The smallest value found at a point of the ball, an upper bound on the minimum. */
  readonly attained: number
  readonly boxes: number
}

/**
 * If a box has no bound although its half-width is at most this share of the ball's radius, the box contains a kink or
 * a pole. Splitting the box does not help.
 */
const tiny = 2 ** -30

/**
 * Bounds the minimum of a function over a ball by branch and bound. If some boxes have no bound, the smallest of them
 * is split first. If no box around a kink or a pole has a bound, this order leads to a box of size `tiny` after a few
 * splits. Such a box ends the search.
 */
export function leastOver(
  ball: Ball,
  lowerBound: (box: Box) => number,
  valueAt: (point: readonly number[]) => number,
  { boxes, tolerance, scale }: Search,
): Least {
  const queue = new BinaryHeap()
  let attained = Number.POSITIVE_INFINITY
  let used = 0
  const consider = (box: Box, inherited: number) => {
    if (distances(box, ball.center).nearest > ball.radius) return
    used += 1
    const bound = Math.max(inherited, lowerBound(box))
    attained = Math.min(attained, valueAt(projectInto(middle(box), ball)))
    queue.push(bound, box, bound === Number.NEGATIVE_INFINITY ? longestHalfSide(box) : 0)
  }
  consider(boxAround(ball), Number.NEGATIVE_INFINITY)
  while (used < boxes) {
    const [bound, box, size] = queue.least()
    if (bound === Number.NEGATIVE_INFINITY && size <= tiny * ball.radius) break
    if (attained - bound <= tolerance * Math.max(Math.abs(attained), scale)) break
    queue.pop()
    for (const half of halves(box)) consider(half, bound)
  }
  return { bound: Math.min(queue.least()[0], attained), attained, boxes: used }
}

function longestHalfSide(box: Box): number {
  return box.reduce((most, [low, high]) => Math.max(most, (high - low) / 2), 0)
}

type Entry = readonly [bound: number, box: Box, size: number]

const precedes = (one: Entry, other: Entry): boolean => one[0] < other[0] || (one[0] === other[0] && one[2] < other[2])

class BinaryHeap {
  private readonly items: Entry[] = []

  least(): Entry {
    return this.items[0]!
  }

  push(...entry: Entry): void {
    const { items } = this
    let at = items.push(entry) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!precedes(entry, items[parent]!)) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = entry
  }

  pop(): void {
    const { items } = this
    const last = items.pop()!
    if (items.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && precedes(items[child + 1]!, items[child]!)) child += 1
      if (!precedes(items[child]!, last)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
  }
}
