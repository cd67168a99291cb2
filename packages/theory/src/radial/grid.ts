import { elementary } from '@driftfarm/formula'
import { gaussLegendre, logGamma, noncentralUpperTail } from '@driftfarm/statistics'
import { RunMatrix, type Stage } from '../chain/finiteChain.ts'

const { exp, log } = elementary

/** The density of |m e_1 + s xi| at y, where xi is a standard Gaussian vector. */
export type RadialDensity = (y: number, m: number, s: number) => number

const halfLogTwoPi = 0.9189385332046727

/**
 * The noncentral chi density: y^(d-1) s^-d exp(-(y - m)^2 / 2 s^2) g(y m / s^2) with g(z) = z^-nu e^-z I_nu(z), nu =
 * d/2 - 1. In one dimension it is the folded normal density. The relative error is 1e-12.
 */
export function radialDensity(dimension: number): RadialDensity {
  const logG = logScaledBessel(dimension / 2 - 1)
  return (y, m, s) => {
    if (!(y > 0)) return 0
    const gap = (y - m) / s
    return exp((dimension - 1) * log(y) - dimension * log(s) - (gap * gap) / 2 + logG((y / s) * (m / s)))
  }
}

/**
 * Returns ln(z^-nu e^-z I_nu(z)), by Hankel's expansion (DLMF 10.40.1) if it is accurate to the last digit, else by the
 * power series from its largest term.
 */
function logScaledBessel(nu: number): (z: number) => number {
  const square = 4 * nu * nu
  const logFactorials: number[] = []
  return (z) => {
    if (z > 40 + 2 * nu * nu) {
      let term = 1
      let sum = 1
      for (let k = 1; k < 60 && Math.abs(term) > 1e-17; k++) {
        term *= -(square - (2 * k - 1) * (2 * k - 1)) / (8 * k * z)
        sum += term
      }
      return log(sum) - (nu + 0.5) * log(z) - halfLogTwoPi
    }
    const quarter = (z * z) / 4
    const top = Math.floor((Math.sqrt(nu * nu + z * z) - nu) / 2)
    let sum = 1
    for (let term = 1, k = top; term > 1e-17; k++) {
      term *= quarter / ((k + 1) * (k + 1 + nu))
      sum += term
    }
    for (let term = 1, k = top; k > 0 && term > 1e-17; k--) {
      term *= (k * (k + nu)) / quarter
      sum += term
    }
    for (let k = logFactorials.length; k <= top; k++) logFactorials.push(logGamma(k + 1) + logGamma(k + nu + 1))
    const largest = (top === 0 ? 0 : top * log(quarter)) - logFactorials[top]!
    return largest + log(sum) - nu * Math.LN2 - z
  }
}

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

  /** The dot product of this row and a function's values at the nodes is the mean of the function after the step. */
  row(x: number, { rho, scale }: RadialStep): Float64Array {
    const m = rho * x
    return this.nodes.map((y, j) => this.weights[j]! * this.density(y, m, scale))
  }

  /**
   * A step from all nodes, without jumps longer than `reach` times the step scale. The questions are whether a trial
   * leaves the ball, and whether it stays there.
   */
  stage(step: RadialStep, reach: number): Stage {
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
    const ended = nodes.map((x) => this.exit(x, step))
    const none = new Float64Array(nodes.length)
    return { matrix, absorbed: [ended, none], ended, lost: none }
  }

  /** The approximate number of entries of the matrix of `stage`. */
  entriesOf({ scale }: RadialStep, reach: number): number {
    const { length } = this.nodes
    return length * Math.min(length, Math.ceil((2 * reach * scale * length) / this.radius) + 1)
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
