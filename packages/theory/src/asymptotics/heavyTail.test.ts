import { describe, expect, it, test } from 'vitest'
import { farTail } from '../distribution/stableDensity.ts'
import { driftLaw } from '../drift.ts'
import { applied, reason, valuesOf, type Written } from './cells.fixture.ts'
import known from './fixtures/asymptotics.json'

const quadratic = (drift: unknown, eta: number, steps: number, trial: object = {}): Written => ({
  preset: 'quadratic',
  start: [0],
  eta,
  drift,
  trial: { steps, escape: { outside: { radius: 1, of: 'origin' } }, ...trial },
})
const cauchy = (step: number) => ({ form: 'additive', law: 'cauchy', step })

// mpmath, 25 digits, by the series in x^-alpha; SciPy 1.17 (levy_stable.sf) agrees to 5 to 16 digits.
test.each([
  [0.5, 10, 0.11128538968908108],
  [0.5, 100, 0.03833589973472477],
  [0.8, 10, 0.05362460748730026],
  [1.2, 100, 0.001108404498163298],
  [1.5, 10, 0.006639809197768409],
  [1.5, 100, 0.0001997898864264916],
  [1.9, 100, 7.595983240144628e-6],
])('the tail of the stable law %d at %d', (alpha, x, tail) => {
  expect(Math.abs(farTail(alpha, x) / tail - 1)).toBeLessThan(1e-11)
})

// SciPy 1.17: t.sf(x, nu).
test.each([
  [1.5, 10, 0.011829677556810778],
  [3, 2, 0.06966298427942152],
  [3, 100, 1.1022609615924553e-6],
])('the tail of Student’s t with %d degrees of freedom at %d', (nu, x, tail) => {
  expect(Math.abs(driftLaw({ kind: 'student', nu }).powerTail!(x) / tail - 1)).toBeLessThan(1e-12)
})

describe.each(known.cauchyExit)('Cauchy steps, rho = $rho, s = $s, N = $N', ({ rho, s, N, p }) => {
  it('lie near the exact probability, and below it', () => {
    const values = valuesOf(applied('heavy-tail', quadratic(cauchy(s), 1 - rho, N)))
    const single = (2 / Math.PI) * Math.atan(s)
    expect(values.ratePerStep).toBeCloseTo(single, 14)
    expect(values.probability).toBeCloseTo(1 - (1 - single) ** N, 12)
    // Stationary scale over width: s / (1 - rho).
    const left = Math.log1p(-Math.min(p, 1 - 1e-12)) / Math.log1p(-values.probability!)
    if (p < 1 - 1e-9) {
      expect(left).toBeGreaterThan(0.999)
      expect(left).toBeLessThan(1 + (1.5 * s) / (1 - rho))
    }
  })
})

test('a long jump to the far side of a double well escapes by the next step', () => {
  const found = applied('heavy-tail', {
    preset: 'double-well',
    start: [-1],
    drift: cauchy(0.01),
    trial: { steps: 100, escape: 'x >= 0' },
  })
  const tail = (x: number) => Math.atan(0.01 / x) / Math.PI
  // x - (x^3 - x)/10 >= 0 for x <= -sqrt 11; below -10^6 it has diverged at once.
  expect(valuesOf(found).ratePerStep).toBeCloseTo(tail(1) + tail(Math.sqrt(11) - 1) - tail(1e6), 12)
})

test('independent coordinates jump along axes', () => {
  const landscape = { preset: 'quadratic', dimension: 3 }
  const written = { ...quadratic(cauchy(0.01), 0.1, 100), start: [0, 0, 0], landscape }
  const values = valuesOf(applied('heavy-tail', written))
  expect(values.ratePerStep).toBeCloseTo((6 / Math.PI) * Math.atan(0.01), 12)
  const isotropic = { form: 'additive', law: 'cauchy', step: 0.01, isotropic: true }
  expect(reason('heavy-tail', { ...written, drift: isotropic })).toMatch(/isotropic/)
})

test.each<[string, Written, RegExp]>([
  [
    'thin tails',
    quadratic({ form: 'additive', law: 'gaussian', step: 0.01 }, 0.1, 100),
    /gaussian, which has no power-law tails/,
  ],
  [
    'stable 2',
    quadratic({ form: 'additive', law: { stable: { alpha: 2 } }, step: 0.01 }, 0.1, 100),
    /stable, which has no power-law tails/,
  ],
  ['near edges', quadratic(cauchy(0.2), 0.1, 100), /5 times the scale of a step/],
  ['nowhere to go', quadratic(cauchy(0.01), 0.1, 100, { escape: 'x < 1 && x > 1' }), /no jump/],
  ['convergence', quadratic(cauchy(0.01), 0.1, 100, { converge: { gradient: 0.1 } }), /escape before converging/],
  ['long steps', quadratic(cauchy(0.01), 2.5, 100), /noise-free steps diverge/],
])('the reason why not: %s', (_, written, expected) => {
  expect(reason('heavy-tail', written)).toMatch(expected)
})
