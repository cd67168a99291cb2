import { describe, expect, it, test } from 'vitest'
import type { Estimate } from '../evidence/estimate.ts'
import { readFitFormula } from './formula.ts'
import { fitStudy, type StudiedCell } from './study.ts'

const estimate = (events: number, more: Partial<Estimate> = {}): Estimate => ({
  value: 0,
  low: 0,
  high: 1,
  confidence: 0.95,
  method: 'clopper-pearson',
  events,
  ...more,
})
const cell = (index: number, params: Record<string, unknown>, events: number): StudiedCell => ({
  index,
  id: `direct ${index}`,
  params,
  trials: 1000,
  estimates: {
    escape: estimate(events),
    escapeRate: estimate(events, { atRisk: '50000' }),
    escapeStep: estimate(events),
  },
})
const cells = [
  cell(0, { 'let.T': 0.05, 'update.eta': 0.1 }, 20),
  cell(1, { 'let.T': 0.1, 'update.eta': 0.1 }, 200),
  cell(2, { 'let.T': 0.04, 'update.eta': 0.2 }, 0),
]
const study = (text: string, over: readonly StudiedCell[] = cells) => fitStudy(over, readFitFormula(text), 0.95)

describe('a formula of a fit', () => {
  it('is an estimate or its logarithm against an expression', () => {
    expect(readFitFormula(' log( exit:upper@100 ) ~ 1 / T ')).toMatchObject({
      estimate: 'exit:upper@100',
      link: 'log',
      terms: [{ text: '1/T', inverseOf: 'T' }],
      hasIntercept: true,
    })
    expect(readFitFormula('escape ~ eta*T')).toMatchObject({
      estimate: 'escape',
      link: 'identity',
      terms: [{ inverseOf: null }],
    })
  })

  it.each<[string, string[], boolean]>([
    ['1/T + log(T)', ['1/T', 'log(T)'], true],
    ['T + eta + T*eta', ['T', 'eta', 'T*eta'], true],
    ['1/T + 0', ['1/T'], false],
    ['0 + 1/T', ['1/T'], false],
    ['1/T - 1', ['1/T'], false],
    ['-1 + 1/T', ['1/T'], false],
    ['1 + 1/T', ['1/T'], true],
    ['(T + eta)', ['T + eta'], true],
    ['-1/T', ['-1/T'], true],
    ['T/(eta - 1) + 2*-T', ['T/(eta - 1)', '2*-T'], true],
    ['T*1e+2 + eta^-2', ['T*100', 'eta^-2'], true],
    ['T^2+T', ['T^2', 'T'], true],
  ])('its right side %s has the terms %j, intercept %j', (right, terms, hasIntercept) => {
    const read = readFitFormula(`log(escape) ~ ${right}`)
    expect([read.terms.map(({ text }) => text.replaceAll(' ', '')), read.hasIntercept]).toEqual([
      terms.map((term) => term.replaceAll(' ', '')),
      hasIntercept,
    ])
  })

  it('is of counts: a time or a cost has no such law, and is refused with what to fit instead', () => {
    const marked = cells.map((one) => ({ ...one, estimates: { ...one.estimates, 'cost:m': estimate(9) } }))
    expect(() => study('log(escapeStep) ~ 1/T')).toThrow('fit log(escapeRate) instead')
    expect(() => study('log(cost:m) ~ 1/T', marked)).toThrow('fit log(mark:m) instead')
    expect(() => study('log(stay) ~ 1/T', marked)).toThrow('(choose from escape, escapeRate)')
  })

  it.each<[string, RegExp]>([
    ['log(escape)', /write an estimate, then ~/],
    ['a ~ b ~ c', /write an estimate, then ~/],
    ['~ T', /write an estimate, then ~/],
    ['exp(escape) ~ T', /or its logarithm/],
    ['escape ~ 2', /at least one swept name/],
    ['escape ~ 1/', /expression ends here/],
    ['escape ~ T > 1', /needs a number/],
    ['escape ~ T + 2', /each term needs at least one swept name/],
    ['escape ~ 1', /at least one swept name/],
    ['escape ~ 1/T - log(T)', /- log\(T\).*write `\+ log\(T\)`/],
    ['escape ~ 1/T + 1/T', /the term 1\/T occurs twice/],
    ['escape ~ T +', /each `\+` or `-` needs a term on both sides/],
  ])('%s is none', (text, message) => {
    expect(() => readFitFormula(text)).toThrow(message)
  })
})

test('rates go over steps at risk, probabilities over trials, and empty cells count', () => {
  const rates = study('log(escapeRate) ~ 1/T').fit
  expect(rates.family).toBe('poisson')
  expect(rates.cells.map(({ x, events, exposure }) => [x, events, exposure])).toEqual([
    [[20], 20, 50000],
    [[10], 200, 50000],
    [[25], 0, 50000],
  ])
  // Two cells alone would give log(10)/10.
  expect(rates.coefficients[1]!.value).toBeLessThan(-Math.log(10) / 10)
  expect(study('log(escape) ~ T*eta').fit.cells[2]).toMatchObject({ x: [0.008], exposure: 1000 })
})

test('cells without trials are left out and named', () => {
  const { indices, leftOut } = study('log(escape) ~ 1/T', [
    ...cells,
    { ...cell(3, { 'let.T': 1, 'update.eta': 1 }, 0), trials: 0, estimates: {} },
  ])
  expect(indices).toEqual([0, 1, 2])
  expect(leftOut).toMatchObject([{ index: 3, why: 'no trials yet' }])
})

test.each<[string, readonly StudiedCell[], RegExp]>([
  ['log(escapes) ~ T', cells, /cells 0, 1, 2: no estimate named escapes \(choose from escape, escapeRate\)/],
  ['log(escapeStep) ~ T', cells, /not a count of events/],
  [
    'log(escape) ~ 1/T',
    [cell(0, { 'update.eta': 1 }, 3), cell(1, { 'update.eta': 2 }, 4)],
    /sweep let\.T.*2\/\(eta\*SIGMA\^2\), where SIGMA is the value of sigma/,
  ],
  [
    'log(escape) ~ 1/T',
    [cell(0, { 'a.sigma': 1 }, 3), cell(1, { 'a.sigma': 2 }, 4)],
    /2\/\(ETA\*sigma\^2\), where ETA is the value of eta/,
  ],
  ['log(escape) ~ 1/T', [cell(0, { 'let.c': 1 }, 3), cell(1, { 'let.c': 2 }, 4)], /temperature: "= T"}`$|"}`[^;]*$/],
  ['log(escape) ~ 1/S', cells, /unknown name `?S/],
  ['log(escape) ~ log(T - 0.05)', cells, /cells 0, 2: log\(T - 0.05\) is not a finite number/],
  ['log(escape) ~ T', [...cells, cell(3, { 'let.T': 'hot', 'update.eta': 1 }, 3)], /cell 3: T is not a number/],
  [
    'log(escape) ~ T',
    cells.map((one) => ({ ...one, params: { ...one.params, 'landscape.parameters.T': 1 } })),
    /several swept paths end in it: let.T, landscape.parameters.T/,
  ],
  ['log(escape) ~ eta', cells.slice(0, 2), /eta has only one value in the 2 cells/],
])('%s says what is wrong', (text, over, message) => {
  expect(() => study(text, over)).toThrow(message)
})

describe('a cell that is in the sweep twice', () => {
  const again = { ...cells[1]!, index: 3 }

  it('counts once', () => {
    const { indices, leftOut, fit } = study('log(escape) ~ T', [...cells, again])
    expect([indices, leftOut.map(({ index }) => index)]).toEqual([[0, 1, 2], [3]])
    expect(fit.coefficients).toEqual(study('log(escape) ~ T').fit.coefficients)
  })

  it('is refused where the formula takes it for two', () => {
    const other = { ...again, params: { ...again.params, 'let.T': 0.2 } }
    expect(() => study('log(escape) ~ T', [...cells, other])).toThrow(
      /cell 3: another cell has the same id.* the terms of the formula differ/,
    )
  })
})

describe('means of values', () => {
  const replicas = { count: 50, extinct: 0, relativeVariance: 0.5, largestShare: 0.05, levels: 9, ladder: [] }
  const split = (index: number, T: number, value: number, relativeVariance = 0.5): StudiedCell => ({
    index,
    id: `split ${index}`,
    params: { 'let.T': T },
    trials: 50,
    estimates: {
      escape: estimate(50, { value, method: 'replicas', replicas: { ...replicas, relativeVariance } }),
      'exit:upper': estimate(50, { value, method: 'replicas' }),
    },
  })
  const three = [split(0, 0.1, 1e-4), split(1, 0.05, 1e-8), split(2, 0.04, 1e-10)]

  it('are fitted as they are, not as counts of replicas', () => {
    const { fit, leftOut } = study('log(escape) ~ 1/T', three)
    expect([fit.family, leftOut]).toEqual(['normal', []])
    // Three points on a line of slope -log(10^4)/10 = -log(10^2)/5.
    expect(fit.coefficients[1]!.value).toBeCloseTo(-Math.log(1e4) / 10, 12)
    expect(fit.coefficients[0]!.value).toBeCloseTo(0, 10)
    expect(fit.cells.map(({ events, exposure }) => [events, exposure])).toEqual([
      [50, 50],
      [50, 50],
      [50, 50],
    ])
  })

  it('without a spread are left out and named', () => {
    const { indices, leftOut } = study('log(escape) ~ 1/T', [...three, split(3, 0.03, 0, 0), split(4, 0.2, 0.5, 0)])
    expect([indices, leftOut.map(({ index }) => index)]).toEqual([
      [0, 1, 2],
      [3, 4],
    ])
  })

  it('are not mixed with counts, nor taken where no spread is told', () => {
    expect(() => study('log(escape) ~ 1/T', [...cells, ...three])).toThrow(
      /cells 0, 1, 2: the estimate is a mean of values/,
    )
    expect(() => study('log(exit:upper) ~ 1/T', three)).toThrow(/which is not stored for named exits; fit log/)
  })
})
