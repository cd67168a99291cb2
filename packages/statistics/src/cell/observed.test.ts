import { addTallies, noValues, type ObservedTally, observedBin, zeroTally } from '@driftfarm/kernel'
import { describe, expect, test } from 'vitest'
import { plainLayout } from '../fixtures/samples.ts'
import { fixedGuard } from '../interval/guard.ts'
import { estimatesOf } from './estimates.ts'
import { observedValues } from './observed.ts'
import { suffices, tallyFromJson, tallyToJson } from './tallyJson.ts'

/** The tally of integers, made without the kernel's code for sums. */
function tallyOf(values: readonly number[], notFinite = 0): ObservedTally {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(observedBin(value), (counts.get(observedBin(value)) ?? 0) + 1)
  const sum = (of: (x: number) => number) => [BigInt(values.reduce((total, x) => total + of(x), 0)), 0] as const
  return {
    finite: values.length,
    notFinite,
    sum: sum((x) => x),
    squares: sum((x) => x * x),
    min: Math.min(...values),
    max: Math.max(...values),
    histogram: [...counts].sort(([a], [b]) => a - b),
  }
}

const observe = [
  { name: 'a', value: 'loss', at: ['horizon'] },
  { name: 'b', value: 'step', at: ['escape', 'mark:m'], every: 50 },
] as const
const values = Array.from({ length: 101 }, (_, i) => i - 20)
const observed = {
  'loss@horizon': [tallyOf(values, 4)],
  'step@escape': [tallyOf([7])],
  'step@mark:m': [noValues],
  'step@every:50': [tallyOf([0, 0]), tallyOf([50])],
}
const tally = { ...zeroTally(plainLayout, []), trials: 105, ends: [0, 0, 0, 105], joint: [[6, 105]] as const, observed }
const demand = {
  confidence: 0.95,
  simultaneous: false,
  interval: 'clopper-pearson',
  until: null,
  estimates: [],
  horizons: [],
  observe,
} as const
const estimates = estimatesOf(tally, plainLayout, demand, { kind: 'fixed' })

describe('observed values', () => {
  test('have means with the interval of Student; NumPy and the tabled quantile of t give these limits', () => {
    // 30 -+ 1.983971518523552 * numpy.std(numpy.arange(-20, 81), ddof=1) / sqrt(101)
    const { value, low, high, method, events, observed } = estimates['observe:a']!
    expect({ value, method, events }).toEqual({ value: 30, method: 'student', events: 101 })
    expect(low).toBeCloseTo(24.215778757372995, 9)
    expect(high).toBeCloseTo(35.784221242627005, 9)
    expect(observed).toMatchObject({ min: -20, max: 80, notFinite: 4 })
    expect(observed!.deviation).toBeCloseTo(29.300170647967224, 12)
    for (const [share, quantile] of Object.entries({ 0.05: -15, 0.25: 5, 0.5: 30, 0.75: 55, 0.95: 75 }))
      expect(Math.abs(observed!.quantiles[share]! - quantile)).toBeLessThanOrEqual(0.01 * Math.abs(quantile))
  })

  test('of several times have names with the time; a value that no trial has is left out', () => {
    expect(Object.keys(estimates)).toEqual(['observe:a', 'observe:b@escape'])
    expect(estimates['observe:b@escape']).toMatchObject({ value: 7, low: -Infinity, high: Infinity, events: 1 })
  })

  test('with a sample size that depends on results have wider intervals', () => {
    const running = estimatesOf(tally, plainLayout, demand, { kind: 'running' })['observe:a']!
    expect(running.method).toBe('asymptotic-sequence')
    expect(running.high - running.low).toBeGreaterThan(11.568442)
  })

  test('of a series have a point for each step; the histogram counts each trial once', () => {
    const all = observedValues(tally, fixedGuard(0.95), observe)
    expect(all.map(({ observation, time }) => `${observation}@${time}`)).toEqual([
      'a@horizon',
      'b@escape',
      'b@mark:m',
      'b@0',
      'b@50',
    ])
    expect(all[2]!.mean).toBeNull()
    const { histogram } = all[0]!
    expect(histogram.length).toBeLessThanOrEqual(40)
    expect(histogram.reduce((sum, [, , count]) => sum + count, 0)).toBe(101)
    expect(histogram.every(([low, high]) => low <= high)).toBe(true)
  })

  test('survive JSON, and decide whether stored trials suffice', () => {
    const json = JSON.parse(JSON.stringify(tallyToJson(tally)))
    expect(tallyFromJson(json, plainLayout)).toEqual(tally)
    expect(suffices(json, demand)).toBe(true)
    const { 'step@escape': _, ...fewer } = json.observed
    expect(suffices({ ...json, observed: fewer }, demand)).toBe(false)
    expect(suffices(json, { horizons: [] })).toBe(true)
  })

  test('of two tallies are added', () => {
    const half = (from: number, to: number) => ({
      ...zeroTally(plainLayout, []),
      trials: to - from,
      observed: { 'loss@horizon': [tallyOf(values.slice(from, to))] },
    })
    expect(addTallies(half(0, 40), half(40, 101)).observed!['loss@horizon']![0]).toMatchObject({
      ...tallyOf(values),
      sum: expect.anything(),
      squares: expect.anything(),
    })
  })
})
