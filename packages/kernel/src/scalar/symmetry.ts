import { elementary } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { comparesModulo, type HiddenLayer, type Symmetry, symmetryOf } from '../model/symmetry.ts'
import { dot, type Point, squaredDistance } from './lossFunction.ts'

const maxSweeps = 32
/** Balancing ends when no weight changes by more than this share. */
const balanced = 1e-12
const maxBalances = 100
/** If the squared distances of units add up to more, units are not matched. */
const largestTotal = 1e300

/**
 * Moves b as near to a as the symmetry allows. If units may be scaled, both points are first brought into balanced
 * form, in which the incoming weights of a unit with its bias have the same norm as its outgoing weights. Then the
 * units of b are put into the order in which the sum of their squared distances from the units of a is smallest, each
 * with its better sign. With one hidden layer, the result is the nearest of all orders and signs.
 *
 * With several, each layer is matched while all other layers stay as they are, from the first to the last, until no
 * layer changes (weight matching, Ainsworth et al. 2022). Of two such searches, the nearer result is taken. One begins
 * with b. The other begins with an order in which each layer, from the first to the last, is matched by its incoming
 * weights and biases only, which finds copies of a. The distance is an upper bound of the smallest one.
 */
export function align({ layers, isOdd, isScaled }: Symmetry, a: Float64Array, b: Float64Array): void {
  if (isScaled) for (const point of [a, b]) balance(layers, point)
  const other = Float64Array.from(b)
  sweep(layers, isOdd, a, b)
  if (layers.length === 1) return
  for (const layer of layers) match(layer, isOdd, a, other, true)
  sweep(layers, isOdd, a, other)
  if (squaredDistance(a, other) < squaredDistance(a, b)) b.set(other)
}

function sweep(layers: readonly HiddenLayer[], isOdd: boolean, a: Float64Array, b: Float64Array): void {
  for (let swept = 0; swept < maxSweeps; swept++) {
    let changed = false
    for (const layer of layers) if (match(layer, isOdd, a, b)) changed = true
    if (!changed || layers.length === 1) return
  }
}

/** Copies of both points, aligned if a symmetry is given. */
export function aligned(symmetry: Symmetry | null, a: Point, b: Point) {
  const pair = [Float64Array.from(a), Float64Array.from(b)] as const
  if (symmetry !== null) align(symmetry, ...pair)
  return pair
}

/** How a cell makes copies of the end points of two descents before it compares them. */
export function endAligner({ landscape, trial }: Pick<Cell, 'landscape' | 'trial'>) {
  const symmetry = comparesModulo(trial) ? symmetryOf(landscape) : null
  return (a: Point, b: Point) => aligned(symmetry, a, b)
}

/** Indices of the weights of a unit: incoming weights and bias, then outgoing weights. */
function weightsOf(layer: HiddenLayer, unit: number): { readonly into: number[]; readonly out: number[] } {
  const into = Array.from({ length: layer.inputs }, (_, j) => layer.into + unit * layer.inputs + j)
  if (layer.hasBiases) into.push(layer.biases + unit)
  return { into, out: Array.from({ length: layer.outputs }, (_, k) => layer.out + k * layer.units + unit) }
}

function balance(layers: readonly HiddenLayer[], point: Float64Array): void {
  const squares = (indices: readonly number[]) => {
    const values = indices.map((i) => point[i]!)
    return dot(values, values)
  }
  for (let sweep = 0; sweep < maxBalances; sweep++) {
    let most = 0
    for (const layer of layers) {
      for (let unit = 0; unit < layer.units; unit++) {
        const { into, out } = weightsOf(layer, unit)
        const [before, after] = [squares(into), squares(out)]
        const factor = elementary.sqrt(elementary.sqrt(after / before))
        if (!(before > 0 && after > 0 && factor > 0 && factor < Number.POSITIVE_INFINITY)) continue
        for (const i of into) point[i]! *= factor
        for (const i of out) point[i]! /= factor
        most = elementary.max(most, Math.abs(factor - 1))
      }
    }
    if (!(most > balanced)) return
  }
}

/** Returns whether b changed. `isIncoming`: units are compared by their incoming weights and biases only. */
function match(layer: HiddenLayer, isOdd: boolean, a: Float64Array, b: Float64Array, isIncoming = false): boolean {
  const { units } = layer
  const old = Float64Array.from(b)
  const weights = Array.from({ length: units }, (_, unit) => {
    const { into, out } = weightsOf(layer, unit)
    return [...into, ...out]
  })
  const compared = layer.inputs + Number(layer.hasBiases) + (isIncoming ? 0 : layer.outputs)
  const square = (i: number, j: number, sign: number) => {
    const differences = weights[i]!.slice(0, compared).map((place, k) => a[place]! - sign * old[weights[j]![k]!]!)
    return dot(differences, differences)
  }
  const costs = new Float64Array(units * units)
  let total = 0
  let present = 0
  for (let i = 0; i < units; i++) {
    for (let j = 0; j < units; j++) {
      const same = square(i, j, 1)
      const opposite = isOdd ? square(i, j, -1) : same
      costs[i * units + j] = elementary.min(opposite, same)
      total += same + opposite
      if (i === j) present += same
    }
  }
  if (!(total < largestTotal)) return false
  const order = assignment(costs, units)
  const best = order.reduce((sum, j, i) => sum + costs[i * units + j]!, 0)
  if (!(best < present)) return false
  for (const [i, j] of order.entries()) {
    const sign = isOdd && square(i, j, -1) < square(i, j, 1) ? -1 : 1
    for (const [k, place] of weights[i]!.entries()) b[place] = sign * old[weights[j]![k]!]!
  }
  return true
}

/**
 * The column of each row such that the sum of the costs is smallest, by the Hungarian algorithm with shortest
 * augmenting paths (Jonker and Volgenant 1987). Of equal columns, the first is taken.
 */
function assignment(costs: Float64Array, size: number): number[] {
  // Column `size` stands for the row that is being added.
  const rowPrices = new Float64Array(size)
  const columnPrices = new Float64Array(size + 1)
  const rowOf = new Int32Array(size + 1).fill(-1)
  for (let added = 0; added < size; added++) {
    const distances = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
    const previous = new Int32Array(size)
    const isReached = new Uint8Array(size + 1)
    let column = size
    rowOf[size] = added
    while (rowOf[column] !== -1) {
      isReached[column] = 1
      const row = rowOf[column]!
      let least = Number.POSITIVE_INFINITY
      let next = -1
      for (let j = 0; j < size; j++) {
        if (isReached[j] === 1) continue
        const reduced = costs[row * size + j]! - rowPrices[row]! - columnPrices[j]!
        if (reduced < distances[j]!) {
          distances[j] = reduced
          previous[j] = column
        }
        if (distances[j]! < least) {
          least = distances[j]!
          next = j
        }
      }
      for (let j = 0; j <= size; j++) {
        if (isReached[j] === 1) {
          rowPrices[rowOf[j]!]! += least
          columnPrices[j]! -= least
        } else distances[j]! -= least
      }
      column = next
    }
    while (column !== size) {
      const before = previous[column]!
      rowOf[column] = rowOf[before]!
      column = before
    }
  }
  const order = new Array<number>(size)
  for (let j = 0; j < size; j++) order[rowOf[j]!] = j
  return order
}
