import { elementary } from '@driftfarm/formula'
import type { Comparable } from '../model/comparison.ts'

/** How far a point is to be lowered. */
export interface RelaxationGoal {
  /** A loss of at most this will do. */
  readonly top: number
  /** It goes on to this, so that straight ways from the point have room to sag. */
  readonly goal: number
  /** Squared length of the whole way: no place farther than four times that is expected to be low. */
  readonly square: number
}

/** Pairs of differences that tell of the curvature. */
const memory = 5
/** Steps of one point; those of all points of a comparison are its effort. */
const mostStepsOfPoint = 256
/** A step is at most so much of the length of the way that it lies across, so that it stays in the valley beside it. */
const longestStep = 0.25
/** A step is halved at most so often. */
const mostHalvings = 24
/** A step must gain so much of what the slope promises (Armijo). */
const leastGain = 1e-4

/**
 * Lowers points of a straight way in the plane across it: the method of Broyden, Fletcher, Goldfarb and Shanno with
 * limited memory (Nocedal and Wright, Numerical Optimization, 2nd ed., algorithm 7.4) on the gradient without its part
 * along the way.
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
   * Lowers `point`, of the given loss, across the way from `left` to `right`. Whether its loss is at most the top then.
   */
  lower(point: Float64Array, from: number, left: Float64Array, right: Float64Array): boolean {
    const { slope, direction, next, nextSlope, limits } = this
    let square = -0
    for (let i = 0; i < point.length; i++) {
      const difference = right[i]! - left[i]!
      square += difference * difference
    }
    this.across = { left, right, square }
    this.pairs = []
    let loss = from
    this.slopeAt(point, slope)
    for (let step = 0; step < mostStepsOfPoint && this.steps < this.landscape.effort; step++) {
      this.steps++
      const steepness = dot(slope, slope)
      const missing = loss - limits.goal
      // By such a slope no place within reach is low enough. So it is too where loss or slope is not finite.
      if (!(missing * missing <= 16 * steepness * limits.square)) break
      this.aim(missing / steepness)
      const gain = dot(direction, slope)
      const taken = gain > 0 ? this.tryStep(point, loss, gain) : null
      if (taken === null) {
        // Curvature learnt elsewhere may mislead: begin again from the slope alone.
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

  /** The gradient without its part along the way. */
  private slopeAt(point: Float64Array, into: Float64Array): void {
    const { left, right, square } = this.across!
    this.landscape.gradient(point, into)
    let along = -0
    for (let i = 0; i < into.length; i++) along += into[i]! * (right[i]! - left[i]!)
    const share = along / square
    for (let i = 0; i < into.length; i++) into[i] = into[i]! - share * (right[i]! - left[i]!)
  }

  /**
   * Into `direction`, minus the step that slope and curvature suggest; without any known curvature `size` times the
   * slope.
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

  /** Into `next`, the first of shorter and shorter steps that gains enough, and its loss; null: none does. */
  private tryStep(point: Float64Array, loss: number, gain: number): number | null {
    const { direction, next, across, landscape } = this
    const square = dot(direction, direction)
    const longest = longestStep * longestStep * across!.square
    let size = square > longest ? elementary.sqrt(longest / square) : 1
    for (let halvings = 0; halvings < mostHalvings; halvings++) {
      for (let i = 0; i < next.length; i++) next[i] = point[i]! - size * direction[i]!
      const lower = landscape.loss(next)
      if (lower <= loss - leastGain * size * gain) return lower
      size /= 2
    }
    return null
  }

  /** Keeps what the step from `point` to `next` says of the curvature, where it is positive. */
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

function dot(a: Float64Array, b: Float64Array): number {
  let sum = -0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
