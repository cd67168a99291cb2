import { cellAt } from '../bisect.ts'
import type { Interval } from '../interval/interval.ts'
import { type Axis, type AxisRow, axisRow, cellsAround, escaped, free, type Mesh, type PlaneGrid } from './axis.ts'
import { type LineMap, lineLifts } from './curvatures.ts'
import type { CertifiedLaw } from './law.ts'

/** A factor that covers the rounding error of a sum of many positive terms and of the operations after the sum. */
const roundedUp = 1 + 1e-11

/** One step of the chain on a line, theta' = m(theta) + scale xi. */
export interface LineMove {
  readonly map: LineMap
  readonly scale: number
  readonly law: CertifiedLaw
}

const axisOf = (mesh: Mesh, { scale, law }: Omit<LineMove, 'map'>): Axis => ({ mesh, scale, law, reach: law.reach })

/**
 * Maps a function V on the mesh `target` to an upper bound on x -> E V(m(x) + s xi) on the mesh `source`. V and the
 * bound are linear between nodes. At a node, the weights of the hat functions are rounded up. Between nodes, the bound
 * holds by Lemmas 2 and 3 of docs/appendix/proofs.md (`lineLifts`).
 */
export function lineStep(source: Mesh, target: Mesh, move: LineMove): (values: Float64Array) => Float64Array {
  const axis = axisOf(target, move)
  const rows = Array.from(source.nodes, (x) => axisRow(axis, move.map.value([x, x])))
  const liftsOf = lineLifts(source, axis, move.map)
  return (values) => {
    const top = topOf(values)
    const lifts = liftsOf(values)
    const lifted = new Float64Array(rows.length)
    for (const { first, count } of source.pieces)
      for (let j = first; j < first + count; j++) {
        const left = j > first ? lifts[j - 1]! : 0
        const right = j < first + count - 1 ? lifts[j]! : 0
        lifted[j] = (expectation(rows[j]!, values, top) + Math.max(left, right)) * roundedUp
      }
    return atMostOne(lifted, source)
  }
}

/** Maps V to an upper bound on E V(m(x) + s xi) at one point x. */
export function pointStep(target: Mesh, move: LineMove, x: number): (values: Float64Array) => number {
  return meanFrom(axisOf(target, move), move.map.value([x, x]))
}

function meanFrom(axis: Axis, mean: Interval): (values: Float64Array) => number {
  const row = axisRow(axis, mean)
  return (values) => expectation(row, values, topOf(values)) * roundedUp
}

/**
 * If the value at a node exceeds 1, the node and its neighbours are set to 1. Linear interpolation still gives an upper
 * bound on a probability: it gives 1 between such a node and its neighbours, and at least the old value elsewhere.
 */
function atMostOne(values: Float64Array, { pieces }: Mesh): Float64Array {
  const capped = new Float64Array(values.length)
  for (const { first, count } of pieces)
    for (let j = first; j < first + count; j++) {
      const isHigh =
        !(values[j]! < 1) || (j > first && !(values[j - 1]! <= 1)) || (j + 1 < first + count && !(values[j + 1]! <= 1))
      capped[j] = isHigh ? 1 : values[j]!
    }
  return capped
}

/** The random point center + scale xi. */
export interface Spread {
  readonly center: number
  readonly scale: number
  readonly law: CertifiedLaw
}

/**
 * Maps V to an upper bound on E V at a random point. In each gap of the mesh, V is 0 or 1. Here V is set to 1 in all
 * gaps, which can only raise the bound.
 */
export function spreadMean({ nodes, pieces }: Mesh, { center, ...spread }: Spread): (values: Float64Array) => number {
  const mesh: Mesh = { nodes, pieces, gaps: [...pieces.map(() => 1 as const), 1] }
  return meanFrom(axisOf(mesh, spread), [center, center])
}

/** The largest value of V. It is at least 1, because V is 1 where trials have escaped. */
export function topOf(values: Float64Array): number {
  let top = 1
  for (let i = 0; i < values.length; i++) if (values[i]! > top) top = values[i]!
  return top
}

function expectation({ first, weights, off, beyond }: AxisRow, values: Float64Array, top: number): number {
  let sum = off + beyond * top
  for (let k = 0; k < weights.length; k++) sum += weights[k]! * values[first + k]!
  return sum
}

const linesPerCell = 2

/** `beyond` is the probability of landing outside the grid or beyond the reach, where V is replaced by 1. */
type PlaneRow = Omit<AxisRow, 'off'>

function planeRow(axis: Axis, mean: Interval): PlaneRow {
  const { off, beyond, ...row } = axisRow(axis, mean)
  return { ...row, beyond: off + beyond }
}

interface NodeRow {
  readonly at: number
  readonly rows: readonly [PlaneRow, PlaneRow]
  /**
   * `quick` computes the sums over the second axis only for certain values of the mean on this axis. Each such value is
   * called a line. For each node, `quick` interpolates these sums from four neighbouring lines. `line` is the index of
   * the first of these four.
   */
  readonly line: number
  readonly shares: readonly [number, number, number, number]
}

export type PlaneStep = ReturnType<typeof planeStep>

/**
 * One step of the chain in a plane, for functions V that are bilinear on a grid. `values` are the values of V at the
 * nodes.
 */
export function planeStep(
  grid: PlaneGrid,
  axes: readonly [Axis, Axis],
  mean: (at: readonly [number, number]) => readonly [Interval, Interval],
) {
  const [x, y] = grid.nodes
  const [wide, high] = [x.length, y.length]
  const places = linesOf(y)
  const lines = places.map((place) => planeRow(axes[1], [place, place]))
  const sums = new Float64Array(places.length * wide)
  const nodes: NodeRow[] = []
  for (let i = 0, at = 0; i < wide; i++)
    for (let j = 0; j < high; j++, at++) {
      if (grid.kinds[at] !== free && !cellsAround(grid.nodes, i, j).some((cell) => grid.open[cell] === 1)) continue
      const [one, other] = mean([x[i]!, y[j]!])
      const rows = [planeRow(axes[0], one), planeRow(axes[1], other)] as const
      nodes.push({ at, rows, ...lagrangeWeights(places, 0.5 * (other[0] + other[1])) })
    }
  const fixed = () => Float64Array.from(grid.kinds, (kind) => (kind === escaped ? 1 : 0))
  const expected = ([one, other]: NodeRow['rows'], values: Float64Array): number => {
    let sum = one.beyond
    for (let k = 0; k < one.weights.length; k++) {
      let part = other.beyond
      for (let l = 0, at = (one.first + k) * high + other.first; l < other.weights.length; l++, at++)
        part += other.weights[l]! * values[at]!
      sum += one.weights[k]! * part
    }
    return sum
  }
  return {
    /**
     * For each node of a grid cell in which trials continue, returns an upper bound on E V after one step from the
     * node. Every other node has a fixed value: 1 if its kind is `escaped`, 0 if it is `ended`.
     */
    exact(values: Float64Array): Float64Array {
      const found = fixed()
      for (const { at, rows } of nodes) found[at] = expected(rows, values) * roundedUp
      return found
    },
    /**
     * Estimates the expectations for which `exact` returns bounds. `quick` interpolates the sums over the second axis,
     * so `quick` is hundreds of times as fast as `exact`. The estimates are not proven bounds.
     */
    quick(values: Float64Array): Float64Array {
      lines.forEach(({ first, weights, beyond }, line) => {
        for (let i = 0; i < wide; i++) {
          let sum = beyond
          for (let k = 0, at = i * high + first; k < weights.length; k++, at++) sum += weights[k]! * values[at]!
          sums[line * wide + i] = sum
        }
      })
      const found = fixed()
      for (const { at, rows, line, shares } of nodes) {
        const [{ first, weights, beyond }] = rows
        let sum = beyond
        for (let q = 0; q < 4; q++) {
          const share = shares[q]!
          for (let k = 0, place = (line + q) * wide + first; k < weights.length; k++, place++)
            sum += share * weights[k]! * sums[place]!
        }
        if (grid.kinds[at] === free) found[at] = Math.max(0, sum)
      }
      return found
    },
    /** Returns the map from V to a bound on E V after one step from a given point. */
    from(mean: readonly [Interval, Interval]): (values: Float64Array) => number {
      const rows = [planeRow(axes[0], mean[0]), planeRow(axes[1], mean[1])] as const
      return (values) => expected(rows, values) * roundedUp
    },
  }
}

function linesOf(nodes: Float64Array): number[] {
  const places: number[] = []
  for (let j = 0; j + 1 < nodes.length; j++)
    for (let part = 0; part < linesPerCell; part++)
      places.push(nodes[j]! + ((nodes[j + 1]! - nodes[j]!) * part) / linesPerCell)
  places.push(nodes.at(-1)!)
  return places
}

function lagrangeWeights(places: readonly number[], y: number): Pick<NodeRow, 'line' | 'shares'> {
  const line = Math.min(Math.max(0, cellAt(places, y) - 1), places.length - 4)
  const at = Math.min(Math.max(y, places[0]!), places.at(-1)!)
  const shares = [0, 1, 2, 3].map((q) =>
    [0, 1, 2, 3].reduce(
      (product, p) =>
        p === q ? product : (product * (at - places[line + p]!)) / (places[line + q]! - places[line + p]!),
      1,
    ),
  ) as unknown as NodeRow['shares']
  return { line, shares }
}
