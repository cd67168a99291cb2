import type { LandscapeFunction } from '@driftfarm/kernel'
import { type Matrix, zeros } from '../linear/matrix.ts'

/**
 * The cube root of 2^-52. With this step h, the rounding error of a central difference is about as large as the
 * truncation error, which is of order h^2.
 */
const relativeStep = 6.055454452393343e-6

/**
 * Returns the Hessian at theta, by central differences of the exact gradient, made symmetric. The error of an entry is
 * about 1e-10 times the size of the third derivatives of the gradient. The computation evaluates 2 * dimension
 * gradients.
 */
export function hessian(landscape: LandscapeFunction, theta: Float64Array): Matrix {
  const { dimension } = landscape
  const point = Float64Array.from(theta)
  const above = new Float64Array(dimension)
  const under = new Float64Array(dimension)
  const matrix = zeros(dimension)
  for (let i = 0; i < dimension; i++) {
    const step = relativeStep * Math.max(1, Math.abs(theta[i]!))
    point[i] = theta[i]! + step
    const high = point[i]!
    landscape.gradient(point, above)
    point[i] = theta[i]! - step
    const low = point[i]!
    landscape.gradient(point, under)
    point[i] = theta[i]!
    for (let j = 0; j < dimension; j++) matrix.values[i * dimension + j] = (above[j]! - under[j]!) / (high - low)
  }
  for (let i = 0; i < dimension; i++) {
    for (let j = 0; j < i; j++) {
      const mean = (matrix.values[i * dimension + j]! + matrix.values[j * dimension + i]!) / 2
      matrix.values[i * dimension + j] = mean
      matrix.values[j * dimension + i] = mean
    }
  }
  return matrix
}
