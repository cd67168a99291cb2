import { describe, expect, test } from 'vitest'
import { binomialMass } from '../fixtures/binomialMass.ts'
import { clopperPearsonAt } from '../interval/fixedSize.ts'
import { gammaLowerQuantile, gammaLowerTail, gammaUpperQuantile, gammaUpperTail } from '../special/gamma.ts'
import { gbasAt, gbasEnded, gbasEvents, gbasTime } from './gbas.ts'

// Huber, arXiv:1309.5413: the least k by the law of (k - 1) / Gamma(k), SciPy 1.17: gamma.cdf and gamma.sf.
test.each([
  [0.1, 0.05, 385],
  [0.05, 0.05, 1537],
  [0.01, 0.05, 38415],
  [0.1, 0.01, 672],
  [0.2, 0.05, 97],
  [0.1, 1e-6, 2561],
])('relative error %d at %d takes %d events', (relative, alpha, events) => {
  expect(gbasEvents(relative, alpha)).toBe(events)
})

test('an error beyond 1 is missed above alone; one that takes too many events is refused', () => {
  // P(1 / Gamma(2) > 1 + r) is below 1/20 from 1 / (1 + r) = 0.35536 on.
  expect(gbasEvents(1.815, 0.05)).toBe(2)
  expect(gbasEvents(1.813, 0.05)).toBe(3)
  expect(() => gbasEvents(1e-9, 0.05)).toThrow('request a larger error')
})

test('tails of the gamma law undo its quantiles, on both sides of the mean', () => {
  for (const a of [0.5, 2, 385, 1990, 2010, 1e7])
    for (const p of [1e-12, 0.025, 0.4, 0.6, 0.975]) {
      expect(gammaLowerTail(gammaLowerQuantile(p, a), a) / p).toBeCloseTo(1, 10)
      expect(gammaUpperTail(gammaUpperQuantile(p, a), a) / p).toBeCloseTo(1, 10)
    }
})

describe('the time of n trials', () => {
  const place = { cell: '00112233445566778899aabbccddeeff', estimate: 'escape', events: 385 }
  test('is one number for a place, and another for any other', () => {
    const times = [
      gbasTime(5000, place),
      gbasTime(5001, place),
      gbasTime(5000, { ...place, cell: '00112233445566778899aabbccddeefe' }),
      gbasTime(5000, { ...place, estimate: 'converge' }),
      gbasTime(5000, { ...place, events: 386 }),
    ]
    expect(gbasTime(5000, place)).toBe(times[0])
    expect(new Set(times.map((time) => Math.round(time * 1e6))).size).toBe(5)
  })

  // Kolmogorov's distance over 4,000 draws exceeds 1.95 / sqrt(4000) once in a thousand; the draws are fixed.
  test('is distributed as Gamma(n)', () => {
    const n = 700
    const levels = Array.from({ length: 4000 }, (_, i) =>
      gammaLowerTail(gbasTime(n, { ...place, cell: `cell ${i}` }), n),
    ).sort((a, b) => a - b)
    const distance = (shift: number) =>
      Math.max(...levels.map((level, i) => Math.abs(level + shift - (i + 0.5) / levels.length)))
    expect(distance(0)).toBeLessThan(1.95 / Math.sqrt(4000))
    // The negative control: a law shifted by a tenth of its standard deviation.
    expect(distance(0.04)).toBeGreaterThan(1.95 / Math.sqrt(4000))
  })
})

test('the interval is the law of Gamma(k) over the time; nothing is above 1', () => {
  const { value, low, high } = gbasAt(7650.5, 385, 1e7, 0.05)
  expect(value).toBe(384 / 7650.5)
  expect(gammaLowerTail(low * 7650.5, 385)).toBeCloseTo(0.025, 12)
  expect(gammaUpperTail(high * 7650.5, 385)).toBeCloseTo(0.025, 12)
  expect(gbasAt(300, 385, 1e7, 0.05)).toEqual({ value: 1, low: 1, high: 1 })
})

/** Exact, so no seed and no false alarm: all numbers of trials by their mass, all times by the gamma law. */
test.each([0.003, 0.02, 0.05, 0.08, 0.1, 0.17, 0.25, 0.5, 0.9])('event or maximum, the interval covers p = %d', (p) => {
  const [k, most, alpha] = [5, 60, 0.05]
  // Where in time the interval begins and ceases to hold p; the limits fall as time goes on.
  const boundary = (beyond: (time: number) => boolean) => {
    let [from, to] = [1e-3, 1e5]
    for (let i = 0; i < 100; i++) {
      const middle = Math.sqrt(from * to)
      if (beyond(middle)) to = middle
      else from = middle
    }
    return to
  }
  const since = boundary((time) => gbasAt(time, k, most, alpha).low <= p)
  const until = boundary((time) => gbasAt(time, k, most, alpha).high < p)
  let covered = 0
  for (let n = k; n <= most; n++) {
    const mass = binomialMass(k - 1, n - 1, p) * p
    covered += mass * (1 - gammaLowerTail(since, n) - gammaUpperTail(until, n))
  }
  let byMaximum = 0
  for (let c = 0; c < k; c++)
    if (clopperPearsonAt(c, most, alpha).low <= p && p <= gbasEnded(c, most, alpha))
      byMaximum += binomialMass(c, most, p)
  expect(covered + byMaximum).toBeGreaterThanOrEqual(0.95 - 1e-11)
  // The plain limits of the maximum beside those of the event: the negative control.
  if (p === 0.17) {
    const plain = (time: number) => gammaUpperQuantile(alpha / 2, k) / time < p
    let missed = 0
    for (let n = k; n <= most; n++)
      missed += binomialMass(k - 1, n - 1, p) * p * (gammaLowerTail(since, n) + gammaUpperTail(boundary(plain), n))
    for (let c = 0; c < k; c++) if (clopperPearsonAt(c, most, alpha).high < p) missed += binomialMass(c, most, p)
    expect(missed).toBeGreaterThan(0.054)
  }
})

test('the upper limit at the maximum joins that of the last event', () => {
  const most = 1e6
  const limit = gbasEnded(384, most, 0.05)
  // At the last moment the k-th event has nearly the same one, and no count below it has a higher one.
  expect(limit).toBe(gammaUpperQuantile(0.025, 385) / gammaLowerQuantile(1e-12, most))
  expect(gbasEnded(0, most, 0.05)).toBeCloseTo(3.6889e-6 / 0.99297, 9)
  expect(gbasEnded(5, most, 0.05)).toBeLessThan(limit)
})
