// The covariance of the gradient over single samples, two lanes at a time. The scalar twin is src/scalar/shape.ts.

import { addTo, divide, subtract } from './coordinates'
import { sampleGradientOf } from './landscape'
import { ABOVE, BELOW, MATRIX, ROW, entry } from './shape'

/** MATRIX = mean over samples of (g - mean)(g - mean)^T at theta. */
export function covariance(theta: usize): void {
  const mean = ABOVE
  const gradient = BELOW
  const rows = <i32>load<f64>(ROWS)
  const count = v128.load64_splat(ROWS)
  const zero = f64x2.splat(-0.0)
  for (let i: usize = 0; i < DIMENSION; i++) {
    v128.store(mean + (i << 4), zero)
    for (let j: usize = 0; j < DIMENSION; j++) v128.store(entry(MATRIX, i, j), zero)
  }
  for (let row = 0; row < rows; row++) {
    sampleGradientOf(theta, gradient, row)
    addTo(mean, gradient, ROW)
  }
  divide(mean, mean, count, ROW)
  for (let row = 0; row < rows; row++) {
    sampleGradientOf(theta, gradient, row)
    subtract(gradient, f64x2.splat(1), mean, ROW)
    for (let i: usize = 0; i < DIMENSION; i++) {
      const g = v128.load(gradient + (i << 4))
      for (let j: usize = 0; j < DIMENSION; j++) {
        const at = entry(MATRIX, i, j)
        v128.store(at, f64x2.add(v128.load(at), f64x2.mul(g, v128.load(gradient + (j << 4)))))
      }
    }
  }
  divide(MATRIX, MATRIX, count, DIMENSION * ROW)
}
