import { describe, expect, it } from 'vitest'
import { gaussLegendre } from './quadrature.ts'

describe('Gauss-Legendre', () => {
  /** Abramowitz and Stegun, table 25.4. */
  it('has the tabulated nodes and weights', () => {
    const { nodes, weights } = gaussLegendre(5)
    expect(nodes[4]).toBeCloseTo(0.906179845938664, 15)
    expect(nodes[3]).toBeCloseTo(0.538469310105683, 15)
    expect(nodes[2]).toBe(0)
    expect(weights[4]).toBeCloseTo(0.236926885056189, 15)
    expect(weights[3]).toBeCloseTo(0.478628670499366, 15)
    expect(weights[2]).toBeCloseTo(0.568888888888889, 15)
  })

  it('is exact for polynomials up to degree 2 n - 1, and no further', () => {
    for (const count of [1, 2, 3, 7, 24, 61]) {
      const { nodes, weights } = gaussLegendre(count)
      const moment = (degree: number) => nodes.reduce((sum, x, i) => sum + weights[i]! * x ** degree, 0)
      for (const degree of [0, count - 1, 2 * count - 2])
        expect(moment(degree - (degree % 2))).toBeCloseTo(2 / (degree - (degree % 2) + 1), 13)
      if (count < 8) expect(Math.abs(moment(2 * count) - 2 / (2 * count + 1))).toBeGreaterThan(1e-10)
    }
  })
})
