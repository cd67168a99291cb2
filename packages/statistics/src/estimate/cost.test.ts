import { describe, expect, test } from 'vitest'
import { guardOf } from '../cell/guard.ts'
import { type Trial, tallyOfTrials, uniforms } from '../fixtures/draws.ts'
import { likely } from '../fixtures/likely.ts'
import { type Rates, race } from '../fixtures/race.ts'
import { demand, fixedGuard as fixed, layout, tallyOf, undecided } from '../fixtures/samples.ts'
import { clopperPearson } from '../interval/fixedSize.ts'
import { costOf } from './cost.ts'

test('all steps up to the mark or the end, over the trials that reached it', () => {
  const outcomes = [40, 60, null, null, 100].map((mark) => ({ ...undecided, marks: { m2: mark } }))
  const { value, events, method, gradients } = costOf('m2', {
    tally: tallyOf(outcomes, []),
    layout,
    guard: fixed,
    samples: 32,
  })!
  expect(value).toBe((40 + 60 + 1000 + 1000 + 100) / 3)
  expect(gradients!.value).toBe(32 * value)
  expect([events, method]).toEqual([3, 'bonferroni'])
})

test('infinite where no trial reached it, with a lower limit', () => {
  const tally = tallyOf(Array(100).fill(undecided), [])
  const { value, low, high, events } = costOf('m2', { tally, layout, guard: fixed })!
  expect([value, high, events]).toEqual([Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0])
  // All went to the horizon: what else there may be has at most this probability, at a third of alpha.
  const { high: most } = clopperPearson(0, 100, 1 - 0.05 / 3)
  expect(low).toBeCloseTo(1 + (1 / most - 1) * (1000 - most * 999), 6)
})

test('an unknown mark is refused', () => {
  expect(() => costOf('m3', { tally: tallyOf([undecided], []), layout, guard: fixed })).toThrow('cost:m3')
})

/**
 * Trials race for a mark at a rate per step, stopped by convergence at another or by the horizon; some are lost from
 * the start and stay to the horizon. With h the rate of either, P(mark) = q / h (1 - (1 - h)^N) and the mean of the
 * steps is (1 - (1 - h)^N) / h, so that the expected running time is 1 / q without lost trials.
 */
function truth({ mark = 0, converge = 0 }: Rates, horizon: number, lost: number): number {
  const h = mark + converge - mark * converge
  const any = 1 - (1 - h) ** horizon
  return (lost * horizon + ((1 - lost) * any) / h) / ((1 - lost) * (mark / h) * any)
}

const repetitions = process.env.DRIFTFARM_TEST_TIER === 'full' ? 400 : 200
const [least] = likely(repetitions, 0.95)

interface Race {
  readonly count: number
  readonly horizon: number
  readonly rates: Rates
  readonly lost?: number
  readonly kind?: 'fixed' | 'running'
}

function coverage({ count, horizon, rates, lost = 0, kind = 'fixed' }: Race) {
  const uniform = uniforms(7)
  const wanted = truth(rates, horizon, lost)
  const methods = new Set<string>()
  let [held, naive] = [0, 0]
  for (let i = 0; i < repetitions; i++) {
    const trials = Array.from({ length: count }, (): Trial => {
      return uniform() < lost ? { end: 'undecided', step: horizon } : race(uniform, horizon, rates)
    })
    const tally = tallyOfTrials(trials, horizon)
    const guard = guardOf(demand, { kind }, tally)
    const { low, high, method } = costOf('m2', { tally, layout: { ...layout, horizon }, guard })!
    methods.add(method)
    if (low <= wanted && wanted <= high) held++
    const mean = Number(tally.markSteps![0]!.reached) / tally.marks[0]!
    if (low <= mean && mean <= high) naive++
  }
  return { held, naive, methods: [...methods].sort() }
}

describe('the interval holds the expected running time as often as it says', () => {
  test.each<[string, number, number, Rates, number, string[]]>([
    ['half of the trials', 200, 350, { mark: 0.002 }, 0, ['delta']],
    ['trials that end otherwise', 200, 500, { mark: 0.002, converge: 0.005 }, 0, ['delta']],
    ['few lost ones, each costly', 3000, 20000, { mark: 0.05 }, 0.012, ['bonferroni', 'delta']],
    ['lost ones too few to be seen often', 100, 1000, { mark: 0.05 }, 0.01, ['bonferroni']],
    ['a few that reach it', 300, 100, { mark: 0.0002 }, 0, ['bonferroni']],
    ['all reach it', 200, 1000, { mark: 0.1 }, 0, ['bonferroni']],
    ['ten trials', 10, 100, { mark: 0.01 }, 0, ['bonferroni']],
  ])('%s', (_, count, horizon, rates, lost, methods) => {
    const found = coverage({ count, horizon, rates, lost })
    expect(found.held).toBeGreaterThanOrEqual(least)
    expect(found.methods).toEqual(methods)
  })
  test('the mean over trials that reached it is not it', () => {
    expect(coverage({ count: 200, horizon: 500, rates: { mark: 0.002, converge: 0.005 } }).naive).toBe(0)
  })
  test('where any look must be right it is wider', () => {
    const { held, methods } = coverage({ count: 200, horizon: 350, rates: { mark: 0.002 }, kind: 'running' })
    expect(methods).toEqual(['bonferroni'])
    expect(held).toBe(repetitions)
  })
})
