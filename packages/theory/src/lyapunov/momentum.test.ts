import { describe, expect, test } from 'vitest'
import { exponentialBound } from '../ball/exponential.ts'
import { multiply, point, power } from '../interval/interval.ts'
import { type MomentumQuestion, momentumBounds, quickBound } from './momentum.ts'

const question = (sigma: number, more: Partial<MomentumQuestion> = {}): MomentumQuestion => {
  const { eta = 0.1, dimension = 1 } = more
  const s = sigma === 0 ? point(0) : power(point(eta * sigma), 2)
  const all = sigma === 0 ? s : multiply(point(dimension), s)
  return {
    eta,
    beta: 0.5,
    mu: 1.19,
    lambda: 2.99,
    dimension,
    radius: 0.3,
    start: 0,
    steps: 100,
    proxy: { xx: s, xv: s, vv: s },
    moments: { xx: all, xv: all, vv: all },
    ...more,
  }
}

describe('without momentum', () => {
  test.each([
    [0.2, 1, 0],
    [0.3, 1, 0.15],
    [0.2, 3, 0.1],
    [0.4, 2, 0],
  ])('the bounds are those of plain descent: sigma %s in %s dimensions from %s', (sigma, dimension, start) => {
    const plain = { dimension, rho: () => 0.881, scale: () => 0.1 * sigma, stationary: true }
    const expected = exponentialBound(plain, { radius: 0.3, start, steps: 100 })!
    const { exponential, doob } = momentumBounds(question(sigma, { beta: 0, dimension, start }))
    expect(exponential! / expected).toBeCloseTo(1, 6)
    expect(exponential).toBeGreaterThan(expected * (1 - 1e-6))
    const byDoob = (start * start + 100 * dimension * (0.1 * sigma) ** 2) / 0.09
    expect(doob! / byDoob).toBeCloseTo(1, 5)
  })
})

test('one curvature: the exponent is that of the stationary variance, as for plain descent', () => {
  const [eta, beta, h, s] = [0.1, 0.8, 2, 0.01]
  const variance = (s * s * (1 + beta)) / ((1 - beta) * eta * h * (2 * (1 + beta) - eta * h))
  const radius = 24 * Math.sqrt(variance)
  const { exponential } = momentumBounds(question(s / eta, { beta, mu: h, lambda: h, radius }))
  // exp(-r^2 / 2 v) = exp(-288), less what the factor A costs: at most twice, for two numbers, what it costs there.
  const plain = { dimension: 1, rho: () => Math.sqrt(1 - 0.01), scale: () => 0.1, stationary: true }
  const without = exponentialBound(plain, { radius: 24, start: 0, steps: 100 })!
  expect(-Math.log(exponential!)).toBeLessThan(288)
  expect(-Math.log(exponential!)).toBeGreaterThan(288 - 2 * (288 + Math.log(without)))
})

test('without noise nothing leaves, and nothing is said where no norm contracts', () => {
  expect(momentumBounds(question(0))).toMatchObject({ exponential: 0, doob: 0 })
  expect(momentumBounds(question(0, { start: 0.15 }))).toMatchObject({ exponential: 0, doob: 0 })
  expect(momentumBounds(question(0, { beta: 0.9, start: 0.1 })).exponential).toBe(1)
  expect(quickBound(question(0))).toBe(0)
})

test('finds no norm where steps grow, and where the curvature may change with each step', () => {
  const unstable = momentumBounds(question(0.1, { eta: 1.01, lambda: 3, mu: 2.9 }))
  expect(unstable.norm.rho).toBeGreaterThan(1)
  expect(unstable).toMatchObject({ exponential: 1, doob: null })
  const changing = momentumBounds(question(0.1, { beta: 0.9 }))
  expect(changing.norm.rho).toBeGreaterThan(1)
  expect(changing).toMatchObject({ exponential: 1, doob: null })
  // Such a change does lead away: the larger curvature on the way in, the smaller one on the way out.
  let [x, v] = [1, 0]
  let farthest = 0
  for (let n = 0; n < 400; n++) {
    const h = x * v < 0 ? 2.99 : 1.19
    v = 0.9 * v - 0.1 * h * x
    x += v
    farthest = Math.max(farthest, Math.abs(x))
  }
  expect(farthest).toBeGreaterThan(10)
})

test('a longer horizon, a wider noise, a farther start and a smaller radius are never better', () => {
  const at = (more: Partial<MomentumQuestion>, sigma = 0.15) => momentumBounds(question(sigma, more)).exponential!
  const base = at({})
  expect(base).toBeGreaterThan(0)
  for (const worse of [at({ steps: 200 }), at({}, 0.16), at({ start: 0.1 }), at({ radius: 0.28 }), at({ lambda: 3.2 })])
    expect(worse).toBeGreaterThan(base)
})
