import { distance, Heap } from '@driftfarm/formula'
import type { Interval } from './interval.ts'

export type Box = readonly Interval[]

export interface Ball {
  readonly center: readonly number[]
  readonly radius: number
}

/** The box is slightly larger than the ball, so that rounding cannot exclude a point of the ball. */
export function boxAround({ center, radius }: Ball): Box {
  return center.map((c) => {
    const reach = radius * (1 + 1e-12) + 1e-300
    return [c - reach - Math.abs(c) * 2 ** -52, c + reach + Math.abs(c) * 2 ** -52]
  })
}

/** `nearest` is rounded down and `farthest` is rounded up. */
export function distances(box: Box, center: readonly number[]): { nearest: number; farthest: number } {
  let near = 0
  let far = 0
  for (let i = 0; i < box.length; i++) {
    const [low, high] = box[i]!
    const c = center[i]!
    const gap = Math.max(0, low - c, c - high)
    const reach = Math.max(Math.abs(low - c), Math.abs(high - c))
    near += gap * gap
    far += reach * reach
  }
  return { nearest: Math.sqrt(near) * (1 - 1e-14), farthest: Math.sqrt(far) * (1 + 1e-14) }
}

export function middle(box: Box): number[] {
  return box.map(([low, high]) => low + (high - low) / 2)
}

export function projectInto(point: readonly number[], { center, radius }: Ball): number[] {
  const far = distance(point, center)
  if (far <= radius) return [...point]
  const share = (radius / far) * (1 - 1e-12)
  return point.map((x, i) => center[i]! + share * (x - center[i]!))
}

/** Cuts the box across its widest side. */
export function halves(box: Box): readonly [Box, Box] {
  let widest = 0
  for (let i = 1; i < box.length; i++) if (width(box[i]!) > width(box[widest]!)) widest = i
  const [low, high] = box[widest]!
  const cut = low + (high - low) / 2
  return [box.with(widest, [low, cut]), box.with(widest, [cut, high])]
}

const width = ([low, high]: Interval): number => high - low

export interface Search {
  /** The largest number of boxes to examine. */
  readonly boxes: number
  /** The allowed gap between `bound` and `attained`, relative to the larger of `scale` and |attained|. */
  readonly tolerance: number
  readonly scale: number
}

interface Part {
  readonly bound: number
  readonly box: Box
  /** The longest half-side of a box without a bound; 0 for all other boxes. */
  readonly size: number
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
 *
 * `bound` is a proven lower bound over the ball; -Infinity if nothing is proven. `attained` is the smallest value found
 * at a point of the ball, an upper bound on the minimum.
 */
export function leastOver(
  ball: Ball,
  lowerBound: (box: Box) => number,
  valueAt: (point: readonly number[]) => number,
  { boxes, tolerance, scale }: Search,
) {
  const queue = new Heap<Part>(
    (one, other) => one.bound < other.bound || (one.bound === other.bound && one.size < other.size),
  )
  let attained = Number.POSITIVE_INFINITY
  let used = 0
  const consider = (box: Box, inherited: number) => {
    if (distances(box, ball.center).nearest > ball.radius) return
    used += 1
    const bound = Math.max(inherited, lowerBound(box))
    attained = Math.min(attained, valueAt(projectInto(middle(box), ball)))
    queue.push({ bound, box, size: bound === Number.NEGATIVE_INFINITY ? longestHalfSide(box) : 0 })
  }
  consider(boxAround(ball), Number.NEGATIVE_INFINITY)
  while (used < boxes) {
    const { bound, box, size } = queue.first!
    if (bound === Number.NEGATIVE_INFINITY && size <= tiny * ball.radius) break
    if (attained - bound <= tolerance * Math.max(Math.abs(attained), scale)) break
    queue.pop()
    for (const half of halves(box)) consider(half, bound)
  }
  return { bound: Math.min(queue.first!.bound, attained), attained, boxes: used }
}

function longestHalfSide(box: Box): number {
  return box.reduce((most, [low, high]) => Math.max(most, (high - low) / 2), 0)
}
