import { rowsOf, zeros } from './matrix.ts'

/**
 * The Hessian by central differences of the gradient, averaged with its transpose. `step` is half the width of a
 * difference, relative to max(1, |theta_i|).
 */
export function hessian(
  gradient: (theta: Float64Array, into: Float64Array) => void,
  theta: Float64Array,
  step: number,
) {
  const matrix = zeros(theta.length)
  const rows = rowsOf(matrix)
  const point = Float64Array.from(theta)
  const above = new Float64Array(theta.length)
  const below = new Float64Array(theta.length)
  rows.forEach((row, i) => {
    const x = theta[i]!
    const h = step * Math.max(1, Math.abs(x))
    point[i] = x + h
    gradient(point, above)
    point[i] = x - h
    gradient(point, below)
    point[i] = x
    const width = x + h - (x - h)
    row.set(above.map((g, j) => (g - below[j]!) / width))
  })
  for (let i = 0; i < theta.length; i++)
    for (let j = 0; j < i; j++) {
      const mean = (rows[i]![j]! + rows[j]![i]!) / 2
      rows[i]![j] = mean
      rows[j]![i] = mean
    }
  return matrix
}
