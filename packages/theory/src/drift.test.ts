import type { Law } from '@driftfarm/spec'
import { gaussLegendre } from '@driftfarm/statistics'
import { describe, expect, it } from 'vitest'
import { probabilityBetween } from './distribution/scalarLaw.ts'
import { driftLaw } from './drift.ts'

const lawOf = (law: Law) => driftLaw(law).scalar()

describe('laws of one number', () => {
  it.each<Law>([
    { kind: 'gaussian' },
    { kind: 'uniform' },
    { kind: 'laplace' },
    { kind: 'cauchy' },
    { kind: 'student', nu: 0.7 },
    { kind: 'student', nu: 3 },
    { kind: 'student', nu: 30 },
    { kind: 'stable', alpha: 2 },
    { kind: 'stable', alpha: 1.5 },
  ])('has a tail that is the integral of its density: %j', (kind) => {
    const law = lawOf(kind)
    const { nodes, weights } = gaussLegendre(100)
    for (const [from, to] of [
      [0, 0.5],
      [1, 1.7],
      [2, 5],
    ] as const) {
      if (law.kinks.some((kink) => kink > from && kink < to)) continue
      const integral = nodes.reduce(
        (sum, x, i) => sum + 0.5 * (to - from) * weights[i]! * law.density(0.5 * (from + to + x * (to - from))),
        0,
      )
      expect(law.upper(from) - law.upper(to)).toBeCloseTo(integral, 13)
      expect(probabilityBetween(law, -to, -from)).toBeCloseTo(integral, 13)
    }
    expect(probabilityBetween(law, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(1)
    expect(law.upper(0)).toBeCloseTo(0.5, 14)
  })

  /** Known in closed form, and pt(1, 3, lower.tail = FALSE) of R. */
  it('has the tails of Student', () => {
    const { upper } = lawOf({ kind: 'student', nu: 3 })
    expect(upper(1) / 0.19550110947788532).toBeCloseTo(1, 13)
    // For nu = 3 in closed form: 1/2 - (atan(t/sqrt 3) + (t/sqrt 3)/(1 + t^2/3)) / pi.
    const t = 2.5
    const u = t / Math.sqrt(3)
    expect(upper(t)).toBeCloseTo(0.5 - (Math.atan(u) + u / (1 + u * u)) / Math.PI, 14)
  })

  it('says what has no density', () => {
    expect(() => lawOf({ kind: 'rademacher' })).toThrow(/rademacher/)
  })
})
