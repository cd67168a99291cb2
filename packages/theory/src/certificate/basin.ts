import type { Derivatives } from '../interval/derivatives.ts'
import { type Interval, point } from '../interval/interval.ts'

/** Half the width of the stretch around a minimum where descent contracts, in units of 1 + |x|. */
const core = 1e-6
/** The true minimum is so much nearer to the given one, as a share of that. */
const nearer = 0.01
/** Steps of the core are at most so long, in units of 1 / L'': they contract by 0.9. */
const longest = 1.9
/** A side is not followed further than this, nor by shorter stretches than that, in the same units. */
const farthest = 1e3
const shortest = 1e-10
const maxStretches = 20_000
/** More than the rounding of a product and a difference of doubles, relative. */
const rounding = 1e-14

/** A descent x' = x - eta L'(x) that continues until |L'| is at most the tolerance. */
export interface Descending {
  readonly eta: number
  readonly tolerance: number
}

/**
 * A stretch of a line about a minimum `at` from all of which noise-free descent is proven to end in its basin; null
 * where none is. In the middle descent contracts. On the right a further stretch is added where L' > 0 and no step
 * leads beyond the other end of what is proven already: descent falls until it is there. Likewise on the left. Descent
 * may also end early, where L' is within the tolerance: from the minimum out that may be while L'' > 0, where the loss
 * between two ends is convex and lower than the tolerance times their distance; further out L' must exceed it.
 */
export function basinOnLine(derivatives: Derivatives, at: number, { eta, tolerance }: Descending): Interval | null {
  const half = core * (1 + Math.abs(at))
  const slopeAt = (x: number) => derivatives.gradient([point(x)])[0]!
  const bend = derivatives.hessian([[at - half, at + half]])[0]!
  const isMinimum = slopeAt(at - nearer * half)[1] < 0 && slopeAt(at + nearer * half)[0] > 0
  if (!(isMinimum && bend[0] > 0 && eta > 0 && eta * bend[1] <= longest)) return null
  let proven: Interval = [at - half, at + half]
  const convex: Interval = [
    convexTo(derivatives, { at, from: at - half, side: -1 }),
    convexTo(derivatives, { at, from: at + half, side: 1 }),
  ]
  for (let isWider = true; isWider; ) {
    const before = proven
    proven = [proven[0], edgeOf(derivatives, { at, proven, side: 1, eta, tolerance, convex })]
    proven = [edgeOf(derivatives, { at, proven, side: -1, eta, tolerance, convex }), proven[1]]
    // One side may continue where the other has given its steps more room.
    isWider = proven[1] - proven[0] > (before[1] - before[0]) * (1 + worthwhile)
  }
  return proven
}

const worthwhile = 1e-3

interface Side extends Descending {
  readonly at: number
  readonly proven: Interval
  /** Where L'' > 0 is proven. */
  readonly convex: Interval
  readonly side: -1 | 1
}

/** How far out the proof reaches on one side. */
function edgeOf(derivatives: Derivatives, { at, proven, convex, side, eta, tolerance }: Side): number {
  const [low, high] = proven
  const [from, other] = side > 0 ? [high, low] : [low, high]
  return marched({ at, from, side, length: high - low }, (edge, next, stretch) => {
    const slope = derivatives.gradient([stretch])[0]!
    // Away from the minimum.
    const [least, most] = side > 0 ? slope : [-slope[1], -slope[0]]
    const room = Math.abs(edge - other) * (1 - rounding)
    const isConvex = side > 0 ? next <= convex[1] : next >= convex[0]
    return least > (isConvex ? 0 : tolerance * (1 + looser)) && eta * most * (1 + rounding) <= room
  })
}

/** By so much more than the tolerance L' must be, beyond the rounding of what the kernel computes. */
const looser = 1e-9

/** How far from the minimum L'' > 0 is proven without a gap. */
function convexTo(derivatives: Derivatives, { at, from, side }: Omit<March, 'length'>): number {
  return marched({ at, from, side, length: core }, (_edge, _next, stretch) => derivatives.hessian([stretch])[0]![0] > 0)
}

interface March {
  /** The minimum, from which a march that begins further out is not to lead further than others. */
  readonly at: number
  readonly from: number
  readonly side: -1 | 1
  /** Of the first stretch that is tried. */
  readonly length: number
}

/** How far out stretches of a side are proven, each longer than the one before, or shorter where that fails. */
function marched(
  { at, from, side, length: first }: March,
  isProven: (edge: number, next: number, stretch: Interval) => boolean,
): number {
  let edge = from
  let length = first
  for (let tried = 0; tried < maxStretches; tried++) {
    const isFar = Math.abs(edge - at) > farthest * (1 + Math.abs(at))
    if (length < shortest * (1 + Math.abs(edge)) || isFar) break
    const next = edge + side * length
    if (isProven(edge, next, side > 0 ? [edge, next] : [next, edge])) {
      edge = next
      length *= 1.5
    } else length /= 2
  }
  return edge
}
