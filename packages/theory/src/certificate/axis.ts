import type { Box } from '../interval/box.ts'
import type { Interval } from '../interval/interval.ts'
import type { EventsOver, Stretch } from './escape.ts'
import { type CertifiedLaw, precision } from './law.ts'

export interface Piece {
  readonly first: number
  /** Number of nodes, at least two. */
  readonly count: number
}

/**
 * The nodes of one axis, in ascending order. Functions are linear between the neighbouring nodes of a piece and have
 * the value `gaps[p]` in the gap before piece p. The last entry of `gaps` is the value after the last piece. The value
 * is 1 where trials have escaped or are no longer followed, and 0 where trials have ended otherwise.
 */
export interface Mesh {
  readonly nodes: Float64Array
  readonly pieces: readonly Piece[]
  readonly gaps: readonly (0 | 1)[]
}

/**
 * Returns a mesh with nodes on each stretch, at most `spacing(x)` apart near x. Points of `also` that are inside a
 * stretch are nodes, too.
 */
export function meshOver(
  stretches: readonly Stretch[],
  spacing: (x: number) => number,
  also: readonly number[] = [],
): Mesh {
  const nodes: number[] = []
  const pieces: Piece[] = []
  for (const { range } of stretches) {
    const [from, to] = range
    const first = nodes.length
    const even = marched(from, to, spacing)
    const more = also.filter((x) => x > from && x < to)
    for (const x of [...even, ...more].sort((a, b) => a - b))
      if (nodes.length === first || x > nodes.at(-1)!) nodes.push(x)
    pieces.push({ first, count: nodes.length - first })
  }
  return { nodes: Float64Array.from(nodes), pieces, gaps: [...stretches.map(({ before }) => before), 1] }
}

/** A mesh of one piece, beyond which all trials have escaped. */
export function wholeMesh(nodes: Float64Array): Mesh {
  return { nodes, pieces: [{ first: 0, count: nodes.length }], gaps: [1, 1] }
}

function marched(from: number, to: number, spacing: (x: number) => number): number[] {
  const places = [0]
  for (let x = from; x < to; ) {
    const step = spacing(x)
    x += Math.min(step, spacing(x + step))
    places.push(x - from)
  }
  while (places.length <= minCells) places.push(places.at(-1)! + (to - from))
  const share = (to - from) / places.at(-1)!
  return places.map((place, k) => (k === places.length - 1 ? to : from + place * share))
}

const minCells = 2

/** One coordinate of a step, mean + scale xi, that lands on a mesh. */
export interface Axis {
  readonly mesh: Mesh
  readonly scale: number
  readonly law: CertifiedLaw
  /** Steps are followed up to this many scales. */
  readonly reach: number
}

export type AxisRow = ReturnType<typeof axisRow>

/** An upper bound on the relative rounding error of a difference of two doubles. */
const rounding = 4e-16

/**
 * For a function V on the mesh, E V(mean + scale xi) is a weighted sum of the values at the nodes, apart from steps
 * that land elsewhere. Returns upper bounds on the weights. `off` is the probability that the step lands in a gap where
 * the value is 1, and `beyond` the probability that |xi| exceeds the reach. For a step beyond the reach, V is replaced
 * by its largest value.
 */
export function axisRow({ mesh, scale, law, reach }: Axis, mean: Interval) {
  const { nodes, pieces, gaps } = mesh
  const center = 0.5 * (mean[0] + mean[1])
  const shift = ((mean[1] - mean[0]) / scale) * 0.5 + (Math.abs(center) / scale) * rounding
  // If the mean is unbounded, nothing is known about where the step lands.
  if (!(shift < Number.POSITIVE_INFINITY)) return { first: 0, weights: new Float64Array(0), off: 1, beyond: 1 }
  const z = (i: number): number => (nodes[i]! - center) / scale
  const all = new Float64Array(nodes.length)
  let off = 0
  let from = Number.NEGATIVE_INFINITY
  pieces.forEach(({ first, count }, p) => {
    if (gaps[p] === 1) off += law.mass(from, z(first), shift)
    for (let i = first; i + 1 < first + count; i++) {
      const [low, high] = [z(i), z(i + 1)]
      if (low - shift > reach || high + shift < -reach) continue
      const { falling, rising } = law.hats(low, high, shift)
      all[i]! += falling
      all[i + 1]! += rising
    }
    from = z(first + count - 1)
  })
  if (gaps[pieces.length] === 1) off += law.mass(from, Number.POSITIVE_INFINITY, shift)
  const beyond = reach === Number.POSITIVE_INFINITY ? 0 : 2 * law.mass(reach - shift, Number.POSITIVE_INFINITY, shift)
  const first = Math.max(
    0,
    all.findIndex((weight) => weight > 0),
  )
  const end = all.findLastIndex((weight) => weight > 0) + 1
  return { first, weights: all.slice(first, end), off, beyond }
}

/** Bounds on the density of the step at t that hold for all means in an interval, and the arguments of the density. */
export function densityOver({ scale, law }: Axis, t: number, mean: Interval): { z: Interval; density: Interval } {
  const z: Interval = [below((t - mean[1]) / scale), above((t - mean[0]) / scale)]
  const [one, other] = [law.density(z[0]), law.density(z[1])]
  const peak = z[0] <= 0 && z[1] >= 0 ? law.density(0) : 0
  return { z, density: [Math.min(one, other) * (1 - precision), Math.max(one, other, peak) * (1 + precision)] }
}

const below = (z: number): number => z - rounding * Math.abs(z)
const above = (z: number): number => z + rounding * Math.abs(z)

export type AxisRange = ReturnType<typeof axisRange>
/** A lower and an upper bound on a weight of each node, for all means in an interval. */
export type WeightBounds = AxisRange['mass']

/**
 * `hat` bounds the weight of the hat function of the node; it is empty if cells are not divided. `mass` bounds the
 * probability of the interval from the node to the next. The mass of a cell is bounded by the extremes of the density
 * over `parts` equal parts of the cell. With two parts, the hat functions are bounded too.
 */
export function axisRange({ mesh, scale, law, reach }: Axis, mean: Interval, parts: 1 | 2) {
  const { nodes } = mesh
  let first = 0
  while (first + 1 < nodes.length && nodes[first + 1]! <= mean[0] - reach * scale) first++
  let end = nodes.length
  while (end > first && nodes[end - 2]! >= mean[1] + reach * scale) end--
  const size = Math.max(0, end - first)
  const places = Math.max(0, parts * (size - 1) + 1)
  const [zLow, zHigh] = [new Float64Array(places), new Float64Array(places)]
  const [atLow, atHigh] = [new Float64Array(places), new Float64Array(places)]
  for (let k = 0; k < places; k++) {
    const i = first + Math.floor(k / parts)
    const t = k % parts === 0 ? nodes[i]! : 0.5 * (nodes[i]! + nodes[i + 1]!)
    zLow[k] = below((t - mean[1]) / scale)
    zHigh[k] = above((t - mean[0]) / scale)
    atLow[k] = law.density(zLow[k]!)
    atHigh[k] = law.density(zHigh[k]!)
  }
  // The density falls with |xi|, so its extremes over an interval of xi are at the ends of the interval or at 0.
  const peak = law.density(0)
  const [lower, upper] = [1 - precision, 1 + precision]
  const leastOver = (from: number, to: number): number => Math.min(atLow[from]!, atHigh[to]!) * lower
  const mostOver = (from: number, to: number): number =>
    (zLow[from]! <= 0 && zHigh[to]! >= 0 ? peak : Math.max(atLow[from]!, atHigh[to]!)) * upper
  const made = (length: number) => ({ least: new Float64Array(length), most: new Float64Array(length) })
  const [density, hat, mass] = [made(size), made(parts === 2 ? size : 0), made(size)]
  for (let k = 0; k < size; k++) {
    density.least[k] = leastOver(parts * k, parts * k)
    density.most[k] = mostOver(parts * k, parts * k)
    if (k + 1 === size) continue
    const length = (nodes[first + k + 1]! - nodes[first + k]!) / scale / parts
    for (let part = 0; part < parts; part++) {
      const at = parts * k + part
      const [least, most] = [leastOver(at, at + 1) * length, mostOver(at, at + 1) * length]
      mass.least[k]! += least
      mass.most[k]! += most
      if (parts === 1) continue
      // Between two nodes, the hat function of either node has the mean 0.75 over the half next to this node, and 0.25
      // over the other half.
      const share = part === 0 ? 0.75 : 0.25
      hat.least[k]! += share * least
      hat.most[k]! += share * most
      hat.least[k + 1]! += (1 - share) * least
      hat.most[k + 1]! += (1 - share) * most
    }
  }
  return { first, size, density, hat, mass }
}

/**
 * Functions on the grid are bilinear in each cell and 1 outside the grid. They are 1 at the edge of the grid and at all
 * nodes of cells in which trials may have escaped.
 */
export type PlaneGrid = ReturnType<typeof planeGrid>

/** Trials continue at `free` nodes, where the value is unknown. The value is 1 at `escaped` and 0 at `ended` nodes. */
export const free = 0
export const escaped = 1
export const ended = 2

/**
 * A cell whose escape is undecided counts as escaped. A cell for which `isReachable` is false also counts as escaped.
 * Trials hardly ever reach such a cell, because the loss is too high there.
 */
export function planeGrid(
  nodes: readonly [Float64Array, Float64Array],
  events: EventsOver,
  isReachable: (cell: Box) => boolean,
) {
  const [wide, high] = [nodes[0].length, nodes[1].length]
  const cells = (wide - 1) * (high - 1)
  const [open, done] = [new Uint8Array(cells), new Uint8Array(cells)]
  for (let i = 0, at = 0; i + 1 < wide; i++)
    for (let j = 0; j + 1 < high; j++, at++) {
      const box = cellBox(nodes, i, j)
      const verdict = events(box)
      if (verdict.exit[1] === 1 || !isReachable(box)) continue
      if (verdict.ended[0] === 1) done[at] = 1
      else open[at] = 1
    }
  const kinds = new Uint8Array(wide * high)
  for (let i = 0, at = 0; i < wide; i++)
    for (let j = 0; j < high; j++, at++) {
      const around = cellsAround(nodes, i, j)
      const isOut = around.some((cell) => cell < 0 || (open[cell] === 0 && done[cell] === 0))
      kinds[at] = isOut ? escaped : around.every((cell) => done[cell] === 1) ? ended : free
    }
  return {
    nodes,
    /** `free`, `escaped` or `ended` for the node (i, j), at index i * nodes[1].length + j. */
    kinds,
    /** 1 if trials may continue in the cell (i, j), at index i * (nodes[1].length - 1) + j. */
    open,
  }
}

/** The indices of the four cells around a node; -1 for a cell outside the grid. */
export function cellsAround([{ length: wide }, { length: high }]: PlaneGrid['nodes'], i: number, j: number): number[] {
  return [i - 1, i].flatMap((a) =>
    [j - 1, j].map((b) => (a < 0 || b < 0 || a + 1 >= wide || b + 1 >= high ? -1 : a * (high - 1) + b)),
  )
}

export function cellBox(nodes: readonly [Float64Array, Float64Array], i: number, j: number): Box {
  const side = (axis: Float64Array, k: number): Interval => [axis[k]!, axis[k + 1]!]
  return [side(nodes[0], i), side(nodes[1], j)]
}
