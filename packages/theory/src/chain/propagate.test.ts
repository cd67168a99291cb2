import { expect, test } from 'vitest'
import { affordableHorizons, stepsUntil } from './propagate.ts'

/** Drifts at looks that are 16 steps apart. */
const driftsOf = (drift: (n: number) => number, count = 40) => Array.from({ length: count }, (_, k) => drift(16 * k))

test('a drift that decays by one mode is forecast to the step', () => {
  const rate = 0.01
  const drifts = driftsOf((n) => Math.exp(-rate * n))
  // It has to fall from its largest in the last quarter, 10 looks long.
  const from = 16 * 30
  expect(stepsUntil(1e-9, drifts)).toBeCloseTo(Math.log(1e9) / rate - from, 6)
})

test('a drift that turns round on its way is not taken for one that stays', () => {
  const drifts = driftsOf((n) => Math.exp(-0.01 * n) * Math.abs(Math.cos(n / 37)) + 1e-30)
  expect(stepsUntil(1e-9, drifts)).toBeLessThan(4000)
})

test('a drift that does not fall is waited for in vain, and of few looks nothing is said', () => {
  expect(
    stepsUntil(
      1e-9,
      driftsOf(() => 1e-3),
    ),
  ).toBe(Number.POSITIVE_INFINITY)
  expect(stepsUntil(1e-9, [1, 1, 1, 1])).toBe(0)
  expect(
    stepsUntil(
      1e-3,
      driftsOf((n) => Math.exp(-n)),
    ),
  ).toBe(0)
})

test('of a schedule the horizons are followed that its smallest matrix can reach, with some room', () => {
  const horizons = [10, 100, 1000]
  const reach = (entries: (n: number) => number, maxWork: number) =>
    affordableHorizons({ entriesAt: entries }, horizons, maxWork)
  expect(reach(() => 50, 50 * 1000)).toBe(3)
  expect(reach(() => 50, 1)).toBe(0)
  // The matrix of the middle is the smallest: at most twice the work is expected to be too much.
  const narrowing = (n: number) => (n === 500 ? 20 : 1000)
  expect(reach(narrowing, 20 * 500)).toBe(3)
  expect(reach(narrowing, 20 * 499)).toBe(2)
  expect(reach(narrowing, 20 * 50)).toBe(2)
  expect(reach(narrowing, 20 * 49)).toBe(1)
})
