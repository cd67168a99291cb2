import { elementary } from '@driftfarm/formula'

/** Cyclic Jacobi converges quadratically: with 256 dimensions, 10 sweeps reduce the error to the level of rounding. */
const sweeps = 12

/** Eigenvalues of a symmetric matrix, unordered, and eigenvectors as rows. Overwrites the matrix. */
export function diagonalize(matrix: readonly Float64Array[]): { values: Float64Array; vectors: Float64Array[] } {
  const vectors = matrix.map((row, i) => row.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (let p = 0; p < matrix.length; p++) {
      for (let q = p + 1; q < matrix.length; q++) rotate(matrix, vectors, p, q)
    }
  }
  return { values: Float64Array.from(matrix, (row, i) => row[i]!), vectors }
}

/** Applies the rotation that makes the entry (p, q) zero (Golub and Van Loan, Matrix Computations, 8.5). */
function rotate(matrix: readonly Float64Array[], vectors: readonly Float64Array[], p: number, q: number): void {
  const [a, b] = [matrix[p]!, matrix[q]!]
  const [app, aqq, apq] = [a[p]!, b[q]!, a[q]!]
  const tau = (aqq - app) / (apq + apq)
  const size = 1 / (Math.abs(tau) + elementary.sqrt(1 + tau * tau))
  const t = apq === 0 ? 0 : tau < 0 ? -size : size
  const c = 1 / elementary.sqrt(1 + t * t)
  const s = t * c
  turn(vectors[p]!, vectors[q]!, c, s)
  turn(a, b, c, s)
  matrix.forEach((row, k) => {
    if (k === p || k === q) return
    row[p] = a[k]!
    row[q] = b[k]!
  })
  const shift = t * apq
  a[p] = app - shift
  b[q] = aqq + shift
  a[q] = 0
  b[p] = 0
}

function turn(first: Float64Array, second: Float64Array, c: number, s: number): void {
  for (let k = 0; k < first.length; k++) {
    const [x, y] = [first[k]!, second[k]!]
    first[k] = c * x - s * y
    second[k] = s * x + c * y
  }
}
