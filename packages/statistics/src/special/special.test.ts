import { expect, test } from 'vitest'
import { betaLowerQuantile, betaUpperQuantile, incompleteBeta, studentQuantile, studentTail } from './beta.ts'
import references from './fixtures/reference.json'
import { gammaLowerQuantile, gammaUpperQuantile, gammaUpperTail } from './gamma.ts'
import { normalQuantile } from './normal.ts'
import { expMinusLine, expMinusOne, logOnePlus, logOnePlusMinus } from './series.ts'

type Reference = { f: string; a?: number; b?: number; x?: number; p?: number; y: number }

const functions: Record<string, (reference: Reference) => number> = {
  beta: ({ a, b, x }) => incompleteBeta(x!, a!, b!),
  betaLower: ({ a, b, p }) => betaLowerQuantile(p!, a!, b!),
  betaUpper: ({ a, b, p }) => betaUpperQuantile(p!, a!, b!),
  gammaLower: ({ a, p }) => gammaLowerQuantile(p!, a!),
  gammaUpper: ({ a, p }) => gammaUpperQuantile(p!, a!),
  normal: ({ p }) => normalQuantile(p!),
}

/** Parameters from 1/2 to 1e15, tails down to 1e-230. */
test.each(Object.keys(functions))('%s agrees with mpmath to 1e-13', (name) => {
  const some = (references as Reference[]).filter(({ f }) => f === name)
  expect(some.length).toBeGreaterThan(8)
  const wrong = some.filter((reference) => !(Math.abs(functions[name]!(reference) / reference.y - 1) < 1e-13))
  expect(wrong).toEqual([])
})

test('continued fraction and integral meet where one takes over from the other', () => {
  for (const a of [3990, 3999, 4001, 4010]) {
    const direct = incompleteBeta(0.49, a, a) + incompleteBeta(0.51, a, a)
    expect(direct).toBeCloseTo(1, 13)
  }
})

test('the ends of the range', () => {
  expect(incompleteBeta(0, 2, 3)).toBe(0)
  expect(incompleteBeta(1, 2, 3)).toBe(1)
})

// Roots of mpmath's integral of the density, 40 digits; SciPy 1.15 itself is wrong in the 11th digit.
test.each([
  [1, 12.706204736174705],
  [9, 2.262157162798205],
  [999, 1.96234146113345],
  [1e9, 1.9599639869123255],
])('Student quantile of %d degrees of freedom', (freedom, t) => {
  expect(studentQuantile(0.05, freedom) / t).toBeCloseTo(1, 13)
})

// python3 -c "from scipy.stats import t; print(t.ppf(0.975, 2.5), t.sf(3.29, 15), t.sf(3.29, 2.5))", SciPy 1.17.
test('Student of a number of degrees that is no integer, and the tail', () => {
  expect(studentQuantile(0.05, 2.5)).toBeCloseTo(3.5746548420036817, 11)
  expect(studentTail(3.29, 15)).toBeCloseTo(0.00247977855976043, 14)
  expect(studentTail(3.29, 2.5)).toBeCloseTo(0.029893765249486694, 13)
  expect(studentTail(0, 3)).toBe(0.5)
  expect(studentQuantile(0.05, Number.POSITIVE_INFINITY)).toBeCloseTo(1.959963984540054, 14)
  expect(studentTail(1.959963984540054, Number.POSITIVE_INFINITY)).toBeCloseTo(0.025, 14)
})

// mpmath's gammainc(a, x, inf, regularized=True); chi2.sf(2 x, 2 a) of SciPy.
test.each([
  [0.5, 0.5, 0.3173105078629141],
  [3, 0.5, 0.01430587843542964],
  [1, 3, 0.9196986029286058],
  [20, 3, 4.555149505589213e-7],
  [9.5, 9.5, 0.4568361255919624],
  [30, 9.5, 3.8698263006641804e-6],
  [2500, 2400, 0.0216739892003061],
  [2300, 2400, 0.9804661721224066],
])('upper tail of the gamma distribution at %d, shape %d', (x, a, tail) => {
  expect(gammaUpperTail(x, a) / tail).toBeCloseTo(1, 12)
  expect(gammaUpperQuantile(gammaUpperTail(x, a), a) / x).toBeCloseTo(1, 11)
  expect(gammaUpperTail(0, a)).toBe(1)
})

test('series join their closed forms', () => {
  for (const t of [-0.5, 0.5])
    for (const side of [1 - 1e-13, 1 + 1e-13]) {
      expect(logOnePlusMinus(t * side)).toBeCloseTo(Math.log1p(t) - t, 12)
      expect(expMinusLine(t * side)).toBeCloseTo(Math.expm1(t) - t, 12)
      expect(logOnePlus(t * side)).toBeCloseTo(Math.log1p(t), 12)
      expect(expMinusOne(t * side)).toBeCloseTo(Math.expm1(t), 12)
    }
})
