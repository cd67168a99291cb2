import { stepBin, zeroTally } from '@driftfarm/kernel'
import { describe, expect, it } from 'vitest'
import type { Estimate } from '../evidence/estimate.ts'
import type { CellFindings } from '../finding/cellFindings.ts'
import { premises } from '../finding/premises.fixture.ts'
import type { FirstStepPremise, SaddlePremise, SettlingPremise, StartPremise } from '../finding/premises.ts'
import { layout } from '../fixtures/samples.ts'
import { settlingChecks } from './basin.ts'
import { rateChecks } from './horizon.ts'
import { firstStepChecks, saddleChecks } from './start.ts'

const estimate = (value: number, more: Partial<Estimate> = {}): Estimate => ({
  value,
  low: 0,
  high: 1,
  confidence: 0.95,
  method: 'clopper-pearson',
  events: Math.round(1000 * value),
  ...more,
})
const found = (
  escaped: number,
  estimates: CellFindings['estimates'],
  tally: Partial<CellFindings['tally']> = {},
): CellFindings => ({
  tally: { ...zeroTally(layout, []), trials: 1000, escaped, exits: [escaped], ...tally },
  estimates,
})
const escaping = (escaped: number, tally: Partial<CellFindings['tally']> = {}) =>
  found(escaped, { escape: estimate(escaped / 1000) }, tally)

describe('a start that is no minimum', () => {
  const saddle = (more: Partial<SaddlePremise> = {}): SaddlePremise => ({
    starts: 1,
    share: 1,
    curvature: -1,
    into: ['right', 'left'],
    escapes: 0.5,
    ...more,
  })
  const committor = found(500, { escape: estimate(0.5, { event: 'escape before converging' }) })
  const verdict = (premise: SaddlePremise, measured: CellFindings | null, measures = true) =>
    saddleChecks(premise, measures, measured)!.verdict

  it.each<[string, SaddlePremise, CellFindings | null, string]>([
    ['before any trial', saddle(), null, 'doubtful'],
    ['the fall explains half of the escapes', saddle(), escaping(1000), 'wrong'],
    ['as many as there are', saddle(), escaping(500), 'wrong'],
    ['at most twice as many', saddle(), escaping(250), 'wrong'],
    ['more than that', saddle(), escaping(249), 'doubtful'],
    ['none of them', saddle({ escapes: 0 }), escaping(300), 'doubtful'],
    ['no trial has escaped', saddle(), escaping(0), 'doubtful'],
    ['a share of the starts that matters', saddle({ share: 0.2 }), escaping(400), 'doubtful'],
    ['one that does not', saddle({ share: 0.19 }), escaping(400), 'note'],
    ['which of two exits', saddle(), escaping(500, { exits: [250, 250] }), 'note'],
    ['a committor: which of two minima', saddle(), committor, 'note'],
    ['an escape before converging where all descents agree', saddle({ into: ['right'] }), committor, 'wrong'],
  ])('%s', (_, premise, measured, expected) => {
    expect(verdict(premise, measured)).toBe(expected)
  })

  it('without an escape: where trials settle', () => {
    expect(verdict(saddle(), found(0, { 'settle:left': estimate(0.5) }), false)).toBe('doubtful')
    expect(verdict(saddle({ share: 0.4 }), found(0, { 'settle:left': estimate(0.5) }), false)).toBe('note')
    expect(verdict(saddle(), found(0, { 'mark:m': estimate(1) }), false)).toBe('note')
  })

  it('says what is known, and nothing where all is well', () => {
    expect(saddleChecks(null, true, null)).toBeNull()
    const { text } = saddleChecks(saddle({ curvature: -1e-11, into: [] }), true, null)!
    expect(text).toMatch(/smallest curvature about 0\)\. From nearby points, descent leads away/)
  })
})

describe('trials that converged', () => {
  const settling = (left: number, more: Partial<SettlingPremise> = {}): SettlingPremise => ({
    trials: 16,
    left,
    steps: 100,
    hold: 1,
    enough: { hold: 30, trials: 12 },
    ...more,
  })
  it.each<[string, SettlingPremise | null, string | null]>([
    ['were not asked about', null, null],
    ['were none', settling(0, { trials: 0 }), null],
    ['all stay', settling(0), 'good'],
    ['one leaves', settling(1), 'good'],
    ['some leave', settling(2), 'doubtful'],
    ['half leave', settling(8), 'wrong'],
  ])('%s', (_, premise, expected) => {
    expect(settlingChecks(premise)?.verdict ?? null).toBe(expected)
  })

  it('get a hold that was tried, or what else to do', () => {
    expect(settlingChecks(settling(16))!.hint).toBe(
      'use `converge.hold: 30`: of the 12 trials that converged with this value, none moved away again',
    )
    expect(settlingChecks(settling(16, { enough: null }))!.hint).toMatch(/raise `converge\.hold`.*`quench: true`/)
  })
})

describe('what holds at once', () => {
  const start: StartPremise = { starts: 1, holds: {}, outside: null }
  const verdicts = (
    measured: CellFindings,
    first: Partial<FirstStepPremise> = {},
    holds: StartPremise['holds'] = {},
    horizon = 1000,
  ) =>
    firstStepChecks(
      { ...premises, start: { ...start, holds }, firstStep: { trials: 40, hold: 1, holds: {}, loud: null, ...first } },
      measured,
      horizon,
    ).flatMap((each) => each?.verdict ?? [])
  const at = (step: number, count: number) => [[stepBin(step), count]] as const

  it.each<[string, CellFindings, readonly string[]]>([
    ['nearly all escape in the first step', escaping(980, { escapeHistogram: at(1, 950) }), ['wrong']],
    ['half do', escaping(980, { escapeHistogram: at(1, 500) }), ['doubtful']],
    ['fewer do', escaping(980, { escapeHistogram: at(1, 499) }), []],
    ['nine tenths of all escapes', escaping(100, { escapeHistogram: at(1, 90) }), ['doubtful']],
    ['fewer of them', escaping(100, { escapeHistogram: at(1, 89) }), []],
    ['too few to tell', escaping(15, { escapeHistogram: at(1, 15) }), []],
    ['all in the second step', escaping(1000, { escapeHistogram: at(2, 1000) }), []],
  ])('%s', (_, measured, expected) => {
    expect(verdicts(measured)).toEqual(expected)
  })

  it('is what is asked where there are few steps, and said once where it holds at theta_0', () => {
    const all = escaping(1000, { escapeHistogram: at(1, 1000) })
    expect(verdicts(all, {}, {}, 9)).toEqual([])
    expect(verdicts(all, {}, { escape: 1 })).toEqual([])
  })

  const before = (count: number, step = 1) =>
    found(0, { escape: estimate(0, { event: 'escape before converging' }) }, { convergeHistogram: at(step, count) })
  it.each<[string, CellFindings, Partial<FirstStepPremise>, StartPremise['holds'], readonly string[]]>([
    ['at the first step', before(950), {}, {}, ['wrong']],
    ['half of them', before(500), {}, {}, ['doubtful']],
    ['fewer', before(499), {}, {}, []],
    ['at the second', before(1000, 2), {}, {}, []],
    ['as soon as hold allows', before(1000, 50), { hold: 50 }, {}, ['wrong']],
    ['a step later', before(1000, 51), { hold: 50 }, {}, []],
    ['before the start is forgotten, where it holds there', before(1000, 14), {}, { converge: 1 }, ['wrong']],
    ['where it does not', before(1000, 14), {}, {}, []],
    ['after it is forgotten', before(1000, 15), {}, { converge: 1 }, []],
  ])('convergence %s', (_, measured, first, holds, expected) => {
    expect(verdicts(measured, first, holds)).toEqual(expected)
  })

  it('convergence beside a first exit that it does not end', () => {
    const measured = found(
      10,
      { escape: estimate(0.01, { event: 'first escape' }) },
      { convergeHistogram: at(1, 1000) },
    )
    expect(verdicts(measured)).toEqual([])
  })

  it('marks, the one that is asked for and others', () => {
    const holds = { 'mark:m': 0.95 }
    expect(verdicts(found(0, { 'mark:m': estimate(1) }), { holds })).toEqual(['wrong'])
    expect(verdicts(found(9, { escape: estimate(0.1), 'cost:m': estimate(1) }), { holds })).toEqual(['doubtful'])
    expect(verdicts(found(9, { escape: estimate(0.1) }), { holds })).toEqual([])
    expect(verdicts(found(0, { 'mark:m': estimate(1) }), { holds: { 'mark:m': 0.94 } })).toEqual([])
  })

  it('a class, only if no noise changes it', () => {
    const always = { 'class:good': 1 }
    const measured = (value: number) => found(0, { 'class:good': estimate(value) })
    expect(verdicts(measured(1), { holds: always, loud: always }, always)).toEqual(['doubtful'])
    expect(verdicts(measured(0.94), { holds: always, loud: always }, always)).toEqual([])
    expect(verdicts(measured(1), { holds: always, loud: { 'class:good': 0.9 } }, always)).toEqual([])
    expect(verdicts(measured(1), { holds: always, loud: null }, always)).toEqual([])
    expect(verdicts(measured(1), { holds: always, loud: always })).toEqual([])
  })
})

describe('a rate of a transient', () => {
  const rate = (after: number, pValue: number | null = null) =>
    estimate(0.001, {
      ...(after > 0 ? { after } : {}),
      exponentiality: pValue === null ? null : { statistic: 1, degreesOfFreedom: 1, pValue },
    })
  const verdict = (measured: CellFindings, horizon: number, steps: number | null = 30) =>
    rateChecks(measured, { horizon, relaxation: steps === null ? null : { steps } })?.verdict ?? null
  const requested = (after = 0, pValue: number | null = null) => found(100, { escapeRate: rate(after, pValue) })

  it.each<[string, CellFindings, number, number | null, string | null]>([
    ['a third of the steps', requested(), 90, 30, null],
    ['more than a third', requested(), 89, 30, 'doubtful'],
    ['all of them', requested(), 10, 30, 'doubtful'],
    ['left out by the burn-in', requested(30), 60, 30, null],
    ['left out in part', requested(10), 69, 30, 'doubtful'],
    ['not known', requested(), 10, null, null],
    ['no rate is there', found(100, { escape: estimate(0.1) }), 10, 30, null],
    ['all have escaped: the test decides', found(901, { escapeRate: rate(0, 1e-4) }), 10, 30, 'note'],
    ['the test alone', requested(0, 1e-4), 1000, 30, 'note'],
    ['nobody asks for it', found(100, { escapeRate: rate(0), escapeStep: estimate(1) }), 10, 30, 'note'],
    ['but for its burn-in', found(100, { escapeRate: rate(5), escapeStep: estimate(1) }), 10, 30, 'doubtful'],
  ])('%s', (_, measured, horizon, steps, expected) => {
    expect(verdict(measured, horizon, steps)).toBe(expected)
  })

  it('says what to write', () => {
    const { hint } = rateChecks(requested(), { horizon: 10, relaxation: { steps: 30 } })!
    expect(hint).toBe('write `rate: {after: 30}` and `trial.steps: 300` or more')
  })
})
