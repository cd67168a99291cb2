import type { LandscapeFunction } from '@driftfarm/kernel'
import { type Matrix, zeros } from '../linear/matrix.ts'

/** The cube root of 2^-52 balances the rounding and truncation errors of a central difference. */
const relativeStep = 6.055454452393343e-6

/** Central differences of the exact gradient. The error is about 1e-10 if loss and derivatives are of order 1. */
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
