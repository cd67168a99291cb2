import { type Tally, zeroTally } from '@driftfarm/kernel'
import { describe, expect, test } from 'vitest'
import { estimatesOf } from '../cell/estimates.ts'
import type { SampleSizeChoice } from '../cell/guard.ts'
import { demand, plainLayout } from '../fixtures/samples.ts'
import { contrastOf, type Side } from './contrastOf.ts'
import { differenceScore, pairedRatio } from './score.ts'

const fixed: SampleSizeChoice = { kind: 'fixed' }
function side(events: number, trials: number, choice: SampleSizeChoice = fixed): Side {
  const tally: Tally = {
    ...zeroTally(plainLayout, []),
    trials,
    ends: [events, 0, 0, trials - events],
    escaped: events,
    exits: [events],
  }
  return { tally, layout: plainLayout, choice }
}
const difference = { of: 'escape', kind: 'difference' } as const
const ratio = { of: 'escape', kind: 'ratio' } as const
const alone = { independent: true, pairs: null, contrasts: 1 }

describe('a contrast', () => {
  test('of cells with fixed trials has a score interval, paired where the trials are', () => {
    const pairs = { both: 40, first: 16, second: 8, neither: 36 }
    expect(contrastOf(difference, [side(56, 70), side(48, 80)], demand, alone)).toEqual({
      value: 56 / 70 - 48 / 80,
      ...differenceScore({ events: 56, trials: 70 }, { events: 48, trials: 80 }, 1 - 0.95),
      confidence: 0.95,
      method: 'miettinen-nurminen',
      paired: null,
      pValue: null,
    })
    const paired = contrastOf(ratio, [side(56, 100), side(48, 100)], demand, {
      independent: false,
      pairs,
      contrasts: 1,
    })
    expect(paired).toMatchObject({ value: 56 / 48, ...pairedRatio(pairs, 1 - 0.95), method: 'tang', paired: pairs })
    // R: binom.test(8, 24)$p.value
    expect(paired.pValue).toBeCloseTo(0.1516, 4)
    const independent = contrastOf(ratio, [side(56, 100), side(48, 100)], demand, alone)
    expect(paired.high - paired.low).toBeLessThan(independent.high - independent.low)
  })

  test('of cells whose trials the data ended rests on the two own intervals, each at half of alpha', () => {
    const until = {
      rules: [{ rule: 'relative', estimate: 'escape', relative: 0.1 }],
      confidence: 0.9,
      min: 100,
      max: 1000,
    } as const
    const requested = { ...demand, trials: null, until }
    const choice: SampleSizeChoice = { kind: 'stopped', by: until.rules[0], checkPoints: 12 }
    const sides = [side(60, 244, choice), side(90, 156, choice)] as const
    const halved = sides.map(
      ({ tally }) =>
        estimatesOf(tally, plainLayout, { ...requested, until: { ...until, confidence: 0.95 } }, choice).escape!,
    )
    const pairs = { both: 30, first: 10, second: 60, neither: 56 }
    const made = contrastOf(difference, sides, requested, { independent: false, pairs, contrasts: 1 })
    expect(made.low).toBeCloseTo(halved[0]!.low - halved[1]!.high, 12)
    expect(made.high).toBeCloseTo(halved[0]!.high - halved[1]!.low, 12)
    expect(made).toMatchObject({
      confidence: 0.9,
      method: 'bonferroni:clopper-pearson/12',
      paired: pairs,
      pValue: null,
    })
    expect(contrastOf(ratio, sides, requested, alone)).toMatchObject({
      low: expect.closeTo(halved[0]!.low / halved[1]!.high, 12),
      high: expect.closeTo(halved[0]!.high / halved[1]!.low, 12),
    })
  })

  test('of cells of two sweeps takes the stopping rules of each, and the confidence of the first', () => {
    const events = { rule: 'events', estimate: 'escape', events: 60 } as const
    const relative = { rule: 'relative', estimate: 'escape', relative: 0.1 } as const
    const until = { rules: [events], confidence: 0.9, min: 10, max: 1000 }
    const first = { ...demand, trials: null, until }
    const second = { ...first, until: { ...until, confidence: 0.8, rules: [events, relative] } }
    const choice: SampleSizeChoice = { kind: 'stopped', by: events, checkPoints: 12 }
    const [a, b] = [side(60, 244, choice), { ...side(60, 156, choice), asked: second }] as const
    const own = (one: Side, requested: Pick<typeof second, 'until'>) =>
      estimatesOf(one.tally, plainLayout, { ...first, until: { ...requested.until, confidence: 0.95 } }, choice).escape!
    const made = contrastOf(difference, [a, b], first, alone)
    // Of two rules each has a third of alpha; of one all of it.
    expect(made.method).toBe('bonferroni:inverse-binomial,inverse-binomial/3')
    expect(made.confidence).toBe(0.9)
    expect(made.low).toBeCloseTo(own(a, first).low - own(b, second).high, 12)
    expect(made.high).toBeCloseTo(own(a, first).high - own(b, second).low, 12)
  })

  test('of cells that share their noise is never taken for one of independent cells', () => {
    const sides = [side(56, 100), side(48, 100)] as const
    const few = { both: 20, first: 8, second: 4, neither: 18 }
    for (const pairs of [null, few])
      expect(contrastOf(difference, sides, demand, { independent: false, pairs, contrasts: 1 })).toMatchObject({
        method: 'bonferroni:clopper-pearson',
        pValue: null,
      })
  })

  test('of a running and an ended cell says both methods', () => {
    const made = contrastOf(difference, [side(3, 50, { kind: 'running' }), side(9, 100)], demand, alone)
    expect(made.method).toBe('bonferroni:beta-binomial,clopper-pearson')
    expect(made.low).toBeLessThan(made.value)
  })

  test('of two cells without events is 0 within limits, as a ratio undefined between 0 and infinity', () => {
    expect(contrastOf(difference, [side(0, 50), side(0, 50)], demand, alone).value).toBe(0)
    for (const choice of [fixed, { kind: 'running' } as const])
      expect(contrastOf(ratio, [side(0, 50, choice), side(0, 50, choice)], demand, alone)).toMatchObject({
        value: Number.NaN,
        low: 0,
        high: Number.POSITIVE_INFINITY,
      })
  })

  test('simultaneous: alpha is that of one of all contrasts, whatever the number of cells', () => {
    const sides = [side(56, 70), side(48, 80)] as const
    const all = contrastOf(difference, sides, { ...demand, simultaneous: true }, { ...alone, contrasts: 5 })
    const own = contrastOf(difference, sides, { ...demand, confidence: 0.99 }, alone)
    expect(all.low).toBeCloseTo(own.low, 12)
    expect(all).toMatchObject({ confidence: 0.95, simultaneous: 5 })
  })
})
