import { largestEntry, type Matrix } from '@driftfarm/formula'

export interface Eigensystem {
  /** Ascending. */
  readonly values: Float64Array
  /** Unit eigenvectors, in the order of `values`. The sign of each vector is arbitrary. */
  readonly vectors: readonly Float64Array[]
}

/** One sweep visits every pair of coordinates once. About six sweeps are usual. */
const maxSweeps = 50

/**
 * Returns the eigenvalues and eigenvectors of a small symmetric matrix of finite numbers, by Jacobi's cyclic rotations
 * (Golub and Van Loan, Matrix Computations, 8.5). `spectrum` is faster if no vectors are needed.
 */
export function eigensystem(matrix: Matrix): Eigensystem {
  const { size } = matrix
  const a = Float64Array.from(matrix.values)
  const v = Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 1 : 0))
  const limit = Number.EPSILON * largestEntry(matrix)
  for (let sweep = 0; sweep < maxSweeps; sweep++) {
    let rotated = false
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const off = a[p * size + q]!
        if (Math.abs(off) <= limit) continue
        rotated = true
        const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * off)
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const cosine = 1 / Math.sqrt(t * t + 1)
        const by = { cosine, sine: t * cosine }
        turn(a, size, (k) => [k * size + p, k * size + q], by)
        turn(a, size, (k) => [p * size + k, q * size + k], by)
        turn(v, size, (k) => [k * size + p, k * size + q], by)
      }
    }
    if (!rotated) break
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => a[i * size + i]! - a[j * size + j]!)
  return {
    values: Float64Array.from(order, (i) => a[i * size + i]!),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, k) => v[k * size + i]!)),
  }
}

function turn(
  values: Float64Array,
  size: number,
  pair: (k: number) => readonly [number, number],
  { cosine, sine }: { readonly cosine: number; readonly sine: number },
): void {
  for (let k = 0; k < size; k++) {
    const [i, j] = pair(k)
    const [x, y] = [values[i]!, values[j]!]
    values[i] = cosine * x - sine * y
    values[j] = sine * x + cosine * y
  }
}
