import { largestEntry, type Matrix, zeros } from '@driftfarm/formula'

/**
 * The recursion z' = A z + noise. `matrix` is A, and `covariance` is that of the noise.
 */
export interface Recursion {
  readonly matrix: Matrix
  readonly covariance: Matrix
}

/**
 * If an entry of A^(2^59) is still above `vanished`, the powers of A shrink by a share of less than about 2e-16 from
 * one power to the next. A is then treated as not contracting.
 */
const maxDoublings = 60
const vanished = 1e-40
const exploded = 1e100

/**
 * Returns the stationary covariance P = A P A^T + Q of z, as the sum of A^k Q (A^k)^T over all k >= 0. Each round
 * doubles the number of terms (Smith's method; Golub and Van Loan, Matrix Computations). Returns null if the powers of
 * A do not vanish.
 */
export function stationaryCovariance({ matrix, covariance }: Recursion): Matrix | null {
  const { size } = matrix
  let power = matrix
  let sum = covariance
  const half = zeros(size)
  for (let round = 0; round < maxDoublings; round++) {
    const largest = largestEntry(power)
    if (largest <= vanished) return sum
    if (!(largest <= exploded)) return null
    multiply(power, sum, half)
    sum = plusProduct(sum, half, power)
    const next = zeros(size)
    multiply(power, power, next)
    power = next
  }
  return null
}

/** Whether the spectral radius of the matrix is below 1. */
export function contracts(matrix: Matrix): boolean {
  return stationaryCovariance({ matrix, covariance: zeros(matrix.size) }) !== null
}

function multiply({ size, values: a }: Matrix, { values: b }: Matrix, { values: into }: Matrix): void {
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let entry = 0
      for (let k = 0; k < size; k++) entry += a[i * size + k]! * b[k * size + j]!
      into[i * size + j] = entry
    }
}

/** Returns sum + a b^T. */
function plusProduct({ size, values: sum }: Matrix, { values: a }: Matrix, { values: b }: Matrix): Matrix {
  const result = zeros(size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let entry = 0
      for (let k = 0; k < size; k++) entry += a[i * size + k]! * b[j * size + k]!
      result.values[i * size + j] = sum[i * size + j]! + entry
    }
  return result
}
