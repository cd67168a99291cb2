import { dot, norm, zeros } from '@driftfarm/formula'
import { curvatureOf } from '@driftfarm/kernel'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from '../minima/critical.ts'
import { BudgetExceeded } from './budget.ts'
import type { Probe } from './probe.ts'

/** Above this dimension, Lanczos' method needs fewer gradients for the largest eigenvalue than a dense Hessian. */
const largestDense = 100
/**
 * With this many steps of Lanczos' method, the largest eigenvalue is accurate to a few per cent at worst, and to full
 * precision if it is well separated from the others.
 */
const maxSteps = 30
const minSteps = 4

/**
 * Returns eigenvalues of the Hessian at theta, in ascending order: all of them, if the dimension is at most 100 and the
 * gradients take at most `allowance` nanoseconds. Otherwise returns the eigenvalues of the Hessian's projection onto a
 * Krylov space of at most 30 dimensions. They lie between the smallest and the largest eigenvalue of the Hessian and
 * come close to both (Golub and Van Loan, Matrix Computations, 10.1). Throws a TheoryError if the landscape is not
 * finite around theta, and BudgetExceeded if the allowance is too short.
 */
export function curvaturesAt(probe: Probe, theta: Float64Array, allowance: number): readonly number[] {
  const { dimension } = probe.landscape
  if (dimension <= largestDense && 2 * dimension * probe.cost <= allowance)
    return [...spectrum(hessian(probe.landscape, theta))]
  const steps = Math.min(dimension, maxSteps, Math.floor(allowance / (2 * probe.cost)))
  if (steps < Math.min(dimension, minSteps)) throw new BudgetExceeded(`computing curvatures in dimension ${dimension}`)
  return lanczos(probe, theta, steps)
}

function lanczos(probe: Probe, theta: Float64Array, steps: number): readonly number[] {
  const basis: Float64Array[] = []
  const diagonal: number[] = []
  const below: number[] = []
  // Differences of the gradient: the exact product is computed on the host, which is slow for some landscapes.
  const curvature = curvatureOf({ gradient: probe.landscape.gradient })
  let vector = scattered(theta.length)
  for (let k = 0; k < steps; k++) {
    basis.push(vector)
    const product = new Float64Array(theta.length)
    curvature.product(theta, vector, product)
    diagonal.push(dot(product, vector))
    // The product is orthogonalised twice, so that rounding does not bring back a component that was removed.
    for (let again = 0; again < 2; again++)
      for (const known of basis) {
        const part = dot(product, known)
        for (let i = 0; i < product.length; i++) product[i]! -= part * known[i]!
      }
    const length = norm(product)
    // If only the rounding error of the differences remains, the Krylov space is complete.
    if (!(length > 1e-8 * Math.max(...diagonal.map(Math.abs)))) break
    below.push(length)
    vector = product.map((x) => x / length)
  }
  const size = diagonal.length
  const matrix = zeros(size)
  for (let i = 0; i < size; i++) {
    matrix.values[i * size + i] = diagonal[i]!
    if (i > 0) {
      matrix.values[i * size + i - 1] = below[i - 1]!
      matrix.values[(i - 1) * size + i] = below[i - 1]!
    }
  }
  return [...spectrum(matrix)]
}

/** Returns a unit vector in a generic direction, from the fractional parts of multiples of the golden ratio. */
export function scattered(size: number): Float64Array {
  const vector = Float64Array.from({ length: size }, (_, i) => (((i + 1) * 0.6180339887498949) % 1) - 0.5)
  const length = norm(vector) || 1
  return vector.map((x) => x / length)
}
