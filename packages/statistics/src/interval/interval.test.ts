import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StatisticsError } from '../error.ts'
import { clopperPearson, inverseBinomialAt, jeffreysAt, poissonAt, wilsonAt } from './fixedSize.ts'
import known from './fixtures/intervals.json'
import large from './fixtures/large.json'
import type { Interval } from './interval.ts'
import { betaBinomialSequence } from './sequence.ts'

function expectNear({ low, high }: Interval, [lower, upper]: readonly number[]): void {
  expect(Math.abs(low - lower!)).toBeLessThanOrEqual(1e-10 * lower!)
  expect(Math.abs(high - upper!)).toBeLessThanOrEqual(1e-10 * upper!)
}

describe('answers of SciPy', () => {
  test.each(known.binomial)('$k of $n', ({ k, n, ...expected }) => {
    expectNear(clopperPearson(k, n, 0.95), expected.clopperPearson)
    expectNear(wilsonAt(k, n, 1 - 0.95), expected.wilson)
    expectNear(jeffreysAt(k, n, 1 - 0.95), expected.jeffreys)
  })
  test.each(known.sequence)('any-time, $k of $n', ({ k, n, interval }) => {
    expectNear(betaBinomialSequence(k, n, 0.05), interval)
  })
  test.each(known.inverse)('ended by event $k at trial $n', ({ k, n, interval }) => {
    expectNear(inverseBinomialAt(k, n, 0.05), interval)
  })
  test.each(known.poisson)('Poisson count $d', ({ d, interval }) => {
    expectNear(poissonAt(d, 0.05), interval)
  })
})

test.each(large)('answers of mpmath: $k of $n', ({ k, n, ...expected }) => {
  for (const [interval, [lower, upper]] of [
    [clopperPearson(k, n, 0.95), expected.clopperPearson],
    [wilsonAt(k, n, 1 - 0.95), expected.wilson],
    [jeffreysAt(k, n, 1 - 0.95), expected.jeffreys],
  ] as const) {
    expect(Math.abs(interval.low / lower! - 1)).toBeLessThan(1e-13)
    expect(Math.abs(interval.high / upper! - 1)).toBeLessThan(1e-13)
  }
})

// Newcombe, Statistics in Medicine 17 (1998), Table I, to the four digits printed there: Clopper-Pearson, then Wilson.
test.each([
  [81, 263, 0.2527, 0.3676, 0.2553, 0.3662],
  [15, 148, 0.0578, 0.1617, 0.0624, 0.1605],
  [0, 20, 0, 0.1684, 0, 0.1611],
  [1, 29, 0.0009, 0.1776, 0.0061, 0.1718],
])('Newcombe: %d of %d', (k, n, low, high, scoreLow, scoreHigh) => {
  expect(clopperPearson(k, n, 0.95).low).toBeCloseTo(low, 4)
  expect(clopperPearson(k, n, 0.95).high).toBeCloseTo(high, 4)
  expect(wilsonAt(k, n, 1 - 0.95).low).toBeCloseTo(scoreLow, 4)
  expect(wilsonAt(k, n, 1 - 0.95).high).toBeCloseTo(scoreHigh, 4)
})

test('no events: 0 and the real upper limit', () => {
  expect(clopperPearson(0, 1e15, 0.95).low).toBe(0)
  expect(clopperPearson(0, 1e15, 0.95).high).toBeCloseTo(3.6888794541139e-15, 26)
  expect(clopperPearson(1e15, 1e15, 0.95)).toEqual({ low: 1 - 3.6637359812630166e-15, high: 1 })
})

/** k of n by a share, so that both ends and the middle occur. */
const counts = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 15 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([n, share]) => [Math.min(n, Math.round(n * share ** 8)), n] as const)

test('every interval holds k / n; events and their complement mirror each other', () => {
  const intervals: ((k: number, n: number) => Interval)[] = [
    (k, n) => clopperPearson(k, n, 0.95),
    (k, n) => wilsonAt(k, n, 1 - 0.95),
    (k, n) => jeffreysAt(k, n, 1 - 0.95),
    (k, n) => betaBinomialSequence(k, n, 0.05),
  ]
  fc.assert(
    fc.property(counts, ([k, n]) => {
      for (const interval of intervals) {
        const { low, high } = interval(k, n)
        const mirror = interval(n - k, n)
        expect(0 <= low && low <= k / n && k / n <= high && high <= 1).toBe(true)
        expect(Math.abs(1 - mirror.high - low)).toBeLessThan(1e-14)
        expect(Math.abs(1 - mirror.low - high)).toBeLessThan(1e-14)
      }
    }),
  )
})

test('more confidence, more trials, more looks: each interval holds or is held', () => {
  fc.assert(
    fc.property(counts, ([k, n]) => {
      const usual = clopperPearson(k, n, 0.95)
      const sure = clopperPearson(k, n, 0.999)
      const always = betaBinomialSequence(k, n, 0.05)
      expect(sure.low <= usual.low && usual.high <= sure.high).toBe(true)
      // Equal at n = 1.
      expect(always.low - 1e-14 <= usual.low && usual.high <= always.high + 1e-14).toBe(true)
    }),
  )
})

test('refuses what is no count, and says why', () => {
  expect(() => clopperPearson(11, 10, 0.95)).toThrow(StatisticsError)
  expect(() => wilsonAt(1.5, 10, 1 - 0.95)).toThrow('1.5 of 10')
  expect(() => jeffreysAt(0, 0, 1 - 0.95)).toThrow('at least one trial')
  expect(() => clopperPearson(1, 10, 95)).toThrow('write 0.95 for 95 %')
})
