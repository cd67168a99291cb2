import type { Cell } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { TheoryError } from '../error.ts'
import { curvaturesAt } from './curvatures.ts'
import { hostProbe } from './probe.ts'

const sumOf = (expression: string, dimension: number): Cell =>
  cellOf('double-well', { landscape: { formula: { dimension, expression } }, start: new Array(dimension).fill(1) })
const at = (cell: Cell, x = 0) =>
  curvaturesAt(hostProbe(cell, []), new Float64Array(cell.landscape.dimension).fill(x), 2.5e8)

describe('curvatures', () => {
  test('are all eigenvalues in few dimensions', () => {
    expect(at(sumOf('sum(i, 1, 3, i*x[i]^2)/2', 3)).map((h) => Math.round(1e8 * h) / 1e8)).toEqual([1, 2, 3])
    expect(at(cellOf('double-well', { start: [1] }, 1), 1)[0]).toBeCloseTo(2, 8)
  })

  test('are the largest, and lie among all, in many', () => {
    const found = at(sumOf('sum(i, 1, 200, i*x[i]^2)/2', 200))
    expect(found.length).toBe(30)
    expect(found.at(-1)! / 200).toBeCloseTo(1, 2)
    expect(found.at(-1)).toBeLessThan(200.001)
    expect(found[0]).toBeGreaterThan(0.999)
  })

  test('one eigenvalue alone, and none, end the search', () => {
    expect(at(sumOf('sum(i, 1, 200, x[i]^2)', 200)).map((h) => Math.round(1e6 * h) / 1e6)).toEqual([2])
    expect(at(sumOf('sum(i, 1, 200, 0*x[i])', 200))).toEqual([0])
    expect(at(sumOf('sum(i, 1, 4, 0*x[i])', 4))).toEqual([0, 0, 0, 0])
  })

  test('are refused where the landscape is not finite, or too slow', () => {
    expect(() => at(sumOf('sqrt(x[1])', 1))).toThrow(TheoryError)
    const cell = sumOf('sum(i, 1, 200, x[i]^2)', 200)
    const slow = { ...hostProbe(cell, []), cost: 1e9 }
    expect(() => curvaturesAt(slow, new Float64Array(200), 2.5e8)).toThrow(/at most 5 %/)
  })
})
