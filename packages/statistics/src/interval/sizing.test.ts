import fc from 'fast-check'
import { expect, it, test } from 'vitest'
import { clopperPearson } from './fixedSize.ts'
import { betaBinomialSequence } from './sequence.ts'
import { sizingOf, wideningOf } from './sizing.ts'

test('the width of so many trials is that of the interval of their expected count', () => {
  const { low, high } = clopperPearson(20, 1000, 0.99)
  expect(sizingOf(0.02, { trials: 1000, confidence: 0.99 })).toEqual({
    probability: 0.02,
    trials: 1000,
    confidence: 0.99,
    width: high - low,
    relative: (high - low) / 2 / 0.02,
  })
  expect(sizingOf(0, { trials: 1000, confidence: 0.95 })).toMatchObject({
    width: clopperPearson(0, 1000, 0.95).high,
    relative: null,
  })
  expect(sizingOf(1, { trials: 1000, confidence: 0.95 })!.width).toBeCloseTo(
    clopperPearson(1000, 1000, 0.95).high - clopperPearson(1000, 1000, 0.95).low,
    15,
  )
})

// SciPy 1.17: the least n with beta.isf(a/2, p n + 1, n - p n) - beta.ppf(a/2, p n, n - p n + 1) <= w, by bisection.
test.each([
  [0.5, { width: 0.02, confidence: 0.95 }, 9701],
  [0.01, { width: 0.001, confidence: 0.99 }, 264781],
  [0.001, { relative: 0.1, confidence: 0.95 }, 394011],
])('p = %d, %o takes %d trials', (p, target, trials) => {
  expect(sizingOf(p, target)!.trials).toBe(trials)
})

test('each of the three comes back from the other two', () => {
  const probability = fc.double({ min: 1e-4, max: 0.9, noNaN: true })
  const confidence = fc.double({ min: 0.5, max: 0.999, noNaN: true })
  // Of fewer expected events the relative width is not monotone in the trials: several numbers of them may have one.
  const events = fc.integer({ min: 20, max: 10_000 })
  fc.assert(
    fc.property(probability, events, confidence, (p, expected, confidence) => {
      const trials = Math.ceil(expected / p)
      const { width, relative } = sizingOf(p, { trials, confidence })!
      expect(sizingOf(p, { width, trials })!.confidence).toBeCloseTo(confidence, 9)
      const again = sizingOf(p, { relative: relative!, confidence })!.trials
      expect(Math.abs(again - trials)).toBeLessThanOrEqual(1)
    }),
    { numRuns: 40, seed: 20261125 },
  )
})

test('cells that share 1 - confidence need more trials', () => {
  const one = sizingOf(0.1, { width: 0.01, confidence: 0.95 })!.trials
  expect(sizingOf(0.1, { width: 0.01, confidence: 1 - 0.05 / 20 })!.trials).toBe(
    sizingOf(0.1, { width: 0.01, confidence: 0.95, cells: 20 })!.trials,
  )
  expect(sizingOf(0.1, { width: 0.01, confidence: 0.95, cells: 20 })!.trials).toBeGreaterThan(2 * one)
})

test('what cannot be is null; what is not two of three is refused', () => {
  expect(sizingOf(0.5, { width: 0.01, trials: 10 })).toBeNull()
  expect(sizingOf(0.5, { width: 1e-12, confidence: 0.95 })).toBeNull()
  expect(() => sizingOf(0.5, { width: 0.1 })).toThrow('two of width, confidence and trials')
  expect(() => sizingOf(0.5, { width: 0.1, trials: 10, confidence: 0.9 })).toThrow('two of')
  expect(() => sizingOf(0, { relative: 0.1, trials: 10 })).toThrow('give an expected probability')
})

it('is the interval that the extended cell will have, if events come as often', () => {
  const { anytime, fixed } = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95)
  expect(anytime).toEqual(betaBinomialSequence(120, 10_000, 1 - 0.95))
  expect(fixed).toEqual(clopperPearson(120, 10_000, 0.95))
  expect(anytime.high - anytime.low).toBeGreaterThan(1.3 * (fixed.high - fixed.low))
})

it('shares alpha among simultaneous cells', () => {
  const alone = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95).anytime
  const among = wideningOf({ events: 12, counted: 1000 }, 10_000, 0.95, 10).anytime
  expect(among.high).toBeGreaterThan(alone.high)
})
