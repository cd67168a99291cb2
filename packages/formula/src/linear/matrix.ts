// The order of all operations is fixed, so that results are the same on every machine.

/** A square matrix, row by row. */
export interface Matrix {
  readonly size: number
  /** size * size numbers. */
  readonly values: Float64Array
}

export function zeros(size: number): Matrix {
  return { size, values: new Float64Array(size * size) }
}

/** The rows of a matrix, which share its memory. */
export function rowsOf({ size, values }: Matrix): Float64Array[] {
  return Array.from({ length: size }, (_, i) => values.subarray(i * size, (i + 1) * size))
}

export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

export function norm(vector: ArrayLike<number>): number {
  return Math.sqrt(dot(vector, vector))
}

export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return norm(Float64Array.from(a, (x, i) => x - b[i]!))
}

export function largestEntry({ values }: { readonly values: Iterable<number> }): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest
}
