import type { Interval } from '../interval/interval.ts'
import { type Axis, type AxisRange, axisRange, cellAt, densityOver, type Mesh, type PlaneGrid } from './axis.ts'
import { precision } from './law.ts'

// A step maps a function V on a mesh to q(y) = E V(y + s xi), and the map m of the step gives x -> q(m(x)). Between
// the nodes of x, this function lies above its interpolation by at most a lift, which follows from bounds on the
// derivatives of q and m. Each derivative of q is a sum over all kinks, slopes or mixed derivatives of V, each
// multiplied by one weight per axis. With the density f of xi and z_i = (t_i - y) / s, the weight of a node t_i is the
// density f(z_i) / s, the mean of its hat function, or the mass of the cell after it.

/**
 * Bounds on a sum of terms of both signs are widened by this share of the sum of the absolute values, to cover rounding
 * errors.
 */
const roundedSum = 1e-12

/** Bounds on the sum of the positive terms, and on the sum of the absolute values of the negative terms. */
type SignedSums = readonly [plusLeast: number, plusMost: number, minusLeast: number, minusMost: number]

/** Sums the terms from index `at` on, each multiplied by a weight between `least` and `most`. */
function signedSums(terms: Float64Array, at: number, least: Float64Array, most: Float64Array): SignedSums {
  let [plusLeast, plusMost, minusLeast, minusMost] = [0, 0, 0, 0]
  for (let k = 0; k < least.length; k++) {
    const term = terms[at + k]!
    if (term >= 0) {
      plusLeast += term * least[k]!
      plusMost += term * most[k]!
    } else {
      minusLeast -= term * least[k]!
      minusMost -= term * most[k]!
    }
  }
  return [plusLeast, plusMost, minusLeast, minusMost]
}

/** `far` is what terms beyond the reach of a step can add. */
function widened([plusLeast, plusMost, minusLeast, minusMost]: SignedSums, far: number): Interval {
  const off = roundedSum * (plusMost + minusMost) + far
  return [plusLeast - minusMost - off, plusMost - minusLeast + off]
}

/** A lower bound on a sum, from lower bounds on its parts. */
function leastSum(parts: readonly number[]): number {
  const sum = parts.reduce((all, part) => all + part)
  return sum - roundedSum * parts.reduce((all, part) => all + Math.abs(part), 0)
}

function leastTimesSquare(low: number, [least, most]: Interval): number {
  const large = Math.max(least * least, most * most)
  const small = least <= 0 && most >= 0 ? 0 : Math.min(least * least, most * most)
  return low < 0 ? low * large : low * small
}

const cornersOf = (a: Interval, b: Interval) => [a[0] * b[0], a[0] * b[1], a[1] * b[0], a[1] * b[1]]

function leastProduct(a: Interval, b: Interval): number {
  return b[0] === 0 && b[1] === 0 ? 0 : Math.min(...cornersOf(a, b))
}

function leastProductOf3(a: Interval, b: Interval, c: Interval): number {
  const corners = cornersOf(b, c)
  return leastProduct(a, [Math.min(...corners), Math.max(...corners)])
}

/** Bounds on the noise-free step m(x) = x - eta L'(x) over an interval. */
export interface LineMap {
  value(at: Interval): Interval
  slope(at: Interval): Interval
  /** Bounds on the second derivative of m; unbounded where the gradient has a kink. */
  bend(at: Interval): Interval
}

interface LineCell {
  readonly width: number
  readonly slope: Interval
  readonly bend: Interval
  /** The bounds at the target nodes that a step from the cell can reach. */
  readonly range: AxisRange
  readonly ends: readonly { readonly density: Interval; readonly slope: Interval }[]
}

/**
 * The lifts of a step on a line. Let k_i be the kinks of V at its nodes t_i, and J_e its jumps at the ends of pieces.
 * Then
 *
 *     q'(y) = sum over cells of the target mesh of slope times probability + sum J_e f(z_e) / s,
 *     q''(y) = sum k_i f(z_i) / s - sum J_e f'(z_e) / s^2.
 */
export class LineCurvatures {
  private readonly cells: readonly (LineCell | null)[]

  constructor(
    source: Mesh,
    private readonly target: Axis,
    map: LineMap,
  ) {
    const last = new Set(source.pieces.map(({ first, count }) => first + count - 1))
    this.cells = Array.from(source.nodes.subarray(0, -1), (x, j) =>
      last.has(j) ? null : this.cellOf(map, [x, source.nodes[j + 1]!]),
    )
  }

  private cellOf(map: LineMap, cell: Interval): LineCell {
    const { target } = this
    const { nodes, pieces } = target.mesh
    const image = imageOf(map, cell)
    const ends = pieces.flatMap(({ first, count }) => [nodes[first]!, nodes[first + count - 1]!])
    return {
      width: cell[1] - cell[0],
      slope: map.slope(cell),
      bend: map.bend(cell),
      range: axisRange(target, image, 1),
      ends: ends.map((end) => {
        const { z, density } = densityOver(target, end, image)
        return { density, slope: target.law.slope(z) }
      }),
    }
  }

  /** Returns one bound for each source cell: 0 for a cell between two pieces, Infinity if no bound was found. */
  lifts(values: Float64Array): Float64Array {
    const shape = this.shapeOf(values)
    return Float64Array.from([...this.cells, null], (cell) => (cell === null ? 0 : this.lift(cell, shape)))
  }

  private shapeOf(values: Float64Array): LineShape {
    const { mesh, law, reach } = this.target
    const { nodes, pieces, gaps } = mesh
    const [kinks, slopes] = [new Float64Array(nodes.length), new Float64Array(nodes.length)]
    let [allKinks, steepest] = [0, 0]
    for (const { first, count } of pieces) {
      let before = 0
      for (let i = first; i < first + count; i++) {
        const slope = i + 1 < first + count ? (values[i + 1]! - values[i]!) / (nodes[i + 1]! - nodes[i]!) : 0
        kinks[i] = slope - before
        slopes[i] = slope
        allKinks += Math.abs(slope - before)
        steepest = Math.max(steepest, Math.abs(slope))
        before = slope
      }
    }
    const hasEnd = reach < Number.POSITIVE_INFINITY
    return {
      kinks,
      slopes,
      jumps: pieces.flatMap(({ first, count }, p) => [
        values[first]! - gaps[p]!,
        gaps[p + 1]! - values[first + count - 1]!,
      ]),
      farKinks: hasEnd ? allKinks * law.density(reach) * (1 + precision) : 0,
      farSlopes: hasEnd ? 2 * steepest * law.mass(reach, Number.POSITIVE_INFINITY, 0) : 0,
    }
  }

  private lift({ range, width, slope: steep, bend, ends }: LineCell, shape: LineShape): number {
    const { scale } = this.target
    const { first, leastDensity, mostDensity, leastMass, mostMass } = range
    const kinks = widened(signedSums(shape.kinks, first, leastDensity, mostDensity), shape.farKinks)
    let second: Interval = [kinks[0] / scale, kinks[1] / scale]
    let slope = widened(signedSums(shape.slopes, first, leastMass, mostMass), shape.farSlopes)
    shape.jumps.forEach((jump, e) => {
      second = sumOf(second, scaled(ends[e]!.slope, -jump / (scale * scale)))
      slope = sumOf(slope, scaled(ends[e]!.density, jump / scale))
    })
    const corners = cornersOf(slope, steep)
    const chord = 0.25 * width * (Math.max(...corners) - Math.min(...corners)) * (1 + 1e-14)
    const bent = leastSum([leastTimesSquare(second[0], steep), leastProduct(slope, bend)])
    const lift = 0.125 * width * width * Math.max(0, -bent)
    const least = Number.isNaN(lift) ? chord : Math.min(chord, lift)
    return Number.isNaN(least) ? Number.POSITIVE_INFINITY : least
  }
}

interface LineShape {
  /** For each node, by how much the slope of V rises at the node, and the slope in the cell after the node. */
  readonly kinks: Float64Array
  readonly slopes: Float64Array
  /** At an end of a piece, V jumps between its value in the adjacent gap and its value at the node. */
  readonly jumps: readonly number[]
  /** The most that kinks and slopes beyond the reach of the distribution can add to the sums in q'' and q'. */
  readonly farKinks: number
  readonly farSlopes: number
}

const sumOf = (a: Interval, b: Interval): Interval => [a[0] + b[0], a[1] + b[1]]

const scaled = ([low, high]: Interval, by: number): Interval =>
  by === 0 ? [0, 0] : by > 0 ? [low * by, high * by] : [high * by, low * by]

/** If the slope of the map does not change sign in the cell, the extremes of the map are at the ends of the cell. */
function imageOf(map: LineMap, cell: Interval): Interval {
  const [low, high] = map.slope(cell)
  if (!(low >= 0 || high <= 0)) return map.value(cell)
  return joined(map.value([cell[0], cell[0]]), map.value([cell[1], cell[1]]))
}

const joined = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
/** Bounds on the noise-free step m = (m1, m2) and on the derivatives of m. They hold for all points of one cell. */
export interface PlaneSlopes {
  /** m1_1, m1_2, m2_1, m2_2, where m_a_b is the derivative of m_a with respect to coordinate b. */
  readonly first: readonly [Interval, Interval, Interval, Interval]
  /** m1_11, m1_22, m2_11, m2_22. */
  readonly second: readonly [Interval, Interval, Interval, Interval]
  readonly image: readonly [Interval, Interval]
}

/**
 * The lifts of a step in a plane, for V that is bilinear in the cells of a grid and 1 outside the grid. The lift of a
 * cell with sides h1 and h2 is h1^2 C1 / 8 + h2^2 C2 / 8 if the second derivative of q(m(x)) along coordinate b is at
 * least -C_b. For example, q_11(y) = sum_ij k_ij (f(z_i) / s) w_j(y2), where k_ij is the kink along axis 1 at node
 * (i, j), and w_j(y2) is the mean of the hat function of node j at y2 + s xi2.
 *
 * If x is in a cell, m(x) is in a known box (`image`). The sums over axis 2 are bounded once for each block, the
 * interval between two neighbouring nodes of the second axis. A cell uses the worst bound among the blocks that its box
 * intersects.
 */
export class PlaneCurvatures {
  private readonly blocks: readonly AxisRange[]
  private readonly derivatives: Readonly<Record<'q11' | 'q22' | 'q12' | 'q1' | 'q2', Float64Array>>
  private readonly far: number

  constructor(
    private readonly grid: PlaneGrid,
    private readonly axes: readonly [Axis, Axis],
    values: Float64Array,
  ) {
    const [, second] = axes
    const y = grid.nodes[1]
    this.blocks = Array.from({ length: y.length - 1 }, (_, b) => axisRange(second, [y[b]!, y[b + 1]!], 2))
    const shape = planeShape(grid, values)
    this.derivatives = {
      q11: this.halfOf(shape.kinks1, 'leastHat', 'mostHat'),
      q22: this.halfOf(shape.kinks2, 'leastDensity', 'mostDensity'),
      q12: this.halfOf(shape.twists, 'leastMass', 'mostMass'),
      q1: this.halfOf(shape.slopes1, 'leastHat', 'mostHat'),
      q2: this.halfOf(shape.slopes2, 'leastMass', 'mostMass'),
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

  /** The four sums over the second axis, for each block (row) and each node of the first axis (column). */
  private halfOf(terms: Float64Array, least: Weight, most: Weight): Float64Array {
    const [wide, high] = [this.grid.nodes[0].length, this.grid.nodes[1].length]
    const half = new Float64Array(4 * this.blocks.length * wide)
    this.blocks.forEach((block, b) => {
      for (let i = 0; i < wide; i++)
        half.set(signedSums(terms, i * high + block.first, block[least], block[most]), 4 * (b * wide + i))
    })
    return half
  }

  lift({ first, second, image }: PlaneSlopes, sides: readonly [number, number]): number {
    const [mean1, mean2] = image
    const y = this.grid.nodes[1]
    const range = axisRange(this.axes[0], mean1, 2)
    const from = cellAt(y, mean2[0])
    const to = cellAt(y, mean2[1])
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
    const bentBelow = (m1: Interval, m2: Interval, c1: Interval, c2: Interval): number =>
      leastSum([
        leastTimesSquare(low11, m1),
        leastTimesSquare(low22, m2),
        2 * leastProductOf3(q12, m1, m2),
        leastProduct(q1, c1),
        leastProduct(q2, c2),
      ])
    const across = 0.125 * sides[0] ** 2 * Math.max(0, -bentBelow(m11, m21, b11, b21))
    const along = 0.125 * sides[1] ** 2 * Math.max(0, -bentBelow(m12, m22, b12, b22))
    const lift = (across + along) * (1 + precision)
    return Number.isNaN(lift) ? Number.POSITIVE_INFINITY : lift
  }

  private sum(half: Float64Array, b: number, range: AxisRange, least: Float64Array, most: Float64Array): Interval {
    const wide = this.grid.nodes[0].length
    let [plusLeast, plusMost, minusLeast, minusMost] = [0, 0, 0, 0]
    for (let k = 0, at = 4 * (b * wide + range.first); k < range.size; k++, at += 4) {
      plusLeast += half[at]! * least[k]!
      plusMost += half[at + 1]! * most[k]!
      minusLeast += half[at + 2]! * least[k]!
      minusMost += half[at + 3]! * most[k]!
    }
    return widened([plusLeast, plusMost, minusLeast, minusMost], this.far)
  }
}

type Weight = Exclude<keyof AxisRange, 'first' | 'size'>

/**
 * `kinks`, for each node: by how much the slope along an axis rises at the node. `twists`, for each cell, at the index
 * of its first node: the mixed second derivative in the cell. `slopes`, for each side of a cell, at the index of its
 * first node: the slope along the side.
 */
function planeShape({ nodes }: PlaneGrid, values: Float64Array) {
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
