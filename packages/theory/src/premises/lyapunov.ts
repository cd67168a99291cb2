import { largestEntry, type Matrix, zeros } from '../linear/matrix.ts'
import type { Recursion } from './recursion.ts'

/** If A^(2^60) has not vanished, A contracts by less than 1e-17 in a step, which counts as not contracting. */
const mostDoublings = 60
const vanished = 1e-40
const exploded = 1e100

/**
 * The stationary covariance P = A P A^T + Q of z, as the sum of A^k Q A^kT; each round doubles the number of terms
 * (Smith's method; Golub and Van Loan, Matrix Computations). null where the powers of A do not vanish.
 */
export function stationaryCovariance({ matrix, covariance }: Recursion): Matrix | null {
  let power = matrix
  let sum = covariance
  for (let round = 0; round < mostDoublings; round++) {
    const size = largestEntry(power)
    if (size <= vanished) return sum
    if (!(size <= exploded)) return null
    sum = add(sum, times(times(power, sum), transposed(power)))
    power = times(power, power)
  }
  return null
}

/** Whether the powers of the matrix vanish, which means that its spectral radius is below 1. */
export function contracts(matrix: Matrix): boolean {
  return stationaryCovariance({ matrix, covariance: zeros(matrix.size) }) !== null
}

function times(a: Matrix, b: Matrix): Matrix {
  const { size } = a
  const product = zeros(size)
  for (let i = 0; i < size; i++)
    for (let k = 0; k < size; k++) {
      const factor = a.values[i * size + k]!
      for (let j = 0; j < size; j++) product.values[i * size + j]! += factor * b.values[k * size + j]!
    }
  return product
}

function add(a: Matrix, b: Matrix): Matrix {
  return { size: a.size, values: a.values.map((value, at) => value + b.values[at]!) }
}

function transposed({ size, values }: Matrix): Matrix {
  return { size, values: values.map((_, at) => values[(at % size) * size + Math.floor(at / size)]!) }
}
