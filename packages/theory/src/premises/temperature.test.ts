import { compiledModule } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { runTrials } from './runTrials.ts'
import { temperatureOf, temperaturePremise } from './temperature.ts'

const effectiveTemperature = (cell: Cell, curvature: number) => temperatureOf(cell)?.along(curvature) ?? null

const bowl = (update: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): Cell =>
  cellOf(
    'quadratic',
    { landscape: { preset: 'quadratic', dimension: 1 }, start: [0], update, trial: { steps: 400 }, ...more },
    1,
  )
const additive = (scale: Readonly<Record<string, unknown>>, law: unknown = 'gaussian') => ({
  form: 'additive',
  law,
  ...scale,
})
const momentum = (beta: number, scale: Readonly<Record<string, unknown>> = { temperature: 0.7 }) =>
  beta === 0
    ? { rule: 'gradient', eta: 0.1, drift: additive(scale) }
    : { rule: 'momentum', beta, eta: 0.1, drift: additive(scale) }
const custom = (state: Readonly<Record<string, number>>, step: Readonly<Record<string, string>>) => ({
  custom: { state, step },
})

describe('the temperature of a rule', () => {
  test('gradient descent has T 2/(2 - eta h)', () => {
    for (const curvature of [1e-6, 0.3, 1, 19])
      expect(effectiveTemperature(bowl(momentum(0)), curvature)! / (1.4 / (2 - 0.1 * curvature))).toBeCloseTo(1, 8)
  })

  /** Curvature 1, eta 0.1: of T, by the AR(2) recursion in closed form. */
  test.each([
    [0, 1.0526],
    [0.5, 0.6552],
    [0.9, 1.0757],
  ])('momentum %d has %d T', (beta, share) => {
    expect(effectiveTemperature(bowl(momentum(beta)), 1)! / 0.7).toBeCloseTo(share, 4)
  })

  test('small steps leave T (1 - beta) to momentum, T to gradient descent', () => {
    for (const beta of [0, 0.5, 0.9])
      expect(effectiveTemperature(bowl({ ...momentum(beta), eta: 1e-6 }), 1)! / 0.7).toBeCloseTo(1 - beta, 4)
  })

  test('noise on the gradient beside momentum: (1 + b) s^2 / ((1 - b) eta h (2 (1 + b) - eta h)) times h', () => {
    const [eta, sigma] = [0.1, 0.4]
    for (const beta of [0, 0.3, 0.9])
      for (const h of [0.1, 1, 8]) {
        const step = (eta * sigma) ** 2
        const variance = ((1 + beta) * step) / ((1 - beta) * eta * h * (2 * (1 + beta) - eta * h))
        expect(effectiveTemperature(bowl(momentum(beta, { sigma })), h)! / (h * variance)).toBeCloseTo(1, 10)
      }
  })

  test('rules that are written out are the rules themselves', () => {
    const drift = [additive({ sigma: 0.4 }), additive({ step: 0.05 })]
    const written = [
      [{ rule: 'gradient' }, custom({}, { theta: 'theta - eta*g' })],
      [{ rule: 'momentum', beta: 0.8 }, custom({ v: 0 }, { v: '0.8*v - eta*g', theta: 'theta + v' })],
      [{ rule: 'nesterov', beta: 0.8 }, custom({ v: 0 }, { v: '0.8*v + g', theta: 'theta - eta*(g + 0.8*v)' })],
    ] as const
    for (const [rule, own] of written) {
      const [one, other] = [bowl({ ...rule, eta: 0.1, drift }), bowl({ rule: own, eta: 0.1, drift })]
      const value = effectiveTemperature(one, 2)!
      expect(value).toBeGreaterThan(0)
      expect(effectiveTemperature(other, 2)! / value).toBeCloseTo(1, 12)
    }
  })

  test('the xi of a rule is noise: Langevin with T in its text', () => {
    const rule = custom({}, { theta: 'theta - eta*g + sqrt(2*eta*0.7)*xi' })
    const found = temperatureOf(bowl({ rule, eta: 0.1 }))!
    expect(found.asked).toBe(null)
    expect(found.nominal).toBeCloseTo(0.7, 12)
    expect(found.along(1)! / 0.7).toBeCloseTo(1.0526, 4)
  })

  test.each([
    ['uniform', 1],
    [{ student: { nu: 4 } }, 2],
    [{ stable: { alpha: 2 } }, 2],
  ])('a law counts with its variance: %j', (law, variance) => {
    const { nominal } = temperatureOf(bowl({ rule: 'gradient', eta: 0.1, drift: additive({ step: 0.1 }, law) }))!
    expect(nominal).toBeCloseTo((0.01 * variance) / 0.2, 12)
  })

  test.each([
    ['no drift', { rule: 'gradient', eta: 0.1 }],
    ['no noise', { rule: 'gradient', eta: 0.1, drift: additive({ sigma: 0 }) }],
    ['no variance', { rule: 'gradient', eta: 0.1, drift: additive({ sigma: 1 }, 'cauchy') }],
    ['no variance', { rule: 'gradient', eta: 0.1, drift: additive({ sigma: 1 }, { student: { nu: 2 } }) }],
    ['at times', { rule: 'gradient', eta: 0.1, drift: { ...additive({ sigma: 1 }), every: 2 } }],
    ['of state', { rule: 'gradient', eta: 0.1, drift: { form: 'multiplicative', law: 'gaussian', sigma: 1 } }],
    ['adaptive', { rule: 'adam', eta: 0.1, drift: additive({ temperature: 1 }) }],
    ['not linear', { rule: custom({}, { theta: 'theta - eta*sign(g)' }), eta: 0.1, drift: additive({ step: 1 }) }],
    ['not linear', { rule: custom({}, { theta: 'theta - eta*g*abs(g)' }), eta: 0.1, drift: additive({ step: 1 }) }],
    ['of time', { rule: custom({}, { theta: 'theta - eta*g/(n + 1)' }), eta: 0.1, drift: additive({ step: 1 }) }],
  ])('is not known: %s', (_, update) => {
    expect(temperatureOf(bowl(update))).toBe(null)
  })

  test('is infinite, or none, where nothing holds theta', () => {
    const { along } = temperatureOf(bowl(momentum(0)))!
    expect([along(0), along(-1), along(20.1), along(Number.NaN)]).toEqual([null, null, null, null])
    expect(along(19.9)).toBeGreaterThan(100)
  })
})

/**
 * 4,000 trials of 400 steps: their last thetas are independent normals, so the sum of squares over the variance is
 * chi-square with 4,000 degrees of freedom, of standard deviation 0.0224 times its mean. Five of these on each side: a
 * false alarm once in 1.7 million.
 */
describe('simulated', () => {
  const varianceOf = async (cell: Cell): Promise<number> => {
    const { theta } = await runTrials(cell, { first: 0, count: 4000 }, { tables: [], module: compiledModule })
    return theta!.reduce((sum, x) => sum + x * x, 0) / 4000
  }
  test.each([
    [momentum(0)],
    [momentum(0.9)],
    [momentum(0.9, { sigma: 1 })],
    [{ rule: 'nesterov', beta: 0.8, eta: 0.3, drift: additive({ sigma: 1 }) }],
  ])('%j', { timeout: 60_000 }, async (update) => {
    const cell = bowl(update)
    const ratio = (await varianceOf(cell)) / effectiveTemperature(cell, 1)!
    expect(Math.abs(ratio - 1)).toBeLessThan(0.112)
    // A momentum of 0.8 in place of 0.9 would be seen.
    if ('beta' in update && update.beta === 0.9)
      expect(
        Math.abs(
          (ratio * effectiveTemperature(cell, 1)!) / effectiveTemperature(bowl({ ...update, beta: 0.6 }), 1)! - 1,
        ),
      ).toBeGreaterThan(0.2)
  })
})

describe('the premise', () => {
  test('has the temperatures along the curvatures that hold', () => {
    const premise = temperaturePremise(bowl(momentum(0.5)), () => [-1, 0, 1e-9, 1, 4])!
    expect(premise).toMatchObject({ asked: 0.7, end: null })
    expect(premise.nominal).toBeCloseTo(0.7, 12)
    expect(premise.modes.map(({ curvature }) => curvature)).toEqual([1, 4])
    expect(premise.modes[0]!.temperature / 0.7).toBeCloseTo(0.6552, 4)
  })

  test('leaves out what diverges, and most of very many', () => {
    const many = Array.from({ length: 100 }, (_, i) => i + 1)
    expect(temperaturePremise(bowl(momentum(0)), () => many)!.modes.map(({ curvature }) => curvature)).toEqual([
      1, 8, 14,
    ])
    expect(temperaturePremise(bowl({ ...momentum(0), eta: 1e-3 }), () => many)!.modes.length).toBe(16)
  })

  test('a schedule is looked at where it begins and where it ends', () => {
    const eta = { exponential: { initial: 0.1, rate: 0.99 } }
    const { end, modes } = temperaturePremise(bowl({ ...momentum(0), eta }), () => [1])!
    const last = 0.1 * 0.99 ** 399
    expect(modes[0]!.temperature / 0.7).toBeCloseTo(2 / 1.9, 10)
    expect(end!.modes[0]!.temperature / 0.7).toBeCloseTo(2 / (2 - last), 10)
    expect(end!.asked).toBe(0.7)
  })

  test('tells of a temperature beside a rule that makes none of its noise', () => {
    const of = (rule: string) =>
      temperaturePremise(bowl({ rule, eta: 0.1, drift: additive({ temperature: 0.7 }) }), () => [1])
    expect(of('adam')).toEqual({ asked: 0.7, nominal: 0.7, modes: [], end: null, unlike: 'adam' })
    expect(of('gradient')!.unlike).toBe(undefined)
  })

  test('asks for no curvature where it has no answer', () => {
    const fails = () => {
      throw new Error('not asked for')
    }
    expect(temperaturePremise(bowl({ rule: 'adam', eta: 0.1, drift: additive({ sigma: 1 }) }), fails)).toBe(null)
  })
})
