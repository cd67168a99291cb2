import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TheoryError } from '../error.ts'
import type { Matrix } from './matrix.ts'
import { isPositiveDefinite, solve } from './solve.ts'
import { spectrum } from './spectrum.ts'

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

describe('spectrum', () => {
  test('second differences have 2 - 2 cos(k pi / (n + 1))', () => {
    for (const size of [1, 2, 3, 10, 120]) {
      const eigenvalues = spectrum(matrixOf(size, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0)))
      eigenvalues.forEach((value, k) => {
        expect(Math.abs(value - (2 - 2 * Math.cos(((k + 1) * Math.PI) / (size + 1))))).toBeLessThan(4e-15 * size)
      })
    }
  })

  /** mpmath, 40 digits: eigsy(hilbert(5), eigvals_only=True), here to 16. */
  test('the Hilbert matrix of 5, whose condition is 4.8e5', () => {
    const eigenvalues = spectrum(matrixOf(5, (i, j) => 1 / (i + j + 1)))
    const exact = [
      3.287928772171863e-6, 3.058980401511919e-4, 0.01140749162341981, 0.208534218611013, 1.567050691098231,
    ]
    exact.forEach((value, i) => {
      expect(Math.abs(eigenvalues[i]! - value)).toBeLessThan(2e-15)
    })
  })

  test('equal and zero eigenvalues', () => {
    expect(Array.from(spectrum(matrixOf(4, (i, j) => (i === j ? 3 : 0))))).toEqual([3, 3, 3, 3])
    expect(Array.from(spectrum(matrixOf(3, () => 0)))).toEqual([0, 0, 0])
    const ones = spectrum(matrixOf(30, () => 1))
    expect(ones[29]).toBeCloseTo(30, 12)
    for (const value of ones.slice(0, 29)) expect(Math.abs(value)).toBeLessThan(1e-13)
  })

  test('sum and sum of squares are those of the matrix', () => {
    fc.assert(
      fc.property(symmetric, (matrix) => {
        const eigenvalues = spectrum(matrix)
        const { size, values } = matrix
        const trace = Array.from({ length: size }, (_, i) => values[i * size + i]!).reduce((sum, x) => sum + x, 0)
        const squares = values.reduce((sum, x) => sum + x * x, 0)
        expect(Math.abs(eigenvalues.reduce((sum, x) => sum + x, 0) - trace)).toBeLessThan(1e-11)
        expect(Math.abs(eigenvalues.reduce((sum, x) => sum + x * x, 0) - squares)).toBeLessThan(1e-9)
        expect(isPositiveDefinite(matrix, 1e-6 - eigenvalues[0]!)).toBe(true)
        expect(isPositiveDefinite(matrix, -1e-6 - eigenvalues[0]!)).toBe(false)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('what is no spectrum is refused', () => {
    expect(() => spectrum(matrixOf(2, () => Number.NaN))).toThrow(TheoryError)
    expect(() => spectrum({ size: 1001, values: new Float64Array(0) })).toThrow(/dimension 1001/)
  })
})

describe('solve', () => {
  test('gives back the right side', () => {
    fc.assert(
      fc.property(symmetric, fc.double({ min: 0, max: 100, noNaN: true }), (matrix, shift) => {
        const { size, values } = matrix
        // Diagonally dominant, so that the answer keeps its digits.
        const dominant = { size, values: values.map((x, at) => (at % (size + 1) === 0 ? x + 200 : x)) }
        const right = Float64Array.from({ length: size }, (_, i) => i - 2)
        const x = solve(dominant, shift, right)!
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
