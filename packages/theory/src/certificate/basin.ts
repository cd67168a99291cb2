import type { Derivatives } from '../interval/derivatives.ts'
import { type Interval, negate, point } from '../interval/interval.ts'

/** Half the width of the interval around a minimum in which descent contracts, in units of 1 + |x|. */
const core = 1e-6
/** The distance between the true minimum and the given one must be less than this share of `core`. */
const nearer = 0.01
/** The largest step size allowed in that interval, in units of 1 / L''. A step size above 2 would not contract. */
const longest = 1.9
/**
 * The proof on one side goes no farther than `farthest` from the minimum and uses intervals no shorter than `shortest`,
 * both in units of 1 + |x|.
 */
const farthest = 1e3
const shortest = 1e-10
const maxStretches = 20_000
/** An upper bound on the relative rounding error of a product or a difference of two doubles. */
const rounding = 1e-14

/** A descent x' = x - eta L'(x) that continues until |L'| is at most the tolerance. */
export interface Descending {
  readonly eta: number
  readonly tolerance: number
}

/**
 * Returns an interval around a minimum from which noise-free descent is proven to end in the basin of the minimum, or
 * null. The proven interval starts as a small interval around the minimum in which descent contracts. On the right, it
 * is extended by a piece in which L' > 0, if no step from this piece jumps past the left end of the proven interval.
 * Descent then moves left until it enters the proven interval. The left side is handled in the same way.
 *
 * Descent may end early, at a point where |L'| is within the tolerance. If L'' > 0 is proven from the minimum to two
 * such points, their losses differ by less than the tolerance times their distance. Descents that end at such points
 * count as ending in the same basin. Where L'' > 0 is not proven, |L'| must exceed the tolerance.
 */
export function basinOnLine(derivatives: Derivatives, at: number, { eta, tolerance }: Descending): Interval | null {
  const half = core * (1 + Math.abs(at))
  const slopeAt = (x: number) => derivatives.gradient([point(x)])[0]!
  const bend = derivatives.hessian([[at - half, at + half]])[0]!
  const isMinimum = slopeAt(at - nearer * half)[1] < 0 && slopeAt(at + nearer * half)[0] > 0
  if (!(isMinimum && bend[0] > 0 && eta > 0 && eta * bend[1] <= longest)) return null
  /** Goes outward from an edge, by stretches of growing length for which `isProven` holds. */
  const marched = (from: number, side: Side, first: number, isProven: (next: number, over: Interval) => boolean) => {
    let edge = from
    let length = first
    for (let tried = 0; tried < maxStretches; tried++) {
      const isFar = Math.abs(edge - at) > farthest * (1 + Math.abs(at))
      if (length < shortest * (1 + Math.abs(edge)) || isFar) break
      const next = edge + side * length
      if (isProven(next, side > 0 ? [edge, next] : [next, edge])) {
        edge = next
        length *= 1.5
      } else length /= 2
    }
    return edge
  }
  const isConvex = (_: number, over: Interval) => derivatives.hessian([over])[0]![0] > 0
  const convex = { [-1]: marched(at - half, -1, core, isConvex), 1: marched(at + half, 1, core, isConvex) }
  const edgeOf = ([low, high]: Interval, side: Side): number => {
    const [from, other] = side > 0 ? [high, low] : [low, high]
    return marched(from, side, high - low, (next, over) => {
      const slope = derivatives.gradient([over])[0]!
      // The derivative in the direction away from the minimum.
      const [least, most] = side > 0 ? slope : negate(slope)
      const room = Math.abs((side > 0 ? over[0] : over[1]) - other) * (1 - rounding)
      const limit = side * next <= side * convex[side] ? 0 : tolerance * (1 + looser)
      return least > limit && eta * most * (1 + rounding) <= room
    })
  }
  let proven: Interval = [at - half, at + half]
  for (let isWider = true; isWider; ) {
    const before = proven
    proven = [proven[0], edgeOf(proven, 1)]
    proven = [edgeOf(proven, -1), proven[1]]
    // A wider interval has room for longer steps, so the proof may now reach farther on the other side.
    isWider = proven[1] - proven[0] > (before[1] - before[0]) * (1 + worthwhile)
  }
  return proven
}

type Side = -1 | 1

const worthwhile = 1e-3
/** L' must exceed the tolerance by this share, which is more than the rounding error of the kernel. */
const looser = 1e-9
