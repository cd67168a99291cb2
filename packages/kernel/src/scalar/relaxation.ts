import { elementary } from '@driftfarm/formula'
import { type Comparable, dot, squaredDistance } from './lossFunction.ts'

export interface RelaxationGoal {
  /** The point is low enough if its loss is at most `top`. */
  readonly top: number
  /**
   * Lowering continues down to this loss, so that straight paths from the lowered point may rise a little without
   * exceeding `top`.
   */
  readonly goal: number
  /**
   * d^2, where d is the distance between the two points that are compared. Lowering stops if the slope predicts that
   * the loss does not reach `goal` within the distance 4 d.
   */
  readonly square: number
}

/** Number of stored pairs (step, change of the gradient), from which the curvature is estimated. */
const memory = 5
/** Largest number of steps for one point. The total for all points of a comparison is limited by `effort`. */
const maxStepsOfPoint = 256
/**
 * Largest length of a step, as a share of the length of the straight path. A longer step could leave the valley beside
 * the path.
 */
const longestStep = 0.25
const maxHalvings = 24
/** Least decrease of the loss in a step, as a share of the decrease that the slope predicts (Armijo). */
const leastGain = 1e-4

/**
 * Lowers the loss at a point of a straight path. The point moves only perpendicular to the path. The method is
 * limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) on the gradient without its
 * component along the path.
 */
export class Relaxation {
  private readonly slope: Float64Array
  private readonly direction: Float64Array
  private readonly next: Float64Array
  private readonly nextSlope: Float64Array
  private pairs: { readonly s: Float64Array; readonly y: Float64Array; readonly inverse: number }[] = []
  private steps = 0
  private across: { readonly left: Float64Array; readonly right: Float64Array; readonly square: number } | null = null

  constructor(
    private readonly landscape: Comparable,
    private readonly limits: RelaxationGoal,
    dimension: number,
  ) {
    this.slope = new Float64Array(dimension)
    this.direction = new Float64Array(dimension)
    this.next = new Float64Array(dimension)
    this.nextSlope = new Float64Array(dimension)
  }

  /**
   * Lowers `point`, which has the loss `from`, perpendicular to the path from `left` to `right`. Returns whether the
   * loss at the lowered point is at most `top`.
   */
  lower(point: Float64Array, from: number, left: Float64Array, right: Float64Array): boolean {
    const { slope, direction, next, nextSlope, limits } = this
    const square = squaredDistance(right, left)
    this.across = { left, right, square }
    this.pairs = []
    let loss = from
    this.slopeAt(point, slope)
    for (let step = 0; step < maxStepsOfPoint && this.steps < this.landscape.effort; step++) {
      this.steps++
      const steepness = dot(slope, slope)
      const missing = loss - limits.goal
      // Stop if the slope predicts that `goal` is out of reach, or if the loss or the slope is not finite.
      if (!(missing * missing <= 16 * steepness * limits.square)) break
      this.aim(missing / steepness)
      const gain = dot(direction, slope)
      const taken = gain > 0 ? this.tryStep(point, loss, gain) : null
      if (taken === null) {
        // A curvature estimated at other points may be wrong here: start again with only the slope.
        if (this.pairs.length === 0) break
        this.pairs = []
        continue
      }
      if (taken <= limits.goal) {
        point.set(next)
        return true
      }
      this.slopeAt(next, nextSlope)
      this.learn(point)
      point.set(next)
      slope.set(nextSlope)
      loss = taken
    }
    return loss <= limits.top
  }

  /** The gradient without its component along the path. */
  private slopeAt(point: Float64Array, into: Float64Array): void {
    const { left, right, square } = this.across!
    this.landscape.gradient(point, into)
    let along = -0
    for (let i = 0; i < into.length; i++) along += into[i]! * (right[i]! - left[i]!)
    const share = along / square
    for (let i = 0; i < into.length; i++) into[i] = into[i]! - share * (right[i]! - left[i]!)
  }

  /**
   * Sets `direction` to the vector that a full step subtracts from the point. If no curvature is stored, this vector is
   * `size` times the slope.
   */
  private aim(size: number): void {
    const { pairs, direction, slope } = this
    direction.set(slope)
    const shares: number[] = []
    for (let k = pairs.length - 1; k >= 0; k--) {
      const { s, y, inverse } = pairs[k]!
      shares[k] = inverse * dot(s, direction)
      for (let i = 0; i < y.length; i++) direction[i] = direction[i]! - shares[k]! * y[i]!
    }
    const last = pairs.at(-1)
    const scale = last === undefined ? size : 1 / (last.inverse * dot(last.y, last.y))
    for (let i = 0; i < direction.length; i++) direction[i] = direction[i]! * scale
    for (const [k, { s, y, inverse }] of pairs.entries()) {
      const share = shares[k]! - inverse * dot(y, direction)
      for (let i = 0; i < s.length; i++) direction[i] = direction[i]! + share * s[i]!
    }
  }

  /** Writes the lowered point to `next` and returns the loss there. Returns null if no step lowers the loss enough. */
  private tryStep(point: Float64Array, loss: number, gain: number): number | null {
    const { direction, next, across, landscape } = this
    const square = dot(direction, direction)
    const longest = longestStep * longestStep * across!.square
    let size = square > longest ? elementary.sqrt(longest / square) : 1
    for (let halvings = 0; halvings < maxHalvings; halvings++) {
      for (let i = 0; i < next.length; i++) next[i] = point[i]! - size * direction[i]!
      const lower = landscape.loss(next)
      if (lower <= loss - leastGain * size * gain) return lower
      size /= 2
    }
    return null
  }

  private learn(point: Float64Array): void {
    const { next, slope, nextSlope, pairs } = this
    const s = next.map((x, i) => x - point[i]!)
    const y = nextSlope.map((g, i) => g - slope[i]!)
    const curvature = dot(s, y)
    if (!(curvature > 0)) return
    if (pairs.length === memory) pairs.shift()
    pairs.push({ s, y, inverse: 1 / curvature })
  }
}
