import { cholesky, type Matrix } from '@driftfarm/formula'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { TheoryError } from '../error.ts'
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
        expect(cholesky(matrix, 1e-6 - eigenvalues[0]!)).not.toBeNull()
        expect(cholesky(matrix, -1e-6 - eigenvalues[0]!)).toBeNull()
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  test('what is no spectrum is refused', () => {
    expect(() => spectrum(matrixOf(2, () => Number.NaN))).toThrow(TheoryError)
    expect(() => spectrum({ size: 1001, values: new Float64Array(0) })).toThrow(/dimension 1001/)
  })
})
