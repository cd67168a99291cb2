import type { Interval } from '../interval/interval.ts'
import { type Axis, type AxisRange, axisRange } from './axis.ts'
import { precision } from './law.ts'
import type { PlaneGrid } from './planeGrid.ts'

/** Bounds on the noise-free step m = (m1, m2) and on the derivatives of m. They hold for all points of one cell. */
export interface PlaneSlopes {
  /** m1_1, m1_2, m2_1, m2_2, where m_a_b is the derivative of m_a with respect to coordinate b. */
  readonly first: readonly [Interval, Interval, Interval, Interval]
  /** m1_11, m1_22, m2_11, m2_22. */
  readonly second: readonly [Interval, Interval, Interval, Interval]
  readonly image: readonly [Interval, Interval]
}

/**
 * Bounds on a sum of terms of both signs are widened by this share of the sum of the absolute values, to cover rounding
 * errors.
 */
const roundedSum = 1e-12

/**
 * Bounds on the sums over the second axis that occur in one derivative of q. A bound holds for all y2 in a block, the
 * interval between two neighbouring nodes of the second axis. `plus..` are bounds on the sum of the positive terms;
 * `minus..` are bounds on the sum of the absolute values of the negative terms.
 */
interface Half {
  /** One row for each block, one column for each node of the first axis. */
  readonly plusLeast: Float64Array
  readonly plusMost: Float64Array
  readonly minusLeast: Float64Array
  readonly minusMost: Float64Array
}

/**
 * Bounds how far x -> q(m(x)) lies above its bilinear interpolation in each cell. Here q(y) = E V(y + s xi), and V is
 * bilinear in the cells of a grid and 1 outside the grid. The bound is h1^2 C1 / 8 + h2^2 C2 / 8 for a cell with sides
 * h1 and h2 in which the second derivative of q(m(x)) along coordinate b is at least -C_b.
 *
 * Each derivative of q is a sum over all kinks, slopes or mixed derivatives of V, each multiplied by one weight per
 * axis. For example, q_11(y) = sum_ij k_ij (f(z_i) / s) w_j(y2), where k_ij is the kink along axis 1 at node (i, j).
 * f(z_i) / s is the density of y1 + s xi1 at node i, and w_j(y2) is the mean of the hat function of node j at
 * y2 + s xi2.
 *
 * If x is in a cell, m(x) is in a known box (`image`). The sums over axis 2 are bounded once for each block (see
 * `Half`). A cell uses the worst bound among the blocks that its box intersects.
 */
export class PlaneCurvatures {
  private readonly blocks: readonly AxisRange[]
  private readonly derivatives: Readonly<Record<'q11' | 'q22' | 'q12' | 'q1' | 'q2', Half>>
  private readonly far: number

  constructor(
    private readonly grid: PlaneGrid,
    private readonly axes: readonly [Axis, Axis],
    values: Float64Array,
  ) {
    const [, second] = axes
    const y = grid.nodes[1]
    this.blocks = Array.from({ length: y.length - 1 }, (_, b) => axisRange(second, [y[b]!, y[b + 1]!]))
    const shape = shapeOf(grid, values)
    const half = (terms: Float64Array, least: keyof AxisRange, most: keyof AxisRange) => this.halfOf(terms, least, most)
    this.derivatives = {
      q11: half(shape.kinks1, 'leastHat', 'mostHat'),
      q22: half(shape.kinks2, 'leastDensity', 'mostDensity'),
      q12: half(shape.twists, 'leastMass', 'mostMass'),
      q1: half(shape.slopes1, 'leastHat', 'mostHat'),
      q2: half(shape.slopes2, 'leastMass', 'mostMass'),
    }
    this.far = this.beyond(Object.values(shape))
  }

  /**
   * The sums leave out all nodes beyond the reach of a step. Bounds what these nodes would add to any one of the sums.
   * For this bound, each kink, slope or mixed derivative is replaced by the largest absolute value of all of them.
   * Along one axis, the weights of the hat functions add up to 1, as do the weights of the cells. The weights beyond
   * the reach add up to the tail probability. Beyond the reach, the density at each node is at most the density at the
   * reach.
   */
  private beyond(terms: readonly Float64Array[]): number {
    const [{ law, reach }] = this.axes
    if (reach === Number.POSITIVE_INFINITY) return 0
    const largest = terms.reduce((most, some) => some.reduce((one, term) => Math.max(one, Math.abs(term)), most), 0)
    const count = Math.max(...this.grid.nodes.map(({ length }) => length))
    const tail = 2 * law.mass(reach, Number.POSITIVE_INFINITY, 0)
    return 2 * largest * count * (law.density(reach) + tail)
  }

  private halfOf(terms: Float64Array, least: keyof AxisRange, most: keyof AxisRange): Half {
    const [wide, high] = [this.grid.nodes[0].length, this.grid.nodes[1].length]
    const made = () => new Float64Array(this.blocks.length * wide)
    const half = { plusLeast: made(), plusMost: made(), minusLeast: made(), minusMost: made() }
    this.blocks.forEach((block, b) => {
      const [low, up] = [block[least] as Float64Array, block[most] as Float64Array]
      for (let i = 0; i < wide; i++) {
        let [plusLeast, plusMost, minusLeast, minusMost] = [0, 0, 0, 0]
        for (let k = 0, at = i * high + block.first; k < block.size; k++, at++) {
          const term = terms[at]!
          if (term >= 0) {
            plusLeast += term * low[k]!
            plusMost += term * up[k]!
          } else {
            minusLeast -= term * low[k]!
            minusMost -= term * up[k]!
          }
        }
        half.plusLeast[b * wide + i] = plusLeast
        half.plusMost[b * wide + i] = plusMost
        half.minusLeast[b * wide + i] = minusLeast
        half.minusMost[b * wide + i] = minusMost
      }
    })
    return half
  }

  lift({ first, second, image }: PlaneSlopes, sides: readonly [number, number]): number {
    const [mean1, mean2] = image
    const y = this.grid.nodes[1]
    const range = axisRange(this.axes[0], mean1)
    const from = blockAt(y, mean2[0])
    const to = blockAt(y, mean2[1])
    // If m2 can be outside the grid, no block contains it, so there is no bound.
    const isInside = mean2[0] >= y[0]! && mean2[1] <= y.at(-1)!
    if (!isInside) return Number.POSITIVE_INFINITY
    let [low11, low22] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    let q12: Interval = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    let q1 = q12
    let q2 = q12
    const { scale } = this.axes[0]
    for (let b = from; b <= to; b++) {
      const { derivatives: d } = this
      low11 = Math.min(low11, this.sum(d.q11, b, range, range.leastDensity, range.mostDensity)[0] / scale)
      low22 = Math.min(low22, this.sum(d.q22, b, range, range.leastHat, range.mostHat)[0] / this.axes[1].scale)
      q12 = joined(q12, this.sum(d.q12, b, range, range.leastMass, range.mostMass))
      q1 = joined(q1, this.sum(d.q1, b, range, range.leastMass, range.mostMass))
      q2 = joined(q2, this.sum(d.q2, b, range, range.leastHat, range.mostHat))
    }
    const [m11, m12, m21, m22] = first
    const [b11, b12, b21, b22] = second
    const bentBelow = (m1: Interval, m2: Interval, c1: Interval, c2: Interval): number => {
      const parts = [
        leastTimesSquare(low11, m1),
        leastTimesSquare(low22, m2),
        2 * leastProductOf3(q12, m1, m2),
        leastProduct(q1, c1),
        leastProduct(q2, c2),
      ]
      const sum = parts.reduce((all, part) => all + part)
      return sum - roundedSum * parts.reduce((all, part) => all + Math.abs(part), 0)
    }
    const across = 0.125 * sides[0] ** 2 * Math.max(0, -bentBelow(m11, m21, b11, b21))
    const along = 0.125 * sides[1] ** 2 * Math.max(0, -bentBelow(m12, m22, b12, b22))
    const lift = (across + along) * (1 + precision)
    return Number.isNaN(lift) ? Number.POSITIVE_INFINITY : lift
  }

  private sum(half: Half, b: number, range: AxisRange, least: Float64Array, most: Float64Array): Interval {
    const wide = this.grid.nodes[0].length
    const { plusLeast, plusMost, minusLeast, minusMost } = half
    let [low, high, fall, rise] = [0, 0, 0, 0]
    for (let k = 0, at = b * wide + range.first; k < range.size; k++, at++) {
      low += plusLeast[at]! * least[k]!
      high += plusMost[at]! * most[k]!
      fall += minusMost[at]! * most[k]!
      rise += minusLeast[at]! * least[k]!
    }
    const off = roundedSum * (high + fall) + this.far
    return [low - fall - off, high - rise + off]
  }
}

function blockAt(nodes: Float64Array, x: number): number {
  let [low, high] = [0, nodes.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (nodes[middle]! <= x) low = middle
    else high = middle
  }
  return low
}

interface Shape {
  /** For each node: by how much the slope along the axis rises at the node. */
  readonly kinks1: Float64Array
  readonly kinks2: Float64Array
  /** For each cell, at the index of its first node: the mixed second derivative in the cell. */
  readonly twists: Float64Array
  /** For each side of a cell, at the index of its first node: the slope along the side. */
  readonly slopes1: Float64Array
  readonly slopes2: Float64Array
}

function shapeOf({ nodes }: PlaneGrid, values: Float64Array): Shape {
  const [x, y] = nodes
  const [wide, high] = [x.length, y.length]
  const made = () => new Float64Array(wide * high)
  const shape = { kinks1: made(), kinks2: made(), twists: made(), slopes1: made(), slopes2: made() }
  const { kinks1, kinks2, twists, slopes1, slopes2 } = shape
  for (let i = 0, at = 0; i < wide; i++)
    for (let j = 0; j < high; j++, at++) {
      if (i + 1 < wide) slopes1[at] = (values[at + high]! - values[at]!) / (x[i + 1]! - x[i]!)
      if (j + 1 < high) slopes2[at] = (values[at + 1]! - values[at]!) / (y[j + 1]! - y[j]!)
    }
  for (let i = 0, at = 0; i < wide; i++)
    for (let j = 0; j < high; j++, at++) {
      kinks1[at] = slopes1[at]! - (i > 0 ? slopes1[at - high]! : 0)
      kinks2[at] = slopes2[at]! - (j > 0 ? slopes2[at - 1]! : 0)
      if (i + 1 < wide && j + 1 < high) twists[at] = (slopes2[at + high]! - slopes2[at]!) / (x[i + 1]! - x[i]!)
    }
  return shape
}

const joined = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]

function leastTimesSquare(low: number, [least, most]: Interval): number {
  const large = Math.max(least * least, most * most)
  const small = least <= 0 && most >= 0 ? 0 : Math.min(least * least, most * most)
  return low < 0 ? low * large : low * small
}

function leastProduct(a: Interval, b: Interval): number {
  if (b[0] === 0 && b[1] === 0) return 0
  return Math.min(a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1])
}

function leastProductOf3(a: Interval, b: Interval, c: Interval): number {
  const corners = [b[0] * c[0], b[0] * c[1], b[1] * c[0], b[1] * c[1]]
  return leastProduct(a, [Math.min(...corners), Math.max(...corners)])
}
