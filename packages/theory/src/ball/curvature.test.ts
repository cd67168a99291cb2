import { landscapeFunction } from '@driftfarm/kernel'
import type { FormulaLandscape } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { certifiedCurvature, newBudget, sampledCurvature } from './curvature.ts'

function derivatives(preset: string, dimension: number) {
  const { landscape } = cellOf(preset, preset === 'quadratic' ? { landscape: { preset, dimension } } : {}, dimension)
  const found = derivativesOf(landscape as FormulaLandscape, [])
  if (found === null) throw new Error('no derivatives')
  return found
}

const curvature = (preset: string, center: readonly number[], radius: number, count = 8) =>
  certifiedCurvature(derivatives(preset, center.length), { center, radius }, count).at(-1)!

describe('curvature proven by intervals', () => {
  it('of the double well: L" = 3 x^2 - 1, secants x (x - 1)', () => {
    const found = curvature('double-well', [-1], 0.3)
    // In [-1.3, -0.7]: 3 * 0.49 - 1 and 3 * 1.69 - 1; 0.7 * 1.7 and 1.3 * 2.3.
    for (const [value, exact] of [
      [found.mu, 0.47],
      [found.meanMu, 1.19],
    ] as const) {
      expect(value).toBeLessThanOrEqual(exact)
      expect(value).toBeGreaterThan(exact - 1e-5)
    }
    for (const [value, exact] of [
      [found.lambda, 4.07],
      [found.meanLambda, 2.99],
    ] as const) {
      expect(value).toBeGreaterThanOrEqual(exact)
      expect(value).toBeLessThan(exact + 1e-5)
    }
  })

  it('of a quadratic in three dimensions is its own', () => {
    const found = curvature('quadratic', [0, 0, 0], 5)
    expect(found.mu).toBeGreaterThan(1 - 1e-11)
    expect(found.lambda).toBeLessThan(1 + 1e-11)
    expect(found.meanMu).toBeGreaterThan(1 - 1e-11)
  })

  it('of the banana holds at a thousand points of the ball, and is nearly attained', () => {
    const center = [-1, 1]
    const found = curvature('banana', center, 0.3)
    const sampled = sampledCurvature(landscapeFunction(cellOf('banana'), []), { center, radius: 0.3 }, 16).at(-1)!
    expect(found.mu).toBeLessThanOrEqual(sampled.mu + 1e-9)
    expect(found.mu).toBeGreaterThan(sampled.mu - 0.05)
    expect(found.lambda).toBeGreaterThanOrEqual(sampled.lambda - 1e-9)
    expect(found.lambda).toBeLessThan(sampled.lambda + 0.1)
    expect(found.meanMu).toBeLessThanOrEqual(sampled.meanMu + 1e-3)
    expect(found.meanMu).toBeGreaterThan(found.mu)
  })

  it('knows a kink', () => {
    const landscape = {
      ...(cellOf('quadratic', {}, 1).landscape as FormulaLandscape),
      parameters: [],
      variables: ['x'],
      expression: 'x^2 + abs(x - 0.1)',
    }
    const of = derivativesOf(landscape, [])
    if (of === null) throw new Error('no derivatives')
    expect(certifiedCurvature(of, { center: [0], radius: 0.09 }, 1)[0]!.mu).toBeCloseTo(2, 10)
    expect(certifiedCurvature(of, { center: [0], radius: 0.11 }, 1)[0]!.mu).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('the work of a proof', () => {
  const kinked = (expression: string) => {
    const preset = cellOf('quadratic', {}, 1).landscape as FormulaLandscape
    const of = derivativesOf({ ...preset, parameters: [], variables: ['x'], expression }, [])
    if (of === null) throw new Error('no derivatives')
    return of
  }

  it('is small at a kink: some boxes around it show that no part of the ball has a bound', () => {
    const budget = newBudget()
    const before = budget.left
    const found = certifiedCurvature(kinked('x^2 + abs(x - 0.1)'), { center: [0], radius: 1 }, 16, budget)
    expect(found.at(-1)!.mu).toBe(Number.NEGATIVE_INFINITY)
    expect(before - budget.left).toBeLessThan(1e6)
  })

  it('is none where the loss is constant', () => {
    const of = { ...kinked('x^2'), dimension: 0, hessian: () => [], gradient: () => [] }
    expect(certifiedCurvature(of, { center: [], radius: 1 }, 2).at(-1)).toMatchObject({ mu: 0, meanLambda: 0 })
  })

  it('ends with what the budget holds, and what is found is a proof still', () => {
    const budget = newBudget()
    budget.left = 1000
    const of = kinked('(x^2-1)^2/4 + 0.01*sin(40*x)')
    const poor = certifiedCurvature(of, { center: [-1], radius: 0.3 }, 4, budget).at(-1)!
    const rich = certifiedCurvature(of, { center: [-1], radius: 0.3 }, 4).at(-1)!
    expect(budget.left).toBeLessThanOrEqual(0)
    expect(poor.mu).toBeLessThan(rich.mu)
    expect(poor.lambda).toBeGreaterThan(rich.lambda)
  })
})
