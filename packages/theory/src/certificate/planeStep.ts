import type { Interval } from '../interval/interval.ts'
import { type Axis, type AxisRow, axisRow } from './axis.ts'
import { escaped, free, type PlaneGrid } from './planeGrid.ts'

/** Covers the rounding error of a sum of many positive terms. */
const roundedUp = 1 + 1e-11
const linesPerCell = 2

interface NodeRow {
  readonly at: number
  readonly rows: readonly [AxisRow, AxisRow]
  /**
   * `quick` computes the sums over the second axis only for certain values of the mean on this axis. Each such value is
   * called a line. For each node, `quick` interpolates these sums from four neighbouring lines. `line` is the index of
   * the first of these four.
   */
  readonly line: number
  readonly shares: readonly [number, number, number, number]
}

/**
 * One step of the chain in a plane, for functions V that are bilinear on a grid. `values` are the values of V at the
 * nodes.
 */
export class PlaneStep {
  private readonly nodes: readonly NodeRow[]
  private readonly lines: readonly AxisRow[]
  private readonly sums: Float64Array

  constructor(
    private readonly grid: PlaneGrid,
    private readonly axes: readonly [Axis, Axis],
    mean: (at: readonly [number, number]) => readonly [Interval, Interval],
  ) {
    const [x, y] = grid.nodes
    const places = linesOf(y)
    this.lines = places.map((place) => axisRow(axes[1], [place, place]))
    this.sums = new Float64Array(places.length * x.length)
    const nodes: NodeRow[] = []
    for (let i = 0, at = 0; i < x.length; i++)
      for (let j = 0; j < y.length; j++, at++) {
        if (grid.kinds[at] !== free && !isCornerOfOpenCell(grid, i, j)) continue
        const [one, other] = mean([x[i]!, y[j]!])
        const rows = [axisRow(axes[0], one), axisRow(axes[1], other)] as const
        nodes.push({ at, rows, ...lagrangeWeights(places, 0.5 * (other[0] + other[1])) })
      }
    this.nodes = nodes
  }

  /**
   * For each node of a grid cell in which trials continue, returns an upper bound on E V after one step from the node.
   * Every other node has a fixed value: 1 if its kind is `escaped`, 0 if it is `ended`.
   */
  exact(values: Float64Array): Float64Array {
    const found = this.fixed()
    for (const { at, rows } of this.nodes) found[at] = this.expectation(rows, values) * roundedUp
    return found
  }

  /**
   * Estimates the expectations for which `exact` returns bounds. `quick` interpolates the sums over the second axis, so
   * `quick` is hundreds of times as fast as `exact`. The estimates are not proven bounds.
   */
  quick(values: Float64Array): Float64Array {
    const { sums, lines } = this
    const [wide, high] = [this.grid.nodes[0].length, this.grid.nodes[1].length]
    lines.forEach(({ first, weights, beyond }, line) => {
      for (let i = 0; i < wide; i++) {
        let sum = beyond
        for (let k = 0, at = i * high + first; k < weights.length; k++, at++) sum += weights[k]! * values[at]!
        sums[line * wide + i] = sum
      }
    })
    const found = this.fixed()
    for (const { at, rows, line, shares } of this.nodes) {
      const [{ first, weights, beyond }] = rows
      let sum = beyond
      for (let q = 0; q < 4; q++) {
        const share = shares[q]!
        for (let k = 0, place = (line + q) * wide + first; k < weights.length; k++, place++)
          sum += share * weights[k]! * sums[place]!
      }
      if (this.grid.kinds[at] === free) found[at] = Math.max(0, sum)
    }
    return found
  }

  /** Returns the map from V to a bound on E V after one step from a given point. */
  from(mean: readonly [Interval, Interval]): (values: Float64Array) => number {
    const rows = [axisRow(this.axes[0], mean[0]), axisRow(this.axes[1], mean[1])] as const
    return (values) => this.expectation(rows, values) * roundedUp
  }

  private fixed(): Float64Array {
    return Float64Array.from(this.grid.kinds, (kind) => (kind === escaped ? 1 : 0))
  }

  private expectation([one, other]: readonly [AxisRow, AxisRow], values: Float64Array): number {
    const high = this.grid.nodes[1].length
    let sum = one.beyond
    for (let k = 0; k < one.weights.length; k++) {
      let part = other.beyond
      for (let l = 0, at = (one.first + k) * high + other.first; l < other.weights.length; l++, at++)
        part += other.weights[l]! * values[at]!
      sum += one.weights[k]! * part
    }
    return sum
  }
}

function isCornerOfOpenCell({ nodes, open }: PlaneGrid, i: number, j: number): boolean {
  const high = nodes[1].length
  for (const a of [i - 1, i])
    for (const b of [j - 1, j])
      if (a >= 0 && b >= 0 && a + 1 < nodes[0].length && b + 1 < high && open[a * (high - 1) + b] === 1) return true
  return false
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
  let [low, high] = [0, places.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (places[middle]! <= y) low = middle
    else high = middle
  }
  const line = Math.min(Math.max(0, low - 1), places.length - 4)
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
