import type { Cell, DataTable } from '@driftfarm/spec'
import { additiveChain, type NotApplicable } from '../chain.ts'

/** L = curvature |theta - centre|^2 / 2 + constant. */
export interface IsotropicQuadratic {
  readonly curvature: number
  readonly centre: readonly number[]
}

/**
 * Limit for the rounding error of entry i of a gradient. It is relative to the sum of two magnitudes: the largest entry
 * of this gradient, and entry i of the gradient at theta = 0.
 */
const rounding = 1e-12

/**
 * Returns the loss of a cell as an isotropic quadratic of any dimension, or the reason why it is not one. The gradient
 * is tested at points near and far, because another loss may agree with the quadratic at some points by accident.
 */
export function isotropicQuadratic(cell: Cell, data: DataTable | null): IsotropicQuadratic | NotApplicable {
  const chain = additiveChain(cell, data)
  if ('reason' in chain) return chain
  const { dimension, gradient } = chain.landscape
  const at = (theta: Float64Array) => {
    const into = new Float64Array(dimension)
    gradient(theta, into)
    return into
  }
  const origin = at(new Float64Array(dimension))
  const unit = new Float64Array(dimension)
  unit[0] = 1
  const curvature = at(unit)[0]! - origin[0]!
  if (!(curvature > 0 && Number.isFinite(curvature))) return { reason: 'the loss is not a quadratic with a minimum' }
  for (const [size, seed] of probes) {
    // Points in general position, from multiples of the golden ratio modulo 1.
    const theta = Float64Array.from(
      { length: dimension },
      (_, i) => size * (2 * (((i + seed) * 0.6180339887498949) % 1) - 1),
    )
    const found = at(theta)
    const largest = found.reduce((most, g) => Math.max(most, Math.abs(g)), 0)
    for (let i = 0; i < dimension; i++) {
      const off = Math.abs(found[i]! - origin[i]! - curvature * theta[i]!)
      if (!(off <= rounding * (largest + Math.abs(origin[i]!))))
        return { reason: 'the loss is not an isotropic quadratic' }
    }
  }
  return { curvature, centre: Array.from(origin, (g) => 0 - g / curvature) }
}

const probes = [
  [0.01, 1],
  [1, 2],
  [1, 7],
  [30, 4],
] as const
