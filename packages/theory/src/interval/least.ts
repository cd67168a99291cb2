import { type Ball, type Box, boxAround, distances, halves, middle, pulledIn } from './box.ts'

export interface Search {
  /** The largest number of boxes looked at. */
  readonly boxes: number
  /**
   * The search ends where bound and attained value differ by at most this, relative to the larger of |value| and
   * `scale`.
   */
  readonly tolerance: number
  readonly scale: number
}

export interface Least {
  /** A proven lower bound over the ball; -Infinity where nothing is proven. */
  readonly bound: number
  /** The least value seen at a point of the ball; its distance from `bound` is the most that the bound may be slack. */
  readonly attained: number
  readonly boxes: number
}

/**
 * Branch and bound: the least value of a function over a ball. `lowerBound` bounds the function over a whole box,
 * `valueAt` is its value at a point. The box with the lowest bound is split until that bound is close to the least
 * value seen, or `boxes` are used up.
 */
export function leastOver(
  ball: Ball,
  lowerBound: (box: Box) => number,
  valueAt: (point: readonly number[]) => number,
  { boxes, tolerance, scale }: Search,
): Least {
  const queue = new Queue()
  let attained = Number.POSITIVE_INFINITY
  let used = 0
  const consider = (box: Box, inherited: number) => {
    if (distances(box, ball.center).nearest > ball.radius) return
    used += 1
    const bound = Math.max(inherited, lowerBound(box))
    attained = Math.min(attained, valueAt(pulledIn(middle(box), ball)))
    queue.push(bound, box)
  }
  consider(boxAround(ball), Number.NEGATIVE_INFINITY)
  while (used < boxes) {
    const [bound, box] = queue.least()
    if (attained - bound <= tolerance * Math.max(Math.abs(attained), scale)) break
    queue.pop()
    for (const half of halves(box)) consider(half, bound)
  }
  return { bound: Math.min(queue.least()[0], attained), attained, boxes: used }
}

/** A binary heap ordered by bound. */
class Queue {
  private readonly items: (readonly [number, Box])[] = []

  least(): readonly [number, Box] {
    return this.items[0]!
  }

  push(bound: number, box: Box): void {
    const { items } = this
    let at = items.push([bound, box]) - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (items[parent]![0] <= bound) break
      items[at] = items[parent]!
      at = parent
    }
    items[at] = [bound, box]
  }

  pop(): void {
    const { items } = this
    const last = items.pop()!
    if (items.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && items[child + 1]![0] < items[child]![0]) child += 1
      if (items[child]![0] >= last[0]) break
      items[at] = items[child]!
      at = child
    }
    items[at] = last
  }
}
