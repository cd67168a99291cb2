import { type Matrix, zeros } from './matrix.ts'

/**
 * The lower triangle L of matrix + shift I = L L^T; only the lower triangle of the matrix is read. Null if the sum is
 * not positive definite. Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.
 */
export function cholesky({ size, values }: Matrix, shift = 0): Matrix | null {
  const lower = zeros(size)
  const { values: l } = lower
  for (let i = 0; i < size; i++)
    for (let j = 0; j <= i; j++) {
      let rest = values[i * size + j]!
      if (i === j) rest += shift
      for (let k = 0; k < j; k++) rest -= l[i * size + k]! * l[j * size + k]!
      if (j < i) l[i * size + j] = rest / l[j * size + j]!
      else if (!(rest > 0) || !Number.isFinite(rest)) return null
      else l[i * size + i] = Math.sqrt(rest)
    }
  return lower
}

/** The solution of L L^T x = right, where L is the result of `cholesky`. */
export function solveCholesky({ size, values: l }: Matrix, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right)
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i]! -= l[i * size + k]! * x[k]!
    x[i]! /= l[i * size + i]!
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= l[k * size + i]! * x[k]!
    x[i]! /= l[i * size + i]!
  }
  return x
}

/**
 * Solves (A + shift I) x = b by Gaussian elimination with partial pivoting. Returns null if a pivot is 0 or not finite.
 * A may be indefinite, as near a saddle.
 */
export function solve({ size, values }: Matrix, shift: number, right: ArrayLike<number>): Float64Array | null {
  const a = Float64Array.from(values)
  const x = Float64Array.from(right)
  for (let i = 0; i < size; i++) a[i * size + i]! += shift
  for (let k = 0; k < size; k++) {
    let pivot = k
    for (let i = k + 1; i < size; i++) if (Math.abs(a[i * size + k]!) > Math.abs(a[pivot * size + k]!)) pivot = i
    const top = a[pivot * size + k]!
    if (!Number.isFinite(top) || top === 0) return null
    if (pivot !== k) {
      for (let j = k; j < size; j++) swap(a, k * size + j, pivot * size + j)
      swap(x, k, pivot)
    }
    for (let i = k + 1; i < size; i++) {
      const factor = a[i * size + k]! / top
      if (factor === 0) continue
      for (let j = k + 1; j < size; j++) a[i * size + j]! -= factor * a[k * size + j]!
      x[i]! -= factor * x[k]!
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    let sum = x[i]!
    for (let j = i + 1; j < size; j++) sum -= a[i * size + j]! * x[j]!
    x[i] = sum / a[i * size + i]!
  }
  return x
}

function swap(values: Float64Array, i: number, j: number): void {
  const kept = values[i]!
  values[i] = values[j]!
  values[j] = kept
}
