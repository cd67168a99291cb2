import type { Interval } from '../interval/interval.ts'
import { precision } from './law.ts'
import type { CertificateMesh } from './lineMesh.ts'
import type { LineMap, LineMove } from './lineMove.ts'

/**
 * Bounds on a sum of terms of both signs are widened by this share of the sum of the absolute values, to cover rounding
 * errors.
 */
const roundedSum = 1e-12

/** At an end of a piece, the function jumps between its value in the adjacent gap and its value at the node. */
interface End {
  readonly node: number
  readonly gap: 0 | 1
  readonly isFirst: boolean
}

/**
 * A cell of the source mesh, with bounds at the target nodes that a step from the cell can reach. `first` is the index
 * of the first of these nodes.
 */
interface CellOf {
  readonly width: number
  readonly slope: Interval
  readonly bend: Interval
  readonly first: number
  /** The extremes of the density at each of these nodes, over all points of the source cell. */
  readonly least: Float64Array
  readonly most: Float64Array
  /** For each of these nodes: the extremes of the probability that a step lands in the target cell after the node. */
  readonly leastMass: Float64Array
  readonly mostMass: Float64Array
  readonly ends: readonly { readonly density: Interval; readonly slope: Interval }[]
}

/**
 * For each cell of the source mesh, bounds how far x -> q(m(x)) may lie above its chord. Here m is the map of the move,
 * s is the scale of the move, and q(y) = E V(y + s xi). V is linear between the nodes of the target mesh. Let k_i be
 * the kinks of V at its nodes t_i, J_e its jumps at the ends of pieces, f the density of xi and z = (t - y) / s. Then
 *
 *     q'(y) = sum over cells of the target mesh of slope times probability + sum J_e f(z_e) / s,
 *     q''(y) = sum k_i f(z_i) / s - sum J_e f'(z_e) / s^2.
 */
export class Curvatures {
  private readonly ends: readonly End[]
  private readonly cells: readonly (CellOf | null)[]

  constructor(
    source: CertificateMesh,
    private readonly target: CertificateMesh,
    private readonly move: LineMove,
  ) {
    this.ends = target.pieces.flatMap(({ first, count }, p) => [
      { node: first, gap: target.gaps[p]!, isFirst: true },
      { node: first + count - 1, gap: target.gaps[p + 1]!, isFirst: false },
    ])
    const last = new Set(source.pieces.map(({ first, count }) => first + count - 1))
    this.cells = Array.from(source.nodes.subarray(0, -1), (x, j) =>
      last.has(j) ? null : this.cellOf([x, source.nodes[j + 1]!]),
    )
  }

  private cellOf(cell: Interval): CellOf {
    const { target, move, ends } = this
    const { nodes } = target
    const { map, scale, law } = move
    const image = imageOf(map, cell)
    const count = nodes.length
    let first = 0
    while (first + 1 < count && (nodes[first + 1]! - image[0]) / scale < -law.reach - margin) first++
    let end = count
    while (end > first && (nodes[end - 1]! - image[1]) / scale > law.reach + margin) end--
    const size = end - first
    const [least, most] = [new Float64Array(size), new Float64Array(size)]
    const [leastMass, mostMass] = [new Float64Array(size), new Float64Array(size)]
    // The density falls with |z|, so its extremes over a range are at the ends of the range or at 0.
    const [lower, upper] = [1 - precision, 1 + precision]
    const peak = law.density(0)
    const low = (i: number) => below((nodes[i]! - image[1]) / scale)
    const high = (i: number) => above((nodes[i]! - image[0]) / scale)
    const atLow = Float64Array.from({ length: size }, (_, k) => law.density(low(first + k)))
    const atHigh = Float64Array.from({ length: size + 1 }, (_, k) =>
      first + k < count ? law.density(high(first + k)) : 0,
    )
    for (let k = 0; k < size; k++) {
      const i = first + k
      const [one, other] = [atLow[k]!, atHigh[k]!]
      least[k] = Math.min(one, other) * lower
      most[k] = (low(i) <= 0 && high(i) >= 0 ? peak : Math.max(one, other)) * upper
      if (i + 1 === count) continue
      const next = atHigh[k + 1]!
      const length = (nodes[i + 1]! - nodes[i]!) / scale
      leastMass[k] = Math.min(one, next) * length * lower
      mostMass[k] = (low(i) <= 0 && high(i + 1) >= 0 ? peak : Math.max(one, next)) * length * upper
    }
    const densityAt = (i: number): Interval => {
      const [one, other] = [law.density(low(i)), law.density(high(i))]
      const isAround = low(i) <= 0 && high(i) >= 0
      return [Math.min(one, other) * lower, (isAround ? peak : Math.max(one, other)) * upper]
    }
    return {
      width: cell[1] - cell[0],
      slope: map.slope(cell),
      bend: map.bend(cell),
      first,
      least,
      most,
      leastMass,
      mostMass,
      ends: ends.map(({ node }) => ({
        density: densityAt(node),
        slope: law.slope([low(node), high(node)]),
      })),
    }
  }

  /** Returns one bound for each source cell: 0 for a cell between two pieces, Infinity if no bound was found. */
  lifts(values: Float64Array): Float64Array {
    const shape = this.shapeOf(values)
    return Float64Array.from([...this.cells, null], (cell) => (cell === null ? 0 : this.lift(cell, shape)))
  }

  private shapeOf(values: Float64Array): ShapeOf {
    const { nodes, pieces } = this.target
    const { law } = this.move
    const size = nodes.length
    const [up, down] = [new Float64Array(size), new Float64Array(size)]
    const [rising, falling] = [new Float64Array(size), new Float64Array(size)]
    let [allKinks, steepest] = [0, 0]
    for (const { first, count } of pieces) {
      let before = 0
      for (let i = first; i < first + count; i++) {
        const slope = i + 1 < first + count ? (values[i + 1]! - values[i]!) / (nodes[i + 1]! - nodes[i]!) : 0
        const kink = slope - before
        up[i] = Math.max(0, kink)
        down[i] = Math.max(0, -kink)
        rising[i] = Math.max(0, slope)
        falling[i] = Math.max(0, -slope)
        allKinks += Math.abs(kink)
        steepest = Math.max(steepest, Math.abs(slope))
        before = slope
      }
    }
    const hasEnd = law.reach < Number.POSITIVE_INFINITY
    return {
      up,
      down,
      rising,
      falling,
      jumps: this.ends.map(({ node, gap, isFirst }) => (isFirst ? values[node]! - gap : gap - values[node]!)),
      farKinks: hasEnd ? allKinks * law.density(law.reach) * (1 + precision) : 0,
      farSlopes: hasEnd ? 2 * steepest * law.mass(law.reach, Number.POSITIVE_INFINITY, 0) : 0,
    }
  }

  private lift(cell: CellOf, shape: ShapeOf): number {
    const { scale } = this.move
    const { first, least, most, leastMass, mostMass, width } = cell
    const { up, down, rising, falling } = shape
    let [low, high, fall, rise] = [0, 0, 0, 0]
    let [lowSlope, highSlope, fallSlope, riseSlope] = [0, 0, 0, 0]
    for (let k = 0; k < least.length; k++) {
      const i = first + k
      low += up[i]! * least[k]!
      high += up[i]! * most[k]!
      fall += down[i]! * most[k]!
      rise += down[i]! * least[k]!
      lowSlope += rising[i]! * leastMass[k]!
      highSlope += rising[i]! * mostMass[k]!
      fallSlope += falling[i]! * mostMass[k]!
      riseSlope += falling[i]! * leastMass[k]!
    }
    const off = roundedSum * (high + fall) + shape.farKinks
    const offSlope = roundedSum * (highSlope + fallSlope) + shape.farSlopes
    let second: Interval = [(low - fall - off) / scale, (high - rise + off) / scale]
    let slope: Interval = [lowSlope - fallSlope - offSlope, highSlope - riseSlope + offSlope]
    shape.jumps.forEach((jump, e) => {
      const { density, slope: steep } = cell.ends[e]!
      const bent = scaled(steep, -jump / (scale * scale))
      second = [second[0] + bent[0], second[1] + bent[1]]
      const more = scaled(density, jump / scale)
      slope = [slope[0] + more[0], slope[1] + more[1]]
    })
    const chord = 0.25 * width * spreadOf(slope, cell.slope)
    const bent = 0.125 * width * width * Math.max(0, -bentBelow(second, slope, cell))
    const lift = Number.isNaN(bent) ? chord : Math.min(chord, bent)
    return Number.isNaN(lift) ? Number.POSITIVE_INFINITY : lift
  }
}

interface ShapeOf {
  /** By how much the slope rises at each node (`up`), and by how much it falls there (`down`). */
  readonly up: Float64Array
  readonly down: Float64Array
  /** The positive part (`rising`) and the negative part (`falling`) of the slope in the cell after each node. */
  readonly rising: Float64Array
  readonly falling: Float64Array
  readonly jumps: readonly number[]
  /** The most that kinks and slopes beyond the reach of the distribution can add to the sums in q'' and q'. */
  readonly farKinks: number
  readonly farSlopes: number
}

const scaled = ([low, high]: Interval, by: number): Interval =>
  by === 0 ? [0, 0] : by > 0 ? [low * by, high * by] : [high * by, low * by]

const rounding = 4e-16
const below = (z: number): number => z - rounding * Math.abs(z)
const above = (z: number): number => z + rounding * Math.abs(z)
/** Nodes up to this many scales beyond the reach of the distribution are also examined. */
const margin = 1e-6

/** If the slope of the map does not change sign in the cell, the extremes of the map are at the ends of the cell. */
function imageOf(map: LineMap, cell: Interval): Interval {
  const [low, high] = map.slope(cell)
  if (!(low >= 0 || high <= 0)) return map.value(cell)
  const [one, other] = [map.value([cell[0], cell[0]]), map.value([cell[1], cell[1]])]
  return [Math.min(one[0], other[0]), Math.max(one[1], other[1])]
}

/** Returns the width of the range of q'(m(x)) m'(x). */
function spreadOf([low, high]: Interval, [least, most]: Interval): number {
  const corners = [low * least, low * most, high * least, high * most]
  return (Math.max(...corners) - Math.min(...corners)) * (1 + 1e-14)
}

/** Returns a lower bound on q''(m) m'^2 + q'(m) m''. */
function bentBelow(second: Interval, first: Interval, { slope, bend }: Pick<CellOf, 'slope' | 'bend'>): number {
  const [least, most] = slope
  const small = least <= 0 && most >= 0 ? 0 : Math.min(least * least, most * most)
  const one = second[0] * (second[0] < 0 ? Math.max(least * least, most * most) : small)
  const isFlat = bend[0] === 0 && bend[1] === 0
  const other = isFlat ? 0 : Math.min(first[0] * bend[0], first[0] * bend[1], first[1] * bend[0], first[1] * bend[1])
  return one + other - 1e-13 * (Math.abs(one) + Math.abs(other))
}
