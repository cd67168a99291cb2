export type Symmetric = readonly Float64Array[]

export const emptySquare = (size: number): Float64Array[] => Array.from({ length: size }, () => new Float64Array(size))

/**
 * The L of matrix = L L^T; only the lower triangle of the matrix is read. Null if the matrix is not positive definite.
 * Golub and Van Loan, Matrix Computations, 4th ed., section 4.2.
 */
export function cholesky(matrix: Symmetric): Float64Array[] | null {
  const lower = emptySquare(matrix.length)
  for (const [i, row] of lower.entries())
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i]![j]!
      for (let k = 0; k < j; k++) rest -= row[k]! * lower[j]![k]!
      if (j < i) row[j] = rest / lower[j]![j]!
      else if (!(rest > 0) || !Number.isFinite(rest)) return null
      else row[i] = Math.sqrt(rest)
    }
  return lower
}

/** The solution of L L^T x = right. */
export function solved(lower: Symmetric, right: ArrayLike<number>): Float64Array {
  const x = Float64Array.from(right)
  for (const [i, row] of lower.entries()) {
    for (let k = 0; k < i; k++) x[i]! -= row[k]! * x[k]!
    x[i]! /= row[i]!
  }
  for (let i = lower.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < lower.length; k++) x[i]! -= lower[k]![i]! * x[k]!
    x[i]! /= lower[i]![i]!
  }
  return x
}
