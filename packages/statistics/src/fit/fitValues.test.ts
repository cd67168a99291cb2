import { expect, test } from 'vitest'
import { fitValues, type ValueOptions } from './fitValues.ts'
import known from './fixtures/several.json'

const line = { terms: ['x'], hasIntercept: true, confidence: 0.95 }
const log = { ...line, link: 'log' } as const
const identity = { ...line, link: 'identity' } as const

/**
 * numpy 2: p, c = polyfit(x, log(v), 1, w=1/sqrt(rv), cov='unscaled'); sqrt(diag(c)); chi-square of the residuals; then
 * scipy.stats.chi2.sf(chi-square, 2), scipy.stats.t.isf(0.025, 2), scipy.stats.norm.isf(0.025).
 */
const rare = [
  { x: [20], value: 1e-9, relativeVariance: 0.01 },
  { x: [50 / 3], value: 3.2e-8, relativeVariance: 0.008 },
  { x: [12.5], value: 2.5e-6, relativeVariance: 0.005 },
  { x: [10], value: 6e-5, relativeVariance: 0.004 },
].map((cell) => ({ ...cell, freedom: Number.POSITIVE_INFINITY, events: 64, exposure: 64 }))

test('the line through logarithms is that of weighted least squares', () => {
  const fit = fitValues(rare, log)
  const [intercept, slope] = fit.coefficients
  expect(slope!.value).toBeCloseTo(-1.1001058766967549, 12)
  expect(intercept!.value).toBeCloseTo(1.1155186524133054, 11)
  expect(fit.deviance).toBeCloseTo(23.480007009316004, 9)
  expect(fit.pValue).toBeCloseTo(7.968585932677464e-6, 14)
  // Widened by the root of the dispersion, as those of counts are.
  expect(fit.scale).toBeCloseTo(23.480007009316004 / 2, 9)
  const half = 4.302652729911275 * 0.010696740026953899 * Math.sqrt(23.480007009316004 / 2)
  expect(slope!.high - slope!.value).toBeCloseTo(half, 10)
  expect(fit.cells[0]).toMatchObject({ events: 64, exposure: 64, observed: 1e-9 })
  expect(fit.cells.reduce((sum, { residual }) => sum + residual ** 2, 0)).toBeCloseTo(fit.deviance, 9)
  expect(fit.cells[0]!.fitted / Math.exp(1.1155186524133054 - 20 * 1.1001058766967549)).toBeCloseTo(1, 10)
})

test('values themselves: what scatters less than chance is not widened', () => {
  const freedom = Number.POSITIVE_INFINITY
  const cells = [
    { x: [1], value: 0.1, relativeVariance: 0.01, freedom, events: 5, exposure: 5 },
    { x: [2], value: 0.2, relativeVariance: 0.02, freedom, events: 5, exposure: 5 },
    { x: [3], value: 0.31, relativeVariance: 0.01, freedom, events: 5, exposure: 5 },
  ]
  const fit = fitValues(cells, identity)
  const [intercept, slope] = fit.coefficients
  expect(slope!.value).toBeCloseTo(0.10398967378549634, 12)
  expect(slope!.value - slope!.low).toBeCloseTo(1.9599639845400545 * 0.01489145582089335, 12)
  expect(intercept!.high - intercept!.value).toBeCloseTo(1.9599639845400545 * 0.02096700059195512, 12)
  expect(fit.scale).toBe(1)
  expect(fitValues(cells.slice(0, 2), identity)).toMatchObject({
    pValue: null,
    dispersion: null,
  })
  expect(() => fitValues([cells[0]!, cells[0]!], identity)).toThrow(/x has only one value in the 2 cells/)
})

test.each(known.values)('several terms: $name', ({ link, terms, hasIntercept, x, ...exact }) => {
  const cells = x.map((x, i) => ({
    x,
    value: exact.observed[i]!,
    relativeVariance: exact.relativeVariance[i]!,
    freedom: Number.POSITIVE_INFINITY,
    events: 9,
    exposure: 9,
  }))
  const fit = fitValues(cells, { link, terms, hasIntercept, confidence: 0.95 } as ValueOptions)
  for (const [at, [value, low, high, error]] of exact.coefficients.entries()) {
    const found = fit.coefficients[at]!
    expect(found.value).toBeCloseTo(value!, 9)
    expect(found.low).toBeCloseTo(low!, 9)
    expect(found.high).toBeCloseTo(high!, 9)
    expect(found.error).toBeCloseTo(error!, 9)
  }
  for (const [i, row] of exact.covariance.entries())
    for (const [j, value] of row.entries()) expect(fit.covariance[i]![j]! / value).toBeCloseTo(1, 8)
  expect(fit.deviance / exact.deviance).toBeCloseTo(1, 9)
  expect(fit.dispersion! / exact.dispersion).toBeCloseTo(1, 9)
  expect(fit.pValue! / exact.pValue).toBeCloseTo(1, 8)
})
