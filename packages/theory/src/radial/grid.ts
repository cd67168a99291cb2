import { gaussLegendre, noncentralUpperTail } from '@driftfarm/statistics'
import { RunMatrix } from '../oracle/runMatrix.ts'
import { type RadialDensity, radialDensity } from './density.ts'

/** One step of the radial chain: R' = |rho R e_1 + scale xi|, scale > 0. */
export interface RadialStep {
  readonly rho: number
  readonly scale: number
}

/** The ball [0, radius) on Gauss-Legendre nodes. */
export class RadialGrid {
  readonly nodes: Float64Array
  private readonly weights: Float64Array
  private readonly density: RadialDensity

  constructor(
    private readonly dimension: number,
    private readonly radius: number,
    count: number,
  ) {
    const rule = gaussLegendre(count)
    this.nodes = rule.nodes.map((node) => 0.5 * radius * (1 + node))
    this.weights = rule.weights.map((weight) => 0.5 * radius * weight)
    this.density = radialDensity(dimension)
  }

  /** The probability that the step from x ends outside the ball. */
  exit(x: number, { rho, scale }: RadialStep): number {
    return noncentralUpperTail(this.radius / scale, this.dimension, (rho * x) / scale)
  }

  exits(step: RadialStep): Float64Array {
    return this.nodes.map((x) => this.exit(x, step))
  }

  /** The dot product of this row and a function's values at the nodes is the mean of the function after the step. */
  row(x: number, { rho, scale }: RadialStep): Float64Array {
    const m = rho * x
    return this.nodes.map((y, j) => this.weights[j]! * this.density(y, m, scale))
  }

  /** The rows of all nodes (see `row`), without jumps longer than `reach` times the step scale. */
  band(step: RadialStep, reach: number): RunMatrix {
    const { nodes, weights, density } = this
    const { rho, scale } = step
    const matrix = new RunMatrix(nodes.length, nodes.length, nodes.length * nodes.length)
    let [first, end] = [0, 0]
    for (const x of nodes) {
      const m = rho * x
      while (first < nodes.length && nodes[first]! < m - reach * scale) first++
      while (end < nodes.length && nodes[end]! <= m + reach * scale) end++
      const run = matrix.run(first, end - first)
      for (let j = first; j < end; j++) run[j - first] = weights[j]! * density(nodes[j]!, m, scale)
      matrix.endRow()
    }
    return matrix
  }

  /** The approximate number of entries of `band`. */
  entriesOf({ scale }: RadialStep, reach: number): number {
    const { length } = this.nodes
    return length * Math.min(length, Math.ceil((2 * reach * scale * length) / this.radius) + 1)
  }

  kernel(step: RadialStep): Float64Array {
    const { length } = this.nodes
    const kernel = new Float64Array(length * length)
    this.nodes.forEach((x, i) => {
      kernel.set(this.row(x, step), i * length)
    })
    return kernel
  }
}

export function times(kernel: Float64Array, values: Float64Array): Float64Array {
  const { length } = values
  const product = new Float64Array(length)
  for (let i = 0; i < length; i++) {
    let sum = 0
    for (let j = 0, at = i * length; j < length; j++, at++) sum += kernel[at]! * values[j]!
    product[i] = sum
  }
  return product
}

export function squared(kernel: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size)
  for (let i = 0; i < size; i++) {
    const into = product.subarray(i * size, (i + 1) * size)
    for (let k = 0; k < size; k++) {
      const factor = kernel[i * size + k]!
      if (factor === 0) continue
      const row = kernel.subarray(k * size, (k + 1) * size)
      for (let j = 0; j < size; j++) into[j]! += factor * row[j]!
    }
  }
  return product
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
