import type { Cell } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { barrierTemperature } from './temperature.ts'

const cell = (update: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Cell =>
  cellOf('quadratic', {
    landscape: { preset: 'quadratic', dimension: 1 },
    start: [0],
    update,
    trial: { steps: 10 },
    ...more,
  })
const drift = (scale: Readonly<Record<string, unknown>>, law: unknown = 'gaussian') => ({
  form: 'additive',
  law,
  ...scale,
})
const T = { temperature: 0.3 }

describe('the temperature that climbs barriers', () => {
  test.each([
    ['gradient', { rule: 'gradient', eta: 0.1 }, T, 1],
    ['gradient at long steps, where theta is hotter at the minimum', { rule: 'gradient', eta: 1.5 }, T, 1],
    ['momentum', { rule: 'momentum', beta: 0.5, eta: 0.1 }, T, 0.5],
    // Along a curvature of 1 this has 1.0757 T: what theta has at a minimum says nothing of slopes.
    ['heavy momentum', { rule: 'momentum', beta: 0.9, eta: 0.1 }, T, 0.1],
    ['nesterov', { rule: 'nesterov', beta: 0.9, eta: 0.1 }, T, 0.1],
    // sigma = sqrt(2 T / eta) is T of a single step.
    ['momentum, on the gradient', { rule: 'momentum', beta: 0.75, eta: 0.1 }, { sigma: Math.sqrt(6) }, 4],
    ['nesterov, on the gradient', { rule: 'nesterov', beta: 0.75, eta: 0.1 }, { sigma: Math.sqrt(6) }, 4],
    ['a rule of its own', { rule: { custom: { step: { theta: 'theta - 2*eta*g' } } }, eta: 0.1 }, T, 0.5],
  ])('of %s', (_, update, scale, share) => {
    const found = barrierTemperature(cell({ ...update, drift: drift(scale) }))
    expect('temperature' in found && found.temperature / 0.3 / share).toBeCloseTo(1, 4)
  })

  test('it is said why it is another than that of a step', () => {
    const why = (update: Readonly<Record<string, unknown>>) => {
      const found = barrierTemperature(cell({ eta: 0.1, ...update }))
      return 'why' in found ? found.why : found
    }
    const [rule, beta] = ['momentum', 0.5]
    expect(why({ rule, beta, drift: drift(T) })).toBe(
      'with momentum beta 0.5, noise on theta has temperature T (1 - beta)',
    )
    expect(why({ rule, beta, drift: drift({ sigma: 1 }) })).toBe(
      'with momentum beta 0.5, noise on the gradient has temperature T/(1 - beta)',
    )
    expect(why({ rule, beta, drift: [drift({ sigma: 1 }), drift(T)] })).toBe(null)
    expect(why({ rule, beta: 0, drift: drift(T) })).toBe(null)
    expect(why({ rule: 'gradient', drift: drift(T) })).toBe(null)
  })

  test.each([
    ['adaptive', { rule: 'adam', drift: drift(T) }, /the steps of adam are not linear/],
    [
      'of place',
      { drift: { form: 'multiplicative', law: 'gaussian', sigma: 1 } },
      /multiplicative noise depends on theta/,
    ],
    ['of another law', { drift: drift(T, 'laplace') }, /tails of the laplace distribution/],
    ['at times', { drift: { ...drift(T), every: 3 } }, /only at some steps/],
    ['scheduled', { eta: { power: { initial: 0.1, offset: 1, exponent: 1 } }, drift: drift(T) }, /from step to step/],
    ['none', { drift: 'none' }, /there is no noise/],
    [
      'held by more than the gradient',
      { rule: { custom: { step: { theta: '0.9*theta - eta*g' } } }, drift: drift(T) },
      /something other than the gradient also moves theta/,
    ],
    [
      'not linear',
      { rule: { custom: { step: { theta: 'theta - eta*sign(g)' } } }, drift: drift(T) },
      /not linear in the gradients/,
    ],
  ])('is not known where the noise is %s', (_, update, why) => {
    const found = barrierTemperature(cell({ rule: 'gradient', eta: 0.1, ...update }))
    expect('unknown' in found && found.unknown).toMatch(why)
  })

  test('nor of batches', () => {
    const formula = {
      variables: ['w'],
      expression: '(w - a)^2',
      data: { columns: { a: [1, 2] } },
      batch: 1,
    }
    const found = barrierTemperature(cell({ rule: 'gradient', eta: 0.1, drift: drift(T) }, { landscape: { formula } }))
    expect(found).toEqual({ unknown: 'the noise of batches depends on theta' })
  })
})
