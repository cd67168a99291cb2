import { largestEntry, type Matrix, rowsOf } from '@driftfarm/formula'
import { diagonalize } from '@driftfarm/kernel'
import { TheoryError } from '../error.ts'

/** The spectrum of a dense matrix of this size takes about two seconds. */
const largestDimension = 1000

export function checkDimension(dimension: number): void {
  if (dimension > largestDimension)
    throw new TheoryError('DIMENSION', `dimension ${dimension}`, 'study a smaller instance of the same landscape')
}

/** Maximum number of QL iterations for one eigenvalue; three are usual. */
const maxSweeps = 60

/**
 * Returns all eigenvalues of a symmetric matrix in ascending order, in units of its entries. The error of each
 * eigenvalue is about size * 1e-16 times the largest eigenvalue in magnitude. The method is Householder's reduction to
 * tridiagonal form, then QL with implicit shifts (Wilkinson and Reinsch, Handbook for Automatic Computation II, 1971,
 * procedures tred1 and imtql1). Only the lower triangle is read. Throws for entries that are not finite and for
 * dimensions above 1000.
 *
 *     spectrum({ size: 2, values: Float64Array.of(2, 1, 1, 2) }) // Float64Array [1, 3]
 */
export function spectrum(matrix: Matrix): Float64Array {
  const { size, values } = matrix
  checkDimension(size)
  if (values.length !== size * size || !values.every(Number.isFinite))
    throw new TheoryError(
      'MATRIX',
      `${size} rows need ${size * size} finite entries, but have ${values.filter(Number.isFinite).length}`,
      'choose a point near which the landscape and its curvature are finite',
    )
  // The matrix is scaled so that squares of its entries neither overflow nor vanish.
  const scale = largestEntry(matrix)
  if (scale === 0) return new Float64Array(size)
  const { diagonal, below } = tridiagonal({ size, values: values.map((value) => value / scale) })
  byImplicitShifts(diagonal, below)
  return diagonal.map((value) => value * scale).sort()
}

/**
 * Returns the ascending eigenvalues and, in the same order, the unit eigenvectors of a small symmetric matrix of finite
 * numbers. The sign of each vector is arbitrary. `spectrum` is faster if no vectors are needed.
 */
export function eigensystem({ size, values: entries }: Matrix) {
  const { values, vectors } = diagonalize(rowsOf({ size, values: Float64Array.from(entries) }))
  const order = Array.from(values.keys()).sort((i, j) => values[i]! - values[j]!)
  return { values: Float64Array.from(order, (i) => values[i]!), vectors: order.map((i) => vectors[i]!) }
}

function tridiagonal({ size, values }: Matrix): { diagonal: Float64Array; below: Float64Array } {
  const a = Float64Array.from(values)
  const below = new Float64Array(size)
  const product = new Float64Array(size)
  for (let i = size - 1; i >= 2; i--) {
    const row = i * size
    let scale = 0
    for (let k = 0; k < i; k++) scale += Math.abs(a[row + k]!)
    if (scale === 0) continue
    let square = 0
    for (let k = 0; k < i; k++) {
      a[row + k]! /= scale
      square += a[row + k]! * a[row + k]!
    }
    const last = a[row + i - 1]!
    const length = last >= 0 ? -Math.sqrt(square) : Math.sqrt(square)
    below[i] = scale * length
    const half = square - last * length
    a[row + i - 1] = last - length
    let dot = 0
    for (let j = 0; j < i; j++) {
      let sum = 0
      for (let k = 0; k <= j; k++) sum += a[j * size + k]! * a[row + k]!
      for (let k = j + 1; k < i; k++) sum += a[k * size + j]! * a[row + k]!
      product[j] = sum / half
      dot += product[j]! * a[row + j]!
    }
    const part = dot / (2 * half)
    for (let j = 0; j < i; j++) {
      const f = a[row + j]!
      product[j]! -= part * f
      const g = product[j]!
      for (let k = 0; k <= j; k++) a[j * size + k]! -= f * product[k]! + g * a[row + k]!
    }
  }
  if (size > 1) below[1] = a[size]!
  return { diagonal: Float64Array.from({ length: size }, (_, i) => a[i * size + i]!), below }
}

/** Replaces `diagonal` by the eigenvalues. `below[i]` is the entry in row i and column i - 1. */
function byImplicitShifts(diagonal: Float64Array, below: Float64Array): void {
  const size = diagonal.length
  const e = new Float64Array(size)
  e.set(below.subarray(1))
  for (let l = 0; l < size; l++) {
    for (let sweep = 0; ; sweep++) {
      let m = l
      while (m < size - 1 && !negligible(e[m]!, diagonal[m]!, diagonal[m + 1]!)) m++
      if (m === l) break
      if (sweep === maxSweeps) throw new TheoryError('MATRIX', `${size} rows`, 'the eigenvalues did not converge')
      let g = (diagonal[l + 1]! - diagonal[l]!) / (2 * e[l]!)
      let r = Math.sqrt(g * g + 1)
      g = diagonal[m]! - diagonal[l]! + e[l]! / (g + (g >= 0 ? r : -r))
      let sine = 1
      let cosine = 1
      let p = 0
      let i = m - 1
      for (; i >= l; i--) {
        const f = sine * e[i]!
        const b = cosine * e[i]!
        r = Math.sqrt(f * f + g * g)
        e[i + 1] = r
        if (r === 0) {
          diagonal[i + 1]! -= p
          e[m] = 0
          break
        }
        sine = f / r
        cosine = g / r
        g = diagonal[i + 1]! - p
        r = (diagonal[i]! - g) * sine + 2 * cosine * b
        p = sine * r
        diagonal[i + 1] = g + p
        g = cosine * r - b
      }
      if (r === 0 && i >= l) continue
      diagonal[l]! -= p
      e[l] = g
      e[m] = 0
    }
  }
}

/**
 * Compares an off-diagonal entry with epsilon times the sum of the magnitudes of its two neighbours on the diagonal. If
 * this sum is below epsilon, epsilon replaces the sum. The largest entry of the scaled matrix is 1.
 */
function negligible(off: number, left: number, right: number): boolean {
  return Math.abs(off) <= Number.EPSILON * Math.max(Math.abs(left) + Math.abs(right), Number.EPSILON)
}
