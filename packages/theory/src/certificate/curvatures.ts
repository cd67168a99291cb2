import { cellAt } from '../bisect.ts'
import { hull, type Interval } from '../interval/interval.ts'
import {
  type Axis,
  type AxisRange,
  axisRange,
  densityOver,
  type Mesh,
  type PlaneGrid,
  type WeightBounds,
} from './axis.ts'
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
function signedSums(terms: Float64Array, at: number, { least, most }: WeightBounds): SignedSums {
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

/**
 * The lifts of a step on a line, one for each source cell: 0 for a cell between two pieces, Infinity if no bound was
 * found. Let k_i be the kinks of V at its nodes t_i, and J_e its jumps at the ends of pieces. Then
 *
 *     q'(y) = sum over cells of the target mesh of slope times probability + sum J_e f(z_e) / s,
 *     q''(y) = sum k_i f(z_i) / s - sum J_e f'(z_e) / s^2.
 */
export function lineLifts(source: Mesh, target: Axis, map: LineMap): (values: Float64Array) => Float64Array {
  const last = new Set(source.pieces.map(({ first, count }) => first + count - 1))
  const cells = Array.from(source.nodes.subarray(0, -1), (x, j) =>
    last.has(j) ? null : lineCell(target, map, [x, source.nodes[j + 1]!]),
  )
  return (values) => {
    const shape = lineShape(target, values)
    return Float64Array.from([...cells, null], (cell) => (cell === null ? 0 : lineLift(cell, shape, target.scale)))
  }
}

function lineCell(target: Axis, map: LineMap, cell: Interval) {
  const { nodes, pieces } = target.mesh
  const image = imageOf(map, cell)
  const ends = pieces.flatMap(({ first, count }) => [nodes[first]!, nodes[first + count - 1]!])
  return {
    width: cell[1] - cell[0],
    slope: map.slope(cell),
    bend: map.bend(cell),
    /** The bounds at the target nodes that a step from the cell can reach. */
    range: axisRange(target, image, 1),
    ends: ends.map((end) => {
      const { z, density } = densityOver(target, end, image)
      return { density, slope: target.law.slope(z) }
    }),
  }
}

function lineShape({ mesh, law, reach }: Axis, values: Float64Array) {
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
    /** For each node, by how much the slope of V rises at the node, and the slope in the cell after the node. */
    kinks,
    slopes,
    /** At an end of a piece, V jumps between its value in the adjacent gap and its value at the node. */
    jumps: pieces.flatMap(({ first, count }, p) => [
      values[first]! - gaps[p]!,
      gaps[p + 1]! - values[first + count - 1]!,
    ]),
    /** The most that kinks and slopes beyond the reach of the distribution can add to the sums in q'' and q'. */
    farKinks: hasEnd ? allKinks * law.density(reach) * (1 + precision) : 0,
    farSlopes: hasEnd ? 2 * steepest * law.mass(reach, Number.POSITIVE_INFINITY, 0) : 0,
  }
}

function lineLift(
  { range, width, slope: steep, bend, ends }: ReturnType<typeof lineCell>,
  shape: ReturnType<typeof lineShape>,
  scale: number,
): number {
  const kinks = widened(signedSums(shape.kinks, range.first, range.density), shape.farKinks)
  let second: Interval = [kinks[0] / scale, kinks[1] / scale]
  let slope = widened(signedSums(shape.slopes, range.first, range.mass), shape.farSlopes)
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

const sumOf = (a: Interval, b: Interval): Interval => [a[0] + b[0], a[1] + b[1]]

const scaled = ([low, high]: Interval, by: number): Interval =>
  by === 0 ? [0, 0] : by > 0 ? [low * by, high * by] : [high * by, low * by]

/** If the slope of the map does not change sign in the cell, the extremes of the map are at the ends of the cell. */
function imageOf(map: LineMap, cell: Interval): Interval {
  const [low, high] = map.slope(cell)
  if (!(low >= 0 || high <= 0)) return map.value(cell)
  return hull(map.value([cell[0], cell[0]]), map.value([cell[1], cell[1]]))
}

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
export function planeLift(
  grid: PlaneGrid,
  axes: readonly [Axis, Axis],
  values: Float64Array,
): (slopes: PlaneSlopes, sides: readonly [number, number]) => number {
  const [along1, along2] = axes
  const [{ length: wide }, y] = grid.nodes
  const blocks = Array.from({ length: y.length - 1 }, (_, b) => axisRange(along2, [y[b]!, y[b + 1]!], 2))
  /** The four sums over the second axis, for each block (row) and each node of the first axis (column). */
  const halfOf = (terms: Float64Array, weight: 'density' | 'hat' | 'mass'): Float64Array => {
    const half = new Float64Array(4 * blocks.length * wide)
    blocks.forEach((block, b) => {
      for (let i = 0; i < wide; i++)
        half.set(signedSums(terms, i * y.length + block.first, block[weight]), 4 * (b * wide + i))
    })
    return half
  }
  const shape = planeShape(grid, values)
  const q11Half = halfOf(shape.kinks1, 'hat')
  const q22Half = halfOf(shape.kinks2, 'density')
  const q12Half = halfOf(shape.twists, 'mass')
  const q1Half = halfOf(shape.slopes1, 'hat')
  const q2Half = halfOf(shape.slopes2, 'mass')
  const far = beyond(along1, grid, Object.values(shape))
  const sum = (half: Float64Array, b: number, { first, size }: AxisRange, { least, most }: WeightBounds): Interval => {
    let [plusLeast, plusMost, minusLeast, minusMost] = [0, 0, 0, 0]
    for (let k = 0, at = 4 * (b * wide + first); k < size; k++, at += 4) {
      plusLeast += half[at]! * least[k]!
      plusMost += half[at + 1]! * most[k]!
      minusLeast += half[at + 2]! * least[k]!
      minusMost += half[at + 3]! * most[k]!
    }
    return widened([plusLeast, plusMost, minusLeast, minusMost], far)
  }
  return ({ first, second, image: [mean1, mean2] }, sides) => {
    const range = axisRange(along1, mean1, 2)
    // If m2 can be outside the grid, no block contains it, so there is no bound.
    const isInside = mean2[0] >= y[0]! && mean2[1] <= y.at(-1)!
    if (!isInside) return Number.POSITIVE_INFINITY
    let [low11, low22] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    let q12: Interval = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    let q1 = q12
    let q2 = q12
    for (let b = cellAt(y, mean2[0]); b <= cellAt(y, mean2[1]); b++) {
      low11 = Math.min(low11, sum(q11Half, b, range, range.density)[0] / along1.scale)
      low22 = Math.min(low22, sum(q22Half, b, range, range.hat)[0] / along2.scale)
      q12 = hull(q12, sum(q12Half, b, range, range.mass))
      q1 = hull(q1, sum(q1Half, b, range, range.mass))
      q2 = hull(q2, sum(q2Half, b, range, range.hat))
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
}

/**
 * The sums leave out all nodes beyond the reach of a step. Bounds what these nodes would add to any one of the sums.
 * For this bound, each kink, slope or mixed derivative is replaced by the largest absolute value of all of them. Along
 * one axis, the weights of the hat functions add up to 1, as do the weights of the cells. The weights beyond the reach
 * add up to the tail probability. Beyond the reach, the density at each node is at most the density at the reach.
 */
function beyond({ law, reach }: Axis, { nodes }: PlaneGrid, terms: readonly Float64Array[]): number {
  if (reach === Number.POSITIVE_INFINITY) return 0
  const largest = terms.reduce((most, some) => some.reduce((one, term) => Math.max(one, Math.abs(term)), most), 0)
  const count = Math.max(...nodes.map(({ length }) => length))
  const tail = 2 * law.mass(reach, Number.POSITIVE_INFINITY, 0)
  return 2 * largest * count * (law.density(reach) + tail)
}

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
