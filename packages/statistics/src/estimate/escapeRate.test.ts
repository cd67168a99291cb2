import { binStart, type Outcome, stepBin, type Tally, zeroTally } from '@driftfarm/kernel'
import { describe, expect, test } from 'vitest'
import { guardOf } from '../cell/guard.ts'
import type { Events } from '../evidence/evidence.ts'
import { geometric, type Trial, tallyOfTrials, uniforms } from '../fixtures/draws.ts'
import { likely } from '../fixtures/likely.ts'
import { type Rates, races } from '../fixtures/race.ts'
import { demand, layout, plainLayout, tallyOf, competing as trial, undecided } from '../fixtures/samples.ts'
import { escapeRateOf, exponentiality } from './escapeRate.ts'

// By fixtures/one_rate.py, from single trials and steps.
test('the known answer', () => {
  const trials: Trial[] = Array.from({ length: 90 }, (_, i) => ({
    end: i % 3 > 0 ? 'escaped' : 'converged',
    step: 1 + ((i * i) % 39),
  }))
  const tally = tallyOfTrials([...trials, ...Array<Trial>(30).fill({ end: 'undecided', step: 40 })], 40)
  const { statistic, degreesOfFreedom, pValue } = exponentiality({ tally, layout: { ...layout, horizon: 40 }, trial })!
  expect(statistic).toBeCloseTo(34.77723701666579, 10)
  expect(degreesOfFreedom).toBe(9)
  expect(pValue / 6.522140152207677e-5).toBeCloseTo(1, 10)
})

/** The slow tier looks at more; with 300 a level of 5 % is never called about one time in a million. */
const repetitions = process.env.DRIFTFARM_TEST_TIER === 'full' ? 1000 : 300
const [fewest, most] = likely(repetitions, 0.05)
const isLevel = (calls: number) => calls >= fewest && calls <= most
const [, mostRare] = likely(repetitions, 0.001)
/** Of limits at 95 %. */
const limited = repetitions / 2
const [least] = likely(limited, 0.95)

test('bounds that a true level passes one time in a million, of 400: known answers', () => {
  expect([likely(400, 0.05), likely(400, 0.001), likely(400, 0.95)]).toEqual([
    [3, 44],
    [0, 6],
    [356, 397],
  ])
})

interface Calls {
  readonly seed: number
  readonly horizon: number
  readonly after?: number
  readonly times?: number
}

function calls({ seed, horizon, after = 0, times = repetitions }: Calls, draw: (uniform: () => number) => Trial[]) {
  const uniform = uniforms(seed)
  let [at5, at01] = [0, 0]
  for (let i = 0; i < times; i++) {
    const tally = tallyOfTrials(draw(uniform), horizon, after === 0 ? null : after)
    const fit = exponentiality({ tally, layout: { ...layout, horizon }, rateAfter: after, trial })
    expect(fit).not.toBeNull()
    if (fit!.pValue < 0.05) at5++
    if (fit!.pValue < 0.001) at01++
  }
  return { at5, at01 }
}

describe('a level of 5 % is one, and 0.1 % is', () => {
  test.each<[string, number, number, Rates, number]>([
    ['long waits', 500, 1000, { escape: 0.0005 }, 0],
    ['most escape', 200, 1000, { escape: 0.01 }, 0],
    ['large hazards', 1000, 50, { escape: 0.1, converge: 0.05 }, 0],
    ['convergence as a competitor', 1000, 1000, { escape: 0.001, converge: 0.002 }, 0],
    ['after a burn-in', 500, 1000, { escape: 0.002, converge: 0.001 }, 130],
  ])('%s', (_, count, horizon, rates, after) => {
    const { at5, at01 } = calls({ seed: 11, horizon, after }, (uniform) => races(uniform, count, horizon, rates))
    expect(isLevel(at5)).toBe(true)
    expect(at01).toBeLessThanOrEqual(mostRare)
  })
})

/** Every other trial has ten times the rate. */
const mixture = (uniform: () => number): Trial[] =>
  Array.from({ length: 1000 }, (_, i) => {
    const step = geometric(uniform, i % 2 === 0 ? 0.005 : 0.0005)
    return step <= 1000 ? { end: 'escaped', step } : { end: 'undecided', step: 1000 }
  })

test('a mixture of two rates is found out, and so is a delay', () => {
  const times = repetitions / 4
  expect(calls({ seed: 12, horizon: 1000, times }, mixture).at01).toBeGreaterThan(0.99 * times)
  const delayed = (uniform: () => number): Trial[] =>
    Array.from({ length: 1000 }, () => {
      const step = 100 + geometric(uniform, 0.001)
      return step <= 1000 ? { end: 'escaped', step } : { end: 'undecided', step: 1000 }
    })
  expect(calls({ seed: 13, horizon: 1000, times }, delayed).at01).toBeGreaterThan(0.99 * times)
  expect(isLevel(calls({ seed: 13, horizon: 1000, after: 100 }, delayed).at5)).toBe(true)
})

test('bins and their middles do not make a true rate look false, with 10^10 trials', () => {
  const [q, horizon, trials] = [0.0003, 5000, 1e10]
  const survive = (step: number) => Math.exp(step * Math.log1p(-q))
  const histogram: [number, number][] = []
  for (let bin = 1; binStart(bin) <= horizon; bin++) {
    const [from, to] = [binStart(bin), Math.min(binStart(bin + 1), horizon + 1)]
    histogram.push([bin, Math.round(trials * (survive(from - 1) - survive(to - 1)))])
  }
  const escaped = histogram.reduce((sum, [, count]) => sum + count, 0)
  const tally: Tally = {
    ...zeroTally(plainLayout, []),
    trials,
    escaped,
    ends: [escaped, 0, 0, trials - escaped],
    escapeHistogram: histogram,
  }
  const fit = exponentiality({ tally, layout: { ...plainLayout, horizon }, trial })!
  expect(fit.statistic).toBeLessThan(0.01)
  const moved = histogram.map(([bin, count]): [number, number] => [bin, bin < stepBin(2500) ? count + 3000 : count])
  expect(
    exponentiality({ tally: { ...tally, escapeHistogram: moved }, layout: { ...plainLayout, horizon }, trial })!.pValue,
  ).toBeLessThan(1e-3)
})

describe('null rather than a guess', () => {
  const uniform = uniforms(3)
  const trials = races(uniform, 1000, 1000, { escape: 0.001, converge: 0.001 })
  test('below ten escapes', () => {
    expect(exponentiality({ tally: tallyOfTrials(trials.slice(0, 12), 1000), layout, trial })).toBeNull()
  })
  test('where many trials diverged somewhere', () => {
    const diverged = trials.map((trial, i): Trial => (i % 4 === 0 ? { end: 'diverged', step: 500 } : trial))
    expect(exponentiality({ tally: tallyOfTrials(diverged, 1000), layout, trial })).toBeNull()
    const few = trials.map((trial, i): Trial => (i === 0 ? { end: 'diverged', step: 500 } : trial))
    expect(exponentiality({ tally: tallyOfTrials(few, 1000), layout, trial })).not.toBeNull()
  })
  test('where trials converged after their escape, and so stand in one histogram with those that did before', () => {
    const goesOn: Events = { ...trial, afterEscape: 'continue' }
    const both: Outcome = { ...undecided, end: 'converged', exit: '', escapedAt: 50, convergedAt: 60, steps: 60 }
    const escape = (step: number): Outcome => ({ ...undecided, end: 'escaped', exit: '', escapedAt: step })
    const one = Array.from({ length: 100 }, (_, i) => escape(1 + 9 * i))
    expect(exponentiality({ tally: tallyOf(one, [], plainLayout), layout: plainLayout, trial: goesOn })).not.toBeNull()
    expect(
      exponentiality({ tally: tallyOf([...one, both], [], plainLayout), layout: plainLayout, trial: goesOn }),
    ).toBeNull()
  })
})

test('the limits of a rate hold it as often as they say, after a burn-in too', () => {
  for (const [seed, count, after, rates] of [
    [21, 50, 0, { escape: 0.001 }],
    [22, 500, 0, { escape: 0.002, converge: 0.003 }],
    [23, 500, 130, { escape: 0.002, converge: 0.001 }],
  ] as const) {
    const uniform = uniforms(seed)
    let held = 0
    let early = 0
    for (let i = 0; i < limited; i++) {
      // The burn-in itself has another rate: in it nothing escapes, then as many are left as there were.
      const trials = races(uniform, count, 1000 - after, rates).map((trial) => ({ ...trial, step: trial.step + after }))
      const tally = tallyOfTrials(trials, 1000, after === 0 ? null : after)
      const guard = guardOf(demand, { kind: 'fixed' }, tally)
      const rate = escapeRateOf({ tally, layout, guard, trial, rateAfter: after })!
      if (rate.low <= rates.escape && rates.escape <= rate.high) held++
      const whole = escapeRateOf({ tally, layout, guard, trial })!
      if (whole.low <= rates.escape && rates.escape <= whole.high) early++
    }
    expect(held).toBeGreaterThanOrEqual(least)
    if (after > 0) expect(early).toBeLessThan(least)
  }
})
