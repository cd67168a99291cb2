import { runReference } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { stabilityLimit, stabilityPremise } from './stability.ts'

const bowl = (update: Readonly<Record<string, unknown>>, h = 1): Cell =>
  cellOf(
    'quadratic',
    {
      landscape: { preset: 'quadratic', dimension: 1, parameters: { h } },
      start: [1],
      update,
      trial: { steps: 2000, divergence: 1e200 },
    },
    1,
  )
const written = (state: Readonly<Record<string, number>>, step: Readonly<Record<string, string>>) => ({
  custom: { state, step },
})

/** Curvatures of a minimum. */
const near = (values: readonly number[]) => () => ({ at: 'minimum' as const, values })

describe('the limit', () => {
  const rules = [
    { rule: 'gradient' },
    { rule: 'momentum', beta: 0.5 },
    { rule: 'momentum', beta: 0.9 },
    { rule: 'nesterov', beta: 0.5 },
    { rule: 'nesterov', beta: 0.9 },
    { rule: written({ v: 0 }, { v: '0.7*v + g', theta: 'theta - eta*v - eta*g/2' }) },
  ]

  /** The trials themselves: 2,000 steps on a bowl, a thousandth of the limit below and above it. */
  test.each(rules)('is where descent ceases to come to rest: %j', (rule) => {
    const limit = stabilityLimit(bowl({ ...rule, eta: 0.1 }).update.rule, 0.1)!
    const distance = (h: number) =>
      Math.abs(runReference(bowl({ ...rule, eta: 0.1 }, h), 0, 1, { horizons: [], theta: true }).theta![0]!)
    expect(distance((0.999 * limit) / 0.1)).toBeLessThan(0.6)
    expect(distance((1.001 * limit) / 0.1)).toBeGreaterThan(1.5)
  })

  test('of a rule that is written out is that of the rule', () => {
    const nesterov = bowl({
      rule: written({ v: 0 }, { v: '0.8*v + g', theta: 'theta - eta*(g + 0.8*v)' }),
      eta: 0.1,
    })
    expect(stabilityLimit(nesterov.update.rule, 0.1)).toBeCloseTo(3.6 / 2.6, 4)
  })

  test.each([
    { rule: 'adam' },
    { rule: 'rmsprop' },
    { rule: 'adagrad' },
    { rule: written({}, { theta: 'theta - eta*g^3' }) },
  ])('is not known of %j', (rule) => {
    expect(stabilityLimit(bowl({ ...rule, eta: 0.1 }).update.rule, 0.1)).toBe(null)
  })
})

describe('the premise', () => {
  test('has the largest curvature and the largest step size of the horizon', () => {
    const warm = {
      rule: 'gradient',
      eta: {
        piecewise: [
          [0, 0.01],
          [100, 0.2],
          [5000, 3],
        ],
      },
    }
    expect(stabilityPremise(bowl(warm), near([-3, 1, 4]))).toEqual({ eta: 0.2, curvature: 4, limit: 2 })
    const grows = bowl({ rule: 'gradient', eta: { expression: '0.1 + n/1999' } })
    expect(stabilityPremise(grows, near([1]))!.eta).toBeCloseTo(1.1, 12)
    const shrinks = bowl({ rule: 'gradient', eta: { power: { initial: 0.3, offset: 10, exponent: 1 } } })
    expect(stabilityPremise(shrinks, near([1]))!.eta).toBe(0.3)
  })

  test('is none on a flat landscape, at a maximum, and for rules without a limit', () => {
    expect(stabilityPremise(bowl({ rule: 'gradient', eta: 0.1 }), near([0]))).toBe(null)
    expect(stabilityPremise(bowl({ rule: 'gradient', eta: 0.1 }), near([-2]))).toBe(null)
    expect(stabilityPremise(bowl({ rule: 'adam', eta: 0.1 }), near([1]))).toBe(null)
  })
})
