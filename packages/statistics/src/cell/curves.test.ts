import { addTallies, type Outcome, zeroTally } from '@driftfarm/kernel'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { escapeStepOf } from '../estimate/escapeStep.ts'
import { geometric, type Trial, tallyOfTrials, uniforms } from '../fixtures/draws.ts'
import { likely } from '../fixtures/likely.ts'
import { demand, fixedGuard as fixed, layout, plainLayout, tallyOf, undecided } from '../fixtures/samples.ts'
import { clopperPearsonAt } from '../interval/fixedSize.ts'
import { betaBinomialSequence } from '../interval/sequence.ts'
import { type EndCurve, EndStepsOf, endCurves, escapeCurve } from './curves.ts'
import { guardOf } from './guard.ts'

/** The slow tier looks at more of them; fewer intervals than `least` hold the truth one time in a million. */
const cells = process.env.DRIFTFARM_TEST_TIER === 'full' ? 1000 : 400
const [least] = likely(cells, 0.95)
const at = (step: number): Outcome => ({ ...undecided, end: 'escaped', exit: '', escapedAt: step, steps: step })
const settles = (step: number): Outcome => ({ ...undecided, end: 'converged', convergedAt: step, steps: step })

test('a point at each end of a bin that holds escapes, at the last step before it, and at the horizon', () => {
  const tally = tallyOf([at(3), at(4), at(10), at(200), undecided, settles(7)], [], plainLayout)
  const { points, ...kind } = escapeCurve(tally, plainLayout, fixed)
  expect(points.map(({ step, escaped }) => [step, escaped])).toEqual([
    [2, 0],
    [3, 1],
    [4, 2],
    [9, 2],
    [10, 3],
    [199, 3],
    [203, 4],
    [1000, 4],
  ])
  expect(kind).toEqual({ confidence: 0.95, method: 'clopper-pearson', band: 'dkw' })
  const { value, low, high, bandLow, bandHigh } = points[4]!
  expect({ value, low, high }).toEqual({ value: 0.5, ...clopperPearsonAt(3, 6, 0.05) })
  // Massart: sqrt(ln(2 / 0.05) / (2 * 6)).
  expect(bandLow).toBe(0)
  expect(bandHigh).toBe(1)
  const half = Math.sqrt(Math.log(40) / 1200)
  const many = Array.from({ length: 100 }, () => tally).reduce(addTallies, zeroTally(plainLayout, []))
  const wide = escapeCurve(many, plainLayout, fixed).points[4]!
  expect(wide.bandHigh).toBeCloseTo(0.5 + half, 12)
  expect(wide.bandLow).toBeCloseTo(0.5 - half, 12)
})

test('without escapes: one point, with its upper limit', () => {
  const [point, ...more] = escapeCurve(tallyOf([undecided, undecided], [], plainLayout), plainLayout, fixed).points
  expect(point).toMatchObject({ step: 1000, escaped: 0, value: 0, low: 0, bandLow: 0 })
  expect(point!.high).toBeCloseTo(1 - Math.sqrt(0.025), 12)
  expect(more).toEqual([])
})

/**
 * Cumulative incidence of escape among competing ends (Aalen and Johansen, 1978), by products and sums over the steps.
 */
function aalenJohansen(outcomes: readonly Outcome[], until: number): number {
  let [free, incidence] = [1, 0]
  for (let step = 1; step <= until; step++) {
    const atRisk = outcomes.filter(({ steps }) => steps >= step).length
    if (atRisk === 0) break
    const ended = outcomes.filter(({ end, steps }) => end !== 'undecided' && steps === step)
    incidence += (free * ended.filter(({ end }) => end === 'escaped').length) / atRisk
    free *= 1 - ended.length / atRisk
  }
  return incidence
}

test('it is the Aalen-Johansen estimate, as nothing is censored before the horizon', () => {
  const step = fc.integer({ min: 1, max: 63 })
  const outcome = fc.oneof(step.map(at), step.map(settles), fc.constant({ ...undecided, steps: 63 }))
  fc.assert(
    fc.property(fc.array(outcome, { minLength: 1, maxLength: 40 }), (outcomes) => {
      const shape = { ...plainLayout, horizon: 63 }
      for (const { step, value } of escapeCurve(tallyOf(outcomes, [], shape), shape, fixed).points)
        expect(value).toBeCloseTo(aalenJohansen(outcomes, step), 12)
    }),
  )
  // The example of the literature with its censored times: the estimator itself is right.
  const example = [at(1), settles(2), { ...undecided, steps: 3 }, at(4), settles(5), at(6), { ...undecided, steps: 7 }]
  expect([1, 4, 6].map((until) => aalenJohansen(example, until))).toEqual(
    [1 / 7, 9 / 28, 0.5].map((v) => expect.closeTo(v, 12)),
  )
})

test('how the cell came to its trials decides the limits', () => {
  const tally = tallyOf(
    Array.from({ length: 1000 }, (_, i) => (i < 300 ? at(1 + i) : undecided)),
    [],
    plainLayout,
  )
  const rule = { rule: 'relative', estimate: 'escape', relative: 0.1 } as const
  const until = { rules: [rule], confidence: 0.95, min: 100, max: 10000 }
  const guard = (choice: Parameters<typeof guardOf>[1]) => guardOf({ ...demand, until }, choice, tally)
  const looked = escapeCurve(tally, plainLayout, guard({ kind: 'stopped', by: rule, checkPoints: 22 }))
  expect([looked.method, looked.band]).toEqual(['clopper-pearson/22', 'dkw/22'])
  expect(looked.points.at(-1)).toMatchObject(clopperPearsonAt(300, 1000, (1 - 0.95) / 22))
  expect(looked.points.at(-1)!.bandHigh).toBeCloseTo(0.3 + Math.sqrt(Math.log((2 * 22) / 0.05) / 2000), 12)
  const running = escapeCurve(tally, plainLayout, guard({ kind: 'running' }))
  expect([running.method, running.band]).toEqual(['beta-binomial', 'dkw-union'])
  expect(running.points.at(-1)).toMatchObject(betaBinomialSequence(300, 1000, 1 - 0.95))
  // Sum over n of alpha / (n (n + 1)) is alpha.
  expect(running.points.at(-1)!.bandHigh).toBeCloseTo(0.3 + Math.sqrt(Math.log((2 * 1000 * 1001) / 0.05) / 2000), 12)
})

test('the band holds the whole curve as often as it says; limits at each step do not', () => {
  const uniform = uniforms(5)
  const shape = { ...layout, horizon: 60 }
  const distribution = (step: number) => 1 - 0.97 ** step
  let [banded, pointwise] = [0, 0]
  for (let i = 0; i < cells; i++) {
    const trials = Array.from({ length: 100 }, (): Trial => {
      const step = geometric(uniform, 0.03)
      return step <= 60 ? { end: 'escaped', step } : { end: 'undecided', step: 60 }
    })
    const { points } = escapeCurve(tallyOfTrials(trials, 60), shape, fixed)
    const inside = (step: number, low: number, high: number) => low <= distribution(step) && distribution(step) <= high
    if (points.every(({ step, bandLow, bandHigh }) => inside(step, bandLow, bandHigh))) banded++
    if (points.every(({ step, low, high }) => inside(step, low, high))) pointwise++
  }
  expect(banded).toBeGreaterThanOrEqual(least)
  expect(pointwise).toBeLessThan(least)
})

describe('limits of the quantiles', () => {
  // Ranks of R's qbinom for 10 and 100 trials: P(K <= rank - 1), P(K >= rank) <= 0.025.
  test.each([
    [10, '0.5', 2, 9],
    [100, '0.5', 40, 61],
  ] as const)('are order statistics: %d trials, share %s', (count, share, low, high) => {
    const tally = tallyOf(
      Array.from({ length: count }, (_, i) => at(i + 1)),
      [],
      plainLayout,
    )
    // Steps above 63 share bins of two.
    expect(escapeStepOf({ tally, layout: plainLayout, guard: fixed }).quantileLimits![share]).toEqual([low, high])
  })
  test('of a thousand trials, share 0.1', () => {
    const outcomes = Array.from({ length: 1000 }, (_, i) => (i < 120 ? at(1 + Math.floor(i / 4)) : undecided))
    // Ranks 82 and 120.
    expect(
      escapeStepOf({ tally: tallyOf(outcomes, [], plainLayout), layout: plainLayout, guard: fixed }).quantileLimits,
    ).toEqual({
      0.1: [21, 30],
      0.25: null,
      0.5: null,
      0.75: null,
      0.9: null,
    })
    const fewer = tallyOf(
      [...outcomes.slice(0, 119), ...outcomes.slice(119, 1000).map(() => undecided)],
      [],
      plainLayout,
    )
    expect(escapeStepOf({ tally: fewer, layout: plainLayout, guard: fixed }).quantileLimits![0.1]).toEqual([21, null])
    expect(
      escapeStepOf({ tally: tallyOf([undecided], [], plainLayout), layout: plainLayout, guard: fixed })
        .quantileLimits![0.9],
    ).toEqual([1, null])
  })
  test('hold the quantile as often as they say, and are wider where any look must be right', () => {
    const uniform = uniforms(6)
    // The median of a geometric law with q = 0.02.
    const median = 35
    let held = 0
    for (let i = 0; i < cells; i++) {
      const trials = Array.from({ length: 80 }, (): Trial => {
        const step = geometric(uniform, 0.02)
        return step <= 60 ? { end: 'escaped', step } : { end: 'undecided', step: 60 }
      })
      const tally = tallyOfTrials(trials, 60)
      const shape = { ...layout, horizon: 60 }
      const [low, high] = escapeStepOf({ tally, layout: shape, guard: fixed }).quantileLimits![0.5]!
      if (low <= median && median <= (high ?? Number.POSITIVE_INFINITY)) held++
      const [wideLow, wideHigh] = escapeStepOf({ tally, layout: shape, guard: { ...fixed, kind: 'anytime' } })
        .quantileLimits![0.5]!
      expect(wideLow <= low && (wideHigh ?? 61) >= (high ?? 61)).toBe(true)
    }
    expect(held).toBeGreaterThanOrEqual(least)
  })
})

describe('competing ends', () => {
  const upper = (step: number): Outcome => ({ ...at(step), exit: 'upper' })
  const lower = (step: number): Outcome => ({ ...at(step), exit: 'lower' })
  const diverges = (step: number): Outcome => ({ ...undecided, end: 'diverged', steps: step })
  const outcomes = [upper(3), upper(200), lower(10), settles(7), settles(40), diverges(5), undecided, undecided]
  const tally = tallyOf(outcomes, [9], layout)
  const kept = () => {
    const steps = new EndStepsOf(layout)
    for (const outcome of outcomes) steps.observe(outcome)
    return steps.histograms()
  }
  const counts = (ends: readonly EndCurve[]) =>
    ends.map(({ end, isWhole, points }) => [end, isWhole, points.map(({ step, events }) => [step, events])])

  test('are counted step by step where rows are kept, as fractions of all trials with exact limits', () => {
    const ends = endCurves(tally, layout, fixed, { converges: true, kept: kept() })
    expect(counts(ends)).toEqual([
      [
        'exit:upper',
        true,
        [
          [2, 0],
          [3, 1],
          [199, 1],
          [203, 2],
          [1000, 2],
        ],
      ],
      [
        'exit:lower',
        true,
        [
          [9, 0],
          [10, 1],
          [1000, 1],
        ],
      ],
      [
        'converge',
        true,
        [
          [6, 0],
          [7, 1],
          [39, 1],
          [40, 2],
          [1000, 2],
        ],
      ],
      [
        'diverge',
        true,
        [
          [4, 0],
          [5, 1],
          [1000, 1],
        ],
      ],
    ])
    const { value, low, high } = ends[0]!.points.at(-1)!
    expect({ value, low, high }).toEqual({ value: 0.25, ...clopperPearsonAt(2, 8, 0.05) })
    // Nothing is censored: the ends and what is undecided are all trials.
    const last = ends.reduce((sum, { points }) => sum + points.at(-1)!.events, 0)
    expect(last + 2).toBe(outcomes.length)
    expect(escapeCurve(tally, layout, fixed).points.at(-1)!.escaped).toBe(3)
  })

  test('at the horizons of the tally where no rows are, or rows are missing; convergence always by each step', () => {
    const lacking = new Map([...kept()].map(([end, steps]) => [end, steps.slice(1)]))
    for (const rows of [null, lacking])
      expect(counts(endCurves(tally, layout, fixed, { converges: true, kept: rows }))).toEqual([
        [
          'exit:upper',
          false,
          [
            [9, 1],
            [1000, 2],
          ],
        ],
        [
          'exit:lower',
          false,
          [
            [9, 0],
            [1000, 1],
          ],
        ],
        [
          'converge',
          true,
          [
            [6, 0],
            [7, 1],
            [39, 1],
            [40, 2],
            [1000, 2],
          ],
        ],
        [
          'diverge',
          false,
          [
            [9, 1],
            [1000, 1],
          ],
        ],
      ])
  })

  test('are none where nothing competes', () => {
    expect(endCurves(tallyOf([at(3)], [], plainLayout), plainLayout, fixed, { converges: false, kept: null })).toEqual(
      [],
    )
    const [only, ...more] = endCurves(tallyOf([at(3), settles(5)], [], plainLayout), plainLayout, fixed, {
      converges: true,
      kept: null,
    })
    expect([only!.end, more]).toEqual(['converge', []])
  })
})
