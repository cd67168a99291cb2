import { elementary } from '@driftfarm/formula'
import { type Comparable, type Point, squaredDistance } from './lossFunction.ts'
import { Relaxation } from './relaxation.ts'

/**
 * The relation of the end points a and b of two descents. `one`: they are in the same basin. `two`: the loss rises
 * between them, or is not finite. `above`: b is lower and can be reached from a without a rise, so a is not a minimum.
 * `below`: the same with a and b exchanged.
 */
export type BasinRelation = 'one' | 'two' | 'above' | 'below'

/** Number of parts of a straight path to b. The number is large, because a ridge may be narrow. */
const parts = 64
/** Number of parts of a straight path to an intermediate point. */
const partsBetween = 16
const maxWaiting = 16
/** A comparison may check this many straight paths for each step that `effort` allows. */
const waysOfSteps = 1 / 8

/**
 * Compares the end points a and b of two descents that stopped at |grad L| <= tolerance. The gradients need not be 0,
 * so the losses at a and b may differ even if both are near the same minimum. The two losses count as equal if they
 * differ by at most a slack: tolerance times |b - a|, plus rounding. Between a and b, the loss may exceed the higher of
 * the two losses by the slack. On the straight path from a to b, the first point whose loss is above this limit is
 * lowered within the plane perpendicular to the path (`Relaxation`). Then the straight paths from a to the lowered
 * point and on to b are checked in the same way, so that the path can follow a curved valley. On a ridge the point
 * cannot be lowered, and the relation is `two`.
 */
export function basinRelation(landscape: Comparable, a: Point, b: Point, tolerance: number): BasinRelation {
  const way = new Way(landscape, a, b, tolerance)
  if (way.agrees) return way.isLow() ? 'one' : 'two'
  if (!way.isFinite || !way.isLow()) return 'two'
  return way.lossOfA > way.lossOfB ? 'above' : 'below'
}

/** Unlike `basinRelation`, does not search for a path if the losses of the end points differ by more than the slack. */
export function isOneBasin(landscape: Comparable, a: Point, b: Point, tolerance: number): boolean {
  const way = new Way(landscape, a, b, tolerance)
  return way.agrees && way.isLow()
}

class Way {
  readonly lossOfA: number
  readonly lossOfB: number
  private readonly slack: number
  private readonly squaredDistance: number
  /**
   * The path has been checked up to `left`. `waiting` is a stack of the points still to be reached: the last element is
   * the next point on the path, and the first element is b, the end of the path.
   */
  private readonly left: Float64Array
  private readonly waiting: Float64Array[]
  private readonly point: Float64Array
  private readonly relaxation: Relaxation
  private readonly top: number

  constructor(
    private readonly landscape: Comparable,
    a: Point,
    b: Point,
    tolerance: number,
  ) {
    this.left = Float64Array.from(a)
    const end = Float64Array.from(b)
    this.waiting = [end]
    this.point = new Float64Array(a.length)
    this.lossOfA = landscape.loss(this.left)
    this.lossOfB = landscape.loss(end)
    const square = squaredDistance(end, this.left)
    const size = Math.max(Math.abs(this.lossOfA), Math.abs(this.lossOfB))
    this.squaredDistance = square
    this.slack = tolerance * elementary.sqrt(square) + landscape.rounding * (1 + size)
    const higher = Math.max(this.lossOfA, this.lossOfB)
    this.top = higher + this.slack
    this.relaxation = new Relaxation(landscape, { top: this.top, goal: higher + this.slack / 2, square }, a.length)
  }

  /** False if a loss is not finite. */
  get agrees(): boolean {
    return this.isFinite && Math.abs(this.lossOfA - this.lossOfB) <= this.slack
  }

  get isFinite(): boolean {
    return this.slack < Number.POSITIVE_INFINITY
  }

  /** Whether the search finds a path from a to b on which no loss exceeds `top`. */
  isLow(): boolean {
    const { waiting, left, point } = this
    if (this.squaredDistance === 0) return true
    const most = this.landscape.effort * waysOfSteps
    for (let ways = 0; ways < most; ways++) {
      const right = waiting.at(-1)!
      const loss = this.rise(right, waiting.length === 1 ? parts : partsBetween)
      if (loss === null) {
        left.set(right)
        waiting.pop()
        if (waiting.length === 0) return true
        continue
      }
      if (waiting.length === maxWaiting || !this.relaxation.lower(point, loss, left, right)) return false
      waiting.push(Float64Array.from(point))
    }
    return false
  }

  /**
   * Returns the loss of the first point between `left` and `right` whose loss is above `top`, and writes this point to
   * `point`. Returns null if no loss is above `top`.
   */
  private rise(right: Float64Array, count: number): number | null {
    const { left, point } = this
    for (let part = 1; part < count; part++) {
      const share = part / count
      for (let i = 0; i < point.length; i++) point[i] = left[i]! + share * (right[i]! - left[i]!)
      const loss = this.landscape.loss(point)
      if (!(loss <= this.top)) return loss
    }
    return null
  }
}
