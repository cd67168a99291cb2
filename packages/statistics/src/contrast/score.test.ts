import { expect, test } from 'vitest'
import { binomialMass } from '../fixtures/binomialMass.ts'
import type { Interval } from '../interval/interval.ts'
import type { PairTally } from './pairs.ts'
import { type Counted, differenceScore, mcnemar, pairedDifference, pairedRatio, ratioScore } from './score.ts'

const counted = (events: number, trials: number): Counted => ({ events, trials })
const rounded = ({ low, high }: Interval) => [low.toFixed(4), high.toFixed(4)]

// Newcombe 1998 (Statistics in Medicine 17, 873), table II, method 6; the last by Fagerland, Lydersen and Laake's
// contingencytables.
test.each([
  [counted(56, 70), counted(48, 80), ['0.0528', '0.3382']],
  [counted(9, 10), counted(3, 10), ['0.1700', '0.8406']],
  [counted(6, 7), counted(2, 7), ['0.0342', '0.8534']],
  [counted(5, 56), counted(0, 29), ['-0.0326', '0.1933']],
  [counted(0, 10), counted(0, 10), ['-0.2879', '0.2879']],
  [counted(0, 16), counted(15, 72), ['-0.3164', '-0.0056']],
])('the difference of independent cells %j - %j', (first, second, limits) => {
  expect(rounded(differenceScore(first, second, 0.05))).toEqual(limits)
})

test('the ratio of independent cells, by contingencytables 3.0; without events it reaches 0 and infinity', () => {
  expect(rounded(ratioScore(counted(7, 34), counted(1, 34), 0.05))).toEqual(['1.2086', '43.0330'])
  expect(ratioScore(counted(0, 16), counted(15, 72), 0.05).low).toBe(0)
  expect(ratioScore(counted(3, 20), counted(0, 20), 0.05).high).toBe(Number.POSITIVE_INFINITY)
  expect(ratioScore(counted(0, 20), counted(0, 20), 0.05)).toEqual({ low: 0, high: Number.POSITIVE_INFINITY })
  expect(ratioScore(counted(20, 20), counted(20, 20), 0.05).low).toBeGreaterThan(0.8)
})

/**
 * Complete response before and after therapy (Cavo 2012); hyper-responsiveness (Bentur 2009), as in Fagerland et al.
 * 2014.
 */
const cavo: PairTally = { both: 59, first: 6, second: 16, neither: 80 }
const bentur: PairTally = { both: 1, first: 1, second: 7, neither: 12 }

test('pairs: Tango, Tang and McNemar as contingencytables and Fagerland et al. (2014) have them', () => {
  expect(rounded(pairedDifference(cavo, 0.05))).toEqual(['-0.1240', '-0.0054'])
  expect(rounded(pairedRatio(cavo, 0.05))).toEqual(['0.7476', '0.9876'])
  expect(mcnemar(cavo)).toBeCloseTo(0.052479, 6)
  expect(rounded(pairedDifference(bentur, 0.05))).toEqual(['-0.5172', '-0.0260'])
  expect(pairedRatio(bentur, 0.05).low).toBeCloseTo(0.065, 3)
  expect(pairedRatio(bentur, 0.05).high).toBeCloseTo(0.907, 3)
  expect(mcnemar(bentur)).toBeCloseTo(18 / 256, 12)
})

test('pairs that never differ, and none with the event, have limits too', () => {
  const z = 1.959963984540054
  const none = pairedDifference({ both: 0, first: 0, second: 0, neither: 50 }, 0.05)
  expect(none.high).toBeCloseTo((z * z) / (50 + z * z), 10)
  expect(none.low).toBeCloseTo(-none.high, 12)
  expect(mcnemar({ both: 3, first: 0, second: 0, neither: 4 })).toBe(1)
  expect(pairedRatio({ both: 0, first: 0, second: 0, neither: 50 }, 0.05)).toEqual({
    low: 0,
    high: Number.POSITIVE_INFINITY,
  })
  expect(pairedRatio({ both: 0, first: 0, second: 4, neither: 50 }, 0.05).low).toBe(0)
})

test('the two cells exchanged: differences change their sign, ratios are inverted', () => {
  const turned = { ...cavo, first: cavo.second, second: cavo.first }
  const close = (a: number, b: number) => expect(a / b).toBeCloseTo(1, 9)
  const difference = pairedDifference(cavo, 0.05)
  close(pairedDifference(turned, 0.05).high, -difference.low)
  const ratio = pairedRatio(cavo, 0.05)
  close(pairedRatio(turned, 0.05).high, 1 / ratio.low)
  const [a, b] = [counted(13, 1_000_000_000), counted(29, 700_000_000)]
  close(differenceScore(b, a, 0.05).high, -differenceScore(a, b, 0.05).low)
  close(ratioScore(b, a, 0.05).low, 1 / ratioScore(a, b, 0.05).high)
})

/** Least and mean probability that an interval holds the truth, by enumeration of all tables. */
function coverage(points: readonly number[]) {
  return { least: Math.min(...points), mean: points.reduce((sum, each) => sum + each, 0) / points.length }
}

type Independent = (first: Counted, second: Counted, alpha: number) => Interval

const slack = 1e-9
const holds = ({ low, high }: Interval, truth: number) => low - slack <= truth && truth <= high + slack

function independent(method: Independent, truth: (p: number, q: number) => number, n: number, m: number) {
  const ps = [0.01, 0.03, 0.07, 0.2, 0.35, 0.5, 0.7, 0.87, 0.97, 0.99]
  const intervals = Array.from({ length: n + 1 }, (_, k) =>
    Array.from({ length: m + 1 }, (_, l) => method(counted(k, n), counted(l, m), 0.05)),
  )
  return coverage(
    ps.flatMap((p) =>
      ps.map((q) => {
        let sum = 0
        for (let k = 0; k <= n; k++)
          for (let l = 0; l <= m; l++)
            if (holds(intervals[k]![l]!, truth(p, q))) sum += binomialMass(k, n, p) * binomialMass(l, m, q)
        return sum
      }),
    ),
  )
}

/** The textbook interval: the one that must fail. */
const wald: Independent = (first, second) => {
  const [p, q] = [first.events / first.trials, second.events / second.trials]
  const half = 1.959963984540054 * Math.sqrt((p * (1 - p)) / first.trials + (q * (1 - q)) / second.trials)
  return { low: p - q - half, high: p - q + half }
}

test('exact coverage of 95 % intervals of independent cells, 20 and 30 trials', () => {
  const difference = independent(differenceScore, (p, q) => p - q, 20, 30)
  expect(difference.least).toBeGreaterThan(0.93)
  expect(difference.mean).toBeGreaterThan(0.95)
  expect(difference.mean).toBeLessThan(0.975)
  const ratio = independent(ratioScore, (p, q) => p / q, 20, 30)
  expect(ratio.least).toBeGreaterThan(0.91)
  expect(ratio.mean).toBeGreaterThan(0.95)
  expect(ratio.mean).toBeLessThan(0.975)
  expect(independent(wald, (p, q) => p - q, 20, 30).least).toBeLessThan(0.6)
})

type Paired = (pairs: PairTally, alpha: number) => Interval

function pairedTables(n: number): PairTally[] {
  const tables: PairTally[] = []
  for (let both = 0; both <= n; both++)
    for (let first = 0; both + first <= n; first++)
      for (let second = 0; both + first + second <= n; second++)
        tables.push({ both, first, second, neither: n - both - first - second })
  return tables
}

const tables = pairedTables(20)
const points = [0.01, 0.05, 0.2, 0.5].flatMap((both) =>
  [0.01, 0.04, 0.1, 0.2].flatMap((first) => [0.01, 0.04, 0.1, 0.2].map((second) => ({ both, first, second }))),
)

function paired(method: Paired, truth: (point: (typeof points)[number]) => number) {
  const intervals = tables.map((table) => method(table, 0.05))
  return coverage(
    points.map((point) => {
      const { both: p, first: q, second: r } = point
      return tables.reduce((sum, { both, first, second, neither }, place) => {
        if (!holds(intervals[place]!, truth(point))) return sum
        // A multinomial as binomials of what is left.
        const differ = first + second + neither
        const mass =
          binomialMass(both, both + differ, p) *
          binomialMass(first, differ, q / (1 - p)) *
          binomialMass(second, second + neither, r / (1 - p - q))
        return sum + mass
      }, 0)
    }),
  )
}

test('exact coverage of 95 % intervals of 20 pairs', () => {
  const difference = paired(pairedDifference, ({ first, second }) => first - second)
  expect(difference.least).toBeGreaterThan(0.93)
  expect(difference.mean).toBeGreaterThan(0.95)
  expect(difference.mean).toBeLessThan(0.985)
  const ratio = paired(pairedRatio, ({ both, first, second }) => (both + first) / (both + second))
  expect(ratio.least).toBeGreaterThan(0.92)
  expect(ratio.mean).toBeGreaterThan(0.95)
  expect(ratio.mean).toBeLessThan(0.985)
  const plain: Paired = (pairs) => {
    const { both, first, second, neither } = pairs
    const n = both + first + second + neither
    const half = (1.959963984540054 * Math.sqrt(first + second - (first - second) ** 2 / n)) / n
    return { low: (first - second) / n - half, high: (first - second) / n + half }
  }
  expect(paired(plain, ({ first, second }) => first - second).least).toBeLessThan(0.75)
})
