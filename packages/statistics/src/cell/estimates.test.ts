import type { Outcome } from '@driftfarm/kernel'
import { expect, test } from 'vitest'
import { jointNames } from '../estimate/joint.ts'
import type { Events } from '../evidence/evidence.ts'
import { competing, demand, escapes, layout, plainLayout, tallyOf, undecided } from '../fixtures/samples.ts'
import { clopperPearson } from '../interval/fixedSize.ts'
import { estimatesOf } from './estimates.ts'

const fixed = { kind: 'fixed' } as const

/** A trial of `plainLayout` that escaped at a step. */
const at = (step: number): Outcome => ({ ...undecided, end: 'escaped', exit: '', escapedAt: step, steps: step })

const some = [
  undecided,
  { ...undecided, end: 'escaped', exit: 'upper', escapedAt: 7, steps: 7 },
  { ...undecided, end: 'escaped', exit: 'lower', escapedAt: 300, steps: 300, class: 'good' },
  { ...undecided, end: 'converged', settled: 'left', convergedAt: 90, steps: 90, marks: { m2: 40 } },
  { ...undecided, end: 'diverged', steps: 20 },
] as const

test('every probability that the events define, at all horizons, then rate, step and costs', () => {
  const estimates = estimatesOf(tallyOf(some, [100]), layout, { ...demand, horizons: [100] }, fixed)
  expect(Object.entries(estimates).map(([name, { events }]) => `${name} ${events}`)).toEqual([
    'escape 2',
    'exit:upper 1',
    'exit:lower 1',
    'converge 1',
    'diverge 1',
    'stay 2',
    'settle:left 1',
    'settle:right 0',
    'settle:other 0',
    'class:good 1',
    'class:other 4',
    'mark:m2 1',
    'escape@100 1',
    'exit:upper@100 1',
    'exit:lower@100 0',
    'converge@100 1',
    'diverge@100 1',
    'stay@100 3',
    'mark:m2@100 1',
    'escapeRate 2',
    'escapeStep 2',
    'cost:m2 1',
  ])
  expect(estimates.escape).toEqual({
    value: 0.4,
    ...clopperPearson(2, 5, 0.95),
    confidence: 0.95,
    method: 'clopper-pearson',
    events: 2,
  })
})

test('only what is asked for, with its horizons', () => {
  const tally = tallyOf(some, [100])
  const names = (estimates: string[]) =>
    Object.keys(estimatesOf(tally, layout, { ...demand, horizons: [100], estimates }, fixed))
  expect(names(['escape', 'escapeStep'])).toEqual(['escape', 'escapeStep', 'escape@100'])
  expect(names(['mark:m2@100'])).toEqual(['mark:m2@100'])
  expect(names(['settle:other'])).toEqual(['settle:other'])
})

test('nothing without trials, nothing of events that a cell lacks', () => {
  expect(estimatesOf(escapes(0, 0), plainLayout, demand, fixed)).toEqual({})
  const trial: Events = { ...competing, escape: null, converge: null }
  const still = { ...plainLayout, exits: [] }
  const tally = { ...escapes(0, 10), exits: [] }
  expect(Object.keys(estimatesOf(tally, still, demand, { kind: 'fixed', trial }))).toEqual(['diverge'])
})

test('says which escape it is', () => {
  const label = (trial: Events) => estimatesOf(escapes(3, 10), plainLayout, demand, { ...fixed, trial }).escape?.event
  expect(label(competing)).toBe('escape before converging')
  expect(label({ ...competing, converge: null })).toBe('first escape')
  expect(label({ ...competing, afterConverge: 'continue' })).toBe('first escape')
  expect(label({ ...competing, afterEscape: 'continue' })).toBe('first escape')
})

test('an interval is named by how its trials came to be as many', () => {
  const relative = { rule: 'relative', estimate: 'escape', relative: 0.1 } as const
  const events = { rule: 'events', estimate: 'escape', events: 50 } as const
  const until = { confidence: 0.95, min: 100, max: 10000 }
  const requested = { ...demand, trials: null, estimates: ['escape', 'diverge'] }
  const methods = (
    choice: Parameters<typeof estimatesOf>[3],
    rules: readonly (typeof relative | typeof events)[] = [],
  ) => {
    const estimates = estimatesOf(
      escapes(50, 400),
      plainLayout,
      { ...requested, until: rules.length > 0 ? { ...until, rules } : null },
      choice,
    )
    return [estimates.escape?.method, estimates.diverge?.method]
  }
  const stopped = { kind: 'stopped', checkPoints: 22 } as const
  expect(methods(fixed)).toEqual(['clopper-pearson', 'clopper-pearson'])
  expect(methods({ kind: 'running' })).toEqual(['beta-binomial', 'beta-binomial'])
  expect(methods({ kind: 'extended' })).toEqual(['beta-binomial', 'beta-binomial'])
  expect(methods({ ...stopped, by: relative }, [relative])).toEqual(['clopper-pearson/22', 'clopper-pearson/22'])
  expect(methods({ ...stopped, by: { rule: 'max' } }, [relative])).toEqual(['clopper-pearson/22', 'clopper-pearson/22'])
  expect(methods({ ...stopped, by: events }, [events])).toEqual(['inverse-binomial', 'beta-binomial'])
  expect(methods({ ...stopped, by: { rule: 'max' } }, [events])).toEqual(['clopper-pearson', 'beta-binomial'])
  expect(methods({ ...stopped, by: events }, [relative, events])).toEqual(['inverse-binomial/3', 'beta-binomial/3'])
  expect(methods({ ...stopped, by: relative }, [relative, events])).toEqual([
    'clopper-pearson/66',
    'clopper-pearson/66',
  ])
})

test('a budget, and the rules that end by gamma times or by a test, in names of intervals', () => {
  const gbas = { rule: 'gbas', estimate: 'escape', relative: 0.1 } as const
  const events = { rule: 'events', estimate: 'escape', events: 50 } as const
  const above = { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.1 } as const
  type Rule = typeof gbas | typeof events | typeof above
  const method = (ending: Rule | 'max' | 'budget', rule: Rule, [k, n]: [number, number], budget?: number) => {
    const until = { rules: [rule], confidence: 0.95, min: 100, max: 10000, ...(budget === undefined ? {} : { budget }) }
    const by = typeof ending === 'string' ? { rule: ending } : ending
    const choice = { kind: 'stopped', by, checkPoints: 22, cell: 'c' } as const
    return estimatesOf(escapes(k, n), plainLayout, { ...demand, until }, choice).escape!.method
  }
  expect(method(gbas, gbas, [385, 4000])).toBe('gbas')
  expect(method('max', gbas, [300, 10000])).toBe('gbas-bounded')
  expect(method(above, above, [300, 1000])).toBe('clopper-pearson/22')
  expect(method('budget', above, [300, 1000], 5000)).toBe('clopper-pearson/22')
  expect(method('budget', events, [40, 400], 5000)).toBe('clopper-pearson/66')
  expect(method(events, events, [50, 400], 5000)).toBe('inverse-binomial/3')
  expect(method('budget', gbas, [40, 400], 5000)).toBe('clopper-pearson/66')
  const { cell: _, ...nameless } = { kind: 'stopped', by: gbas, checkPoints: 22, cell: 'c' } as const
  const until = { rules: [gbas], confidence: 0.95, min: 100, max: 10000 }
  expect(() => estimatesOf(escapes(385, 4000), plainLayout, { ...demand, until }, nameless)).toThrow('pass `cell`')
})

test('Wilson and Jeffreys by name, for a fixed budget alone', () => {
  const method = (interval: 'wilson' | 'jeffreys', kind: 'fixed' | 'running') =>
    estimatesOf(escapes(3, 10), plainLayout, { ...demand, interval }, { kind }).escape?.method
  expect([method('wilson', 'fixed'), method('jeffreys', 'fixed')]).toEqual(['wilson', 'jeffreys'])
  expect(method('wilson', 'running')).toBe('beta-binomial')
})

test('simultaneous intervals share alpha among the cells', () => {
  const requested = { ...demand, simultaneous: true }
  const estimate = estimatesOf(escapes(3, 10), plainLayout, requested, { kind: 'fixed', cells: 20 }).escape!
  expect(estimate.low).toBeCloseTo(clopperPearson(3, 10, 1 - 0.05 / 20).low, 13)
  expect(estimate).toMatchObject({ confidence: 0.95, simultaneous: 20 })
  expect(() => estimatesOf(escapes(3, 10), plainLayout, requested, fixed)).toThrow('pass `cells`')
})

test('rate: events over steps at risk with Poisson limits', () => {
  const tally = { ...escapes(10, 100), atRisk: 1000n }
  // qchisq(.025, 20) / 2000, qchisq(.975, 22) / 2000
  expect(estimatesOf(tally, plainLayout, demand, fixed).escapeRate).toMatchObject({
    value: 0.01,
    low: expect.closeTo(0.0047953887, 10),
    high: expect.closeTo(0.018390356, 10),
    atRisk: '1000',
    method: 'poisson',
  })
  // Events over steps at risk, the maximum likelihood estimate of a geometric law under right censoring: 2 / 38.
  const few = { ...escapes(2, 5), atRisk: 38n }
  expect(estimatesOf(few, plainLayout, demand, fixed).escapeRate!.value).toBeCloseTo(0.0526315789, 10)
  const none = { ...escapes(0, 100), atRisk: 1000n }
  expect(estimatesOf(none, plainLayout, demand, fixed).escapeRate).toMatchObject({
    value: 0,
    low: 0,
    high: expect.closeTo(0.0036888795, 10),
  })
  const running = estimatesOf(tally, plainLayout, demand, { kind: 'running' }).escapeRate!
  expect(running.method).toBe('beta-binomial')
  expect(running.high).toBeGreaterThan(0.0184)
})

test('rate after a burn-in: escapes and steps at risk of later', () => {
  const outcomes = [at(3), at(100), at(101), at(400), undecided]
  const tally = tallyOf(outcomes, [100], plainLayout)
  const requested = { ...demand, rateAfter: 100 }
  expect(estimatesOf(tally, plainLayout, requested, fixed).escapeRate).toMatchObject({
    events: 2,
    atRisk: '1201',
    value: 2 / 1201,
    after: 100,
  })
  // Not a horizon that results report.
  expect(Object.keys(estimatesOf(tally, plainLayout, requested, fixed)).filter((name) => name.includes('@'))).toEqual(
    [],
  )
  expect(estimatesOf({ ...tally, horizons: [] }, plainLayout, requested, fixed).escapeRate).toBeUndefined()
})

test('rate: trials that go on after an escape or convergence are at risk until the escape', () => {
  const outcomes: Outcome[] = [
    { ...undecided, end: 'converged', exit: '', escapedAt: 40, convergedAt: 900, steps: 1000 },
    { ...undecided, end: 'converged', convergedAt: 20, steps: 1000 },
    { ...undecided, end: 'diverged', steps: 70 },
  ]
  const tally = tallyOf(outcomes, [50], plainLayout)
  const trial: Events = { ...competing, afterEscape: 'continue', afterConverge: 'continue' }
  const rate = (rateAfter: number) =>
    estimatesOf(tally, plainLayout, { ...demand, rateAfter }, { ...fixed, trial }).escapeRate
  expect(rate(0)).toMatchObject({ events: 1, atRisk: '1110' })
  expect(rate(50)).toMatchObject({ events: 0, atRisk: '970' })
})

test('joint: every combination that occurred, and stay is a sum of them', () => {
  const requested = { ...demand, estimates: ['joint', 'stay', 'escape', 'diverge'] }
  const estimates = estimatesOf(tallyOf(some, []), layout, requested, fixed)
  expect(Object.entries(estimates).map(([name, { events }]) => `${name} ${events}`)).toEqual([
    'joint:unescaped,converged,left 1',
    'joint:unescaped,diverged,none 1',
    'joint:unescaped,undecided,none 1',
    'joint:escaped,escaped,none 2',
    'stay 2',
    'escape 2',
    'diverge 1',
  ])
  expect(estimates['joint:escaped,escaped,none']).toMatchObject({ value: 0.4, ...clopperPearson(2, 5, 0.95) })
  expect(jointNames({ ...layout, minima: ['none'] }).slice(0, 3)).toEqual([
    'joint:unescaped,escaped,-',
    'joint:unescaped,escaped,none',
    'joint:unescaped,escaped,other',
  ])
})

test('one of those that occurred together is made by its own name, as where the best cell is asked for', () => {
  const name = 'joint:escaped,escaped,none'
  const made = (estimates: string[]) => estimatesOf(tallyOf(some, []), layout, { ...demand, estimates }, fixed)
  expect(made([name])).toEqual({ [name]: made(['joint'])[name] })
  expect(made(['joint:escaped,converged,left'])).toEqual({})
})

test('step: the restricted mean, with quantiles of all trials', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) =>
    i < 60 ? ({ ...undecided, end: 'escaped', exit: 'upper', escapedAt: i + 10, steps: i + 10 } as const) : undecided,
  )
  const step = estimatesOf(tallyOf(outcomes, []), layout, demand, fixed).escapeStep!
  // python3: x = [i + 10 for i in range(60)] + [1000] * 40; np.mean(x) +- t.isf(.025, 99) * np.std(x, ddof=1) / 10
  expect(step).toMatchObject({ value: 423.7, method: 'student', events: 60 })
  expect(step.low).toBeCloseTo(329.824781999, 8)
  expect(step.high).toBeCloseTo(517.575218001, 8)
  expect(step.quantiles).toEqual({ 0.1: [19, 19], 0.25: [34, 34], 0.5: [59, 59], 0.75: null, 0.9: null })
  const running = estimatesOf(tallyOf(outcomes, []), layout, demand, { kind: 'running' }).escapeStep!
  expect(running.method).toBe('asymptotic-sequence')
  expect(running.low).toBeLessThan(step.low)
})

test('step: with few escapes a bound, never a point', () => {
  const none = estimatesOf(escapes(0, 1000), plainLayout, demand, fixed).escapeStep!
  expect(none).toMatchObject({ value: 1000, high: 1000, method: 'bounded', events: 0 })
  expect(none.low).toBeCloseTo(1000 - 0.003682083896865671 * 999, 9)
  expect(none.quantiles).toEqual({ 0.1: null, 0.25: null, 0.5: null, 0.75: null, 0.9: null })
})
