import { type Matrix, zeros } from '../linear/matrix.ts'
import { spectrum } from '../linear/spectrum.ts'
import type { Interval } from './interval.ts'

/**
 * Bounds all eigenvalues of all symmetric matrices within an interval matrix. By Weyl's inequality, they differ from
 * those of the midpoint matrix by at most the largest row sum of the radii.
 */
export function eigenvalueBounds(entries: readonly Interval[], size: number): Interval {
  if (size === 1) return entries[0]!
  // A diagonal matrix of exact numbers needs no widening for rounding.
  if (entries.every(([low, high], at) => low === high && (at % (size + 1) === 0 || low === 0))) {
    const diagonal = Array.from({ length: size }, (_, i) => entries[i * (size + 1)]![0])
    return [Math.min(...diagonal), Math.max(...diagonal)]
  }
  const matrix: Matrix = zeros(size)
  let reach = 0
  let largest = 0
  for (let i = 0; i < size; i++) {
    let row = 0
    for (let j = 0; j < size; j++) {
      const [low, high] = entries[i * size + j]!
      const middle = low / 2 + high / 2
      row += (high - middle) * (1 + 1e-14) + 1e-300
      matrix.values[i * size + j] = middle
      largest = Math.max(largest, Math.abs(middle))
    }
    reach = Math.max(reach, row)
  }
  if (!Number.isFinite(reach) || !Number.isFinite(largest)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const values = spectrum(matrix)
  const rounding = 64 * size * size * 2 ** -52 * largest
  return [values[0]! - reach - rounding, values.at(-1)! + reach + rounding]
}
