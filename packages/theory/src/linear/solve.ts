import type { Matrix } from './matrix.ts'

/**
 * Solves (A + shift I) x = b by Gaussian elimination with partial pivoting. Returns null if a pivot is 0 or not finite.
 * A may be indefinite, as near a saddle.
 */
export function solve(matrix: Matrix, shift: number, right: Float64Array): Float64Array | null {
  const { size } = matrix
  const a = Float64Array.from(matrix.values)
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

/** Tests A + shift I by a Cholesky factorisation. */
export function isPositiveDefinite({ size, values }: Matrix, shift: number): boolean {
  const lower = Float64Array.from(values)
  for (let j = 0; j < size; j++) {
    let diagonal = lower[j * size + j]! + shift
    for (let k = 0; k < j; k++) diagonal -= lower[j * size + k]! * lower[j * size + k]!
    if (!(diagonal > 0)) return false
    const root = Math.sqrt(diagonal)
    lower[j * size + j] = root
    for (let i = j + 1; i < size; i++) {
      let sum = lower[i * size + j]!
      for (let k = 0; k < j; k++) sum -= lower[i * size + k]! * lower[j * size + k]!
      lower[i * size + j] = sum / root
    }
  }
  return true
}
