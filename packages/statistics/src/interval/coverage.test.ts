import { expect, test } from 'vitest'
import { binomialMass } from '../fixtures/binomialMass.ts'
import { clopperPearson, jeffreysAt, wilsonAt } from './fixedSize.ts'
import known from './fixtures/intervals.json'
import type { Interval } from './interval.ts'
import { betaBinomialSequence } from './sequence.ts'

type Method = (k: number, n: number) => Interval

/** The textbook interval, here as the one that must fail. */
function wald(k: number, n: number): Interval {
  const half = 1.959963984540054 * Math.sqrt(((k / n) * (1 - k / n)) / n)
  return { low: k / n - half, high: k / n + half }
}

/** Probability that the interval holds p, by enumeration of all counts. */
function coverage(method: Method, n: number, p: number): number {
  let sum = 0
  for (let k = 0; k <= n; k++) {
    const { low, high } = method(k, n)
    if (low <= p && p <= high) sum += binomialMass(k, n, p)
  }
  return sum
}

test.each(known.coverage)('exact coverage at n = $n, p = $p', ({ n, p, ...expected }) => {
  expect(coverage((k) => clopperPearson(k, n, 0.95), n, p)).toBeCloseTo(expected.clopper_pearson, 9)
  expect(coverage((k) => wilsonAt(k, n, 1 - 0.95), n, p)).toBeCloseTo(expected.wilson, 9)
  expect(coverage((k) => jeffreysAt(k, n, 1 - 0.95), n, p)).toBeCloseTo(expected.jeffreys, 9)
  expect(coverage(wald, n, p)).toBeCloseTo(expected.wald, 9)
})

const probabilities = Array.from({ length: 60 }, (_, i) => 0.0003 + i ** 2 / 7000)

test('Clopper-Pearson never covers less than it says; Wilson and Wald do', () => {
  const worst = (method: Method) => Math.min(...probabilities.map((p) => coverage(method, 100, p)))
  expect(worst((k, n) => clopperPearson(k, n, 0.95))).toBeGreaterThanOrEqual(0.95)
  expect(worst((k, n) => wilsonAt(k, n, 1 - 0.95))).toBeLessThan(0.92)
  expect(worst(wald)).toBeLessThan(0.1)
})

/**
 * Probability that the interval misses p at one n or more up to `most`, by the exact walk of the count over those paths
 * that it has held so far.
 */
function everMisses(method: Method, p: number, most: number): number {
  let held = [1]
  for (let n = 1; n <= most; n++) {
    held = Array.from({ length: n + 1 }, (_, k) => {
      const mass = (held[k] ?? 0) * (1 - p) + (held[k - 1] ?? 0) * p
      if (mass < 1e-18) return mass
      const { low, high } = method(k, n)
      return low <= p && p <= high ? mass : 0
    })
  }
  return 1 - held.reduce((sum, mass) => sum + mass, 0)
}

test.each([0.5, 0.1, 0.02])('looked at after each of 400 trials, p = %d: only the sequence keeps its word', (p) => {
  expect(everMisses((k, n) => betaBinomialSequence(k, n, 0.05), p, 400)).toBeLessThan(0.05)
  expect(everMisses((k, n) => clopperPearson(k, n, 0.95), p, 400)).toBeGreaterThan(0.08)
})
