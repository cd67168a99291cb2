import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Matrix } from './matrix.ts'
import { cholesky, solve, solveCholesky } from './solve.ts'

const matrixOf = (size: number, entry: (i: number, j: number) => number): Matrix => ({
  size,
  values: Float64Array.from({ length: size * size }, (_, at) => entry(Math.floor(at / size), at % size)),
})

const symmetric = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc
      .array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: size * size, maxLength: size * size })
      .map((entries) => matrixOf(size, (i, j) => entries[Math.max(i, j) * size + Math.min(i, j)]!)),
  )

describe('solve', () => {
  test('gives back the right side', () => {
    fc.assert(
      fc.property(symmetric, fc.double({ min: 0, max: 100, noNaN: true }), (matrix, shift) => {
        const { size, values } = matrix
        // Diagonally dominant, so that the answer keeps its digits.
        const dominant = { size, values: values.map((x, at) => (at % (size + 1) === 0 ? x + 200 : x)) }
        const right = Float64Array.from({ length: size }, (_, i) => i - 2)
        const lower = cholesky(dominant, shift)!
        for (const x of [solve(dominant, shift, right)!, solveCholesky(lower, right)])
          for (let i = 0; i < size; i++) {
            let sum = shift * x[i]!
            for (let j = 0; j < size; j++) sum += dominant.values[i * size + j]! * x[j]!
            expect(Math.abs(sum - right[i]!)).toBeLessThan(1e-11)
          }
      }),
      { seed: 2, numRuns: 200 },
    )
  })

  test('needs pivots, and knows a singular matrix', () => {
    expect(solve({ size: 2, values: Float64Array.of(0, 1, 1, 0) }, 0, Float64Array.of(3, 4))).toEqual(
      Float64Array.of(4, 3),
    )
    expect(solve({ size: 2, values: Float64Array.of(1, 1, 1, 1) }, 0, Float64Array.of(3, 4))).toBe(null)
  })
})
