import { elementary, largestEntry, type Matrix, zeros } from '@driftfarm/formula'

const { exp, log } = elementary

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
  let power = matrix
  let sum = covariance
  for (let round = 0; round < maxDoublings; round++) {
    const largest = largestEntry(power)
    if (largest <= vanished) return sum
    if (!(largest <= exploded)) return null
    const { size, values } = sum
    const added = product(product(power, sum), transposed(power))
    sum = { size, values: values.map((value, i) => value + added.values[i]!) }
    power = product(power, power)
  }
  return null
}

/** The relative error is about 1e-9. */
export function spectralRadius(matrix: Matrix): number {
  if (matrix.size === 1) return Math.abs(matrix.values[0]!)
  let power = matrix
  let logarithm = 0
  for (let share = 1; share > 1e-9; share /= 2) {
    const largest = largestEntry(power)
    if (largest === 0) return 0
    logarithm += share * log(largest)
    const scaled = { ...power, values: power.values.map((value) => value / largest) }
    power = product(scaled, scaled)
  }
  return exp(logarithm)
}

export function product({ size, values: a }: Matrix, { values: b }: Matrix): Matrix {
  const result = zeros(size)
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!
      if (factor === 0) continue
      for (let j = 0; j < size; j++) result.values[i * size + j]! += factor * b[k * size + j]!
    }
  return result
}

function transposed({ size, values }: Matrix): Matrix {
  return { size, values: values.map((_, at) => values[(at % size) * size + Math.floor(at / size)]!) }
}
