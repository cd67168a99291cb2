import { expect, it } from 'vitest'
import { gammaLowerTail, gammaUpperTail, logGammaUpperTail } from './gamma.ts'
import { noncentralLowerTail, noncentralUpperTail } from './noncentral.ts'
import { logGamma } from './series.ts'

/** Relative, but for what is 0. */
const apart = (found: number, exact: number) => (exact === 0 ? Math.abs(found) : Math.abs(found / exact - 1))

// All values: mpmath 1.3 in 40 to 60 digits, the sums of Poisson weights times gamma tails term by term from the first
// one on.

/** x, dimension, shift, tail. */
const upper = [
  [1, 1, 0.5, 0.37534473999484497],
  [5, 2, 0, 3.726653172078671e-6],
  [5, 2, 1, 7.436210694179458e-5],
  [10, 2, 3, 2.362425924427319e-12],
  [15, 3, 10, 4.3532352335262366e-7],
  [3, 5, 2, 0.43087316318688323],
  [12, 10, 4, 7.75702430133692e-14],
  [20, 10, 19, 0.22092113096152768],
  [30, 100, 20, 6.440740868474905e-16],
  [10, 100, 0, 0.48119168452795674],
  [10, 100, 15, 1],
  [40, 100, 30, 4.886881323322313e-18],
  [50, 2, 49, 0.16111199817395402],
  [38, 2, 0.5, 4.043491998824589e-307],
  [100, 7, 70, 1.4313437537540404e-197],
  [0.1, 4, 3, 0.9999998605590589],
  [300, 2, 290, 7.751394342915956e-24],
  [36, 1, 1, 1.1249107064724062e-268],
] as const
const lower = [
  [1, 1, 0.5, 0.624655260005155],
  [0.01, 2, 1, 3.0326153905548883e-5],
  [1, 2, 10, 3.4136489462303754e-20],
  [5, 3, 20, 9.056114243905429e-52],
  [3, 10, 0, 0.4678964236252845],
  [8, 100, 0, 0.0019341687488079315],
  [8, 100, 12, 9.77511898849465e-20],
  [20, 2, 35, 2.770894031084382e-51],
  [100, 5, 110, 6.284484626878095e-24],
  [290, 2, 300, 7.490522642909389e-24],
  [5, 2, 1, 0.9999256378930582],
] as const
/** a, x, upper, lower. */
const gamma = [
  [0.5, 1, 0.15729920705028513, 0.8427007929497149],
  [0.5, 30, 9.485737571073848e-15, 0.9999999999999906],
  [3, 2, 0.6766764161830635, 0.32332358381693654],
  [50, 100, 1.1784500720979422e-8, 0.9999999882154993],
  [50, 20, 0.9999999875410739, 1.245892607971938e-8],
  [1000, 1200, 1.2881606086281433e-9, 0.9999999987118394],
  [5000, 5500, 3.618329558096479e-12, 0.9999999999963817],
  [2.5, 600, 2.9375604806858986e-257, 1],
] as const

it.each(upper)('P(|m + xi| >= %f) in %d dimensions, |m| = %f', (x, dimension, shift, tail) => {
  expect(apart(noncentralUpperTail(x, dimension, shift), tail)).toBeLessThan(3e-12)
})

it.each(lower)('P(|m + xi| < %f) in %d dimensions, |m| = %f', (x, dimension, shift, tail) => {
  expect(apart(noncentralLowerTail(x, dimension, shift), tail)).toBeLessThan(3e-12)
})

it.each(gamma)('tails of Gamma(%f) at %f', (a, x, above, below) => {
  expect(apart(gammaUpperTail(x, a), above)).toBeLessThan(1e-12)
  expect(apart(gammaLowerTail(x, a), below)).toBeLessThan(1e-12)
  expect(Math.abs(logGammaUpperTail(x, a) - Math.log(above))).toBeLessThan(1e-12)
})

it('has a logarithm where the tail is below the smallest number', () => {
  expect(gammaUpperTail(1000, 1)).toBe(0)
  expect(logGammaUpperTail(1000, 1)).toBeCloseTo(-1000, 10)
})

it('ends at 0 and 1', () => {
  expect([noncentralUpperTail(0, 3, 1), noncentralLowerTail(0, 3, 1)]).toEqual([1, 0])
  expect([gammaUpperTail(0, 2), gammaLowerTail(Number.POSITIVE_INFINITY, 2)]).toEqual([1, 1])
})

// mpmath.loggamma.
it.each([
  [0.5, 0.5723649429247001],
  [1, 0],
  [1.5, -0.12078223763524522],
  [3.25, 0.9358019311087253],
  [50, 144.5657439463449],
  [1000.5, 5908.674175848678],
] as const)('ln Gamma(%f)', (a, value) => {
  expect(Math.abs(logGamma(a) - value)).toBeLessThan(1e-13 * (1 + Math.abs(value)))
})

it('takes a shift whose square is below the smallest number as none, where the weights were not numbers', () => {
  expect(noncentralUpperTail(1000, 2, 1e-160)).toBe(0)
  expect(noncentralUpperTail(3, 2, 1e-160)).toBe(noncentralUpperTail(3, 2, 0))
  expect(noncentralLowerTail(3, 5, 1e-170)).toBe(noncentralLowerTail(3, 5, 0))
})

// In two dimensions, x = s + g: scipy.stats.norm.sf(g) (1 + O(1 / s)), as a ball of this radius is nearly a half-space.
it.each([0, 1, 5, 15, 37])('samples the terms where the shift is large: %d standard deviations beyond it', (gap) => {
  const [near, far] = [1e7, 1e8].map((shift) => noncentralUpperTail(shift + gap, 2, shift)) as [number, number]
  expect(apart(near, far)).toBeLessThan(1e-4)
  expect(apart(far, noncentralUpperTail(1e8 + gap, 1, 1e8))).toBeLessThan(1e-6)
  expect(noncentralUpperTail(1e8 + gap, 2, 1e8) + noncentralLowerTail(1e8 + gap, 2, 1e8)).toBeCloseTo(1, 12)
})

it('is the same sum on both sides of where sampling begins', () => {
  // 1413^2 / 2 is below a million, 1415^2 / 2 above; between the two the logarithm of the tail is all but a line.
  const logTail = (shift: number) => Math.log(noncentralUpperTail(shift + 6, 3, shift))
  const [a, b, c, d] = [1412, 1413, 1415, 1416].map(logTail) as [number, number, number, number]
  expect(Math.abs((c - b) / 2 - (d - c + b - a) / 2)).toBeLessThan(1e-9)
})
