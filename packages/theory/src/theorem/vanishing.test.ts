import { describe, expect, it } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { driftLaw } from '../drift.ts'
import { unlessRefused } from '../refusal.ts'
import published from './fixtures/published.json'
import { vanishingBound, vanishingDrift } from './vanishing.ts'

const apart = (found: number, exact: number) => Math.abs(found / exact - 1)

// mpmath.quad of |c + b xi|^alpha times the density, 30 digits.
describe('moments', () => {
  it.each([
    ['gaussian', [2.5, 0.9, 0.3], 0.9273134949190636],
    ['gaussian', [0.7, 0.2, 0.9], 0.7558783721333694],
    ['gaussian', [6, 0.9, 0.001], 0.5314508415364501],
    ['gaussian', [100, 0.99999, 7.06e-6], 0.9990007413225143],
    ['uniform', [2.5, 0.9, 0.3], 0.9278352526748652],
    ['uniform', [0.7, 0.2, 0.9], 0.8104914277735326],
    ['laplace', [2.5, 0.9, 0.3], 0.9263510922215124],
    ['laplace', [0.7, 0.9, 0.3], 0.9197012364001635],
    ['laplace', [6, 0.5, 1], 113.453125],
    ['rademacher', [2, 0.5, 1], 1.25],
  ] as const)('%s: E |c + b xi|^alpha for [alpha, c, b] = %j', (kind, [alpha, c, b], value) => {
    expect(apart(driftLaw({ kind }).moment!.of(alpha, c, b), value)).toBeLessThan(1e-11)
  })
})

function bound(drift: object, { eta = 0.1, mu = 1, lambda = 0, dimension = 1, start = 0.5, radius = 1 } = {}) {
  const update = { rule: 'gradient', eta, drift }
  const found = vanishingDrift(cellOf('banana', { update }))
  return unlessRefused(() => vanishingBound(found, { dimension, mu, lambda: lambda || mu }, { start, radius }))
}

function certain(...arguments_: Parameters<typeof bound>) {
  const found = bound(...arguments_)
  if ('reason' in found) throw new Error(found.reason)
  return found
}

const multiplicative = (sigma: number, law = 'gaussian') => ({ form: 'multiplicative', law, sigma })

/** Tail exponents of Kesten's chain, roots of 1F1 in 18 digits; h = 1, so the sigmas of table and spec agree. */
it.each([
  [0.1, 2, 6.154195482286385],
  [0.1, 3, 3.241303736928383],
  [0.1, 4, 2.213676244050616],
  [0.1, 5, 1.7151459888766147],
  [0.1, 8, 0.9807901951633924],
  [0.1, 12, 0.4028278923684061],
  [0.5, 1, 5.550605844383169],
  [0.5, 1.5, 2.6725317211407846],
  [0.5, 2, 1.441337922919177],
])('eta %f, sigma %f: alpha %f', (eta, sigma, alpha) => {
  expect(apart(certain(multiplicative(sigma), { eta }).alpha, alpha)).toBeLessThan(1e-10)
})

it('noise is on the gradient: with curvature h the sigma of the table is h sigma', () => {
  expect(certain(multiplicative(1), { eta: 0.05, mu: 2 }).alpha).toBeCloseTo(
    certain(multiplicative(1), { eta: 0.1, mu: 1 }).alpha,
    10,
  )
})

/** Exact values: quadrature of the logarithm's random walk, two resolutions. */
it.each(published.multiplicative)('holds: eta $eta, sigma $sigma, D_0/r $D0_over_r', (row) => {
  const { escape } = certain(multiplicative(row.sigma), { eta: row.eta, start: row.D0_over_r })
  expect(apart(escape, row.bound_escape)).toBeLessThan(1e-9)
  expect(escape).toBeGreaterThan(row.exact_escape_ever)
})

it('is exact for the golden-ratio chain', () => {
  // A is u or u^-2: P(ever |theta| >= u^b |theta_0|) = ((sqrt 5 - 1) / 2)^b (gambler's ruin).
  const u = 1.1
  const [z, spread] = [1 - (u + u ** -2) / 2, (u - u ** -2) / 2]
  for (const b of [1, 5, 10, 40]) {
    const { escape } = certain(multiplicative(spread / z, 'rademacher'), { eta: z, start: u ** -b })
    expect(apart(escape, ((Math.sqrt(5) - 1) / 2) ** b)).toBeLessThan(1e-9)
  }
})

describe('over a range of curvatures', () => {
  it('in one dimension the worse end decides', () => {
    const both = certain(multiplicative(3), { mu: 0.5, lambda: 2 }).alpha
    const ends = [0.5, 2].map((mu) => certain(multiplicative(3), { mu }).alpha)
    expect(both).toBeCloseTo(Math.min(...ends), 9)
  })

  it('needs alpha >= 1 there', () => {
    expect(bound(multiplicative(12), { mu: 0.9, lambda: 1 })).toEqual({ reason: expect.stringMatching(/constant/) })
  })

  it('takes second moments in several dimensions', () => {
    const range = { mu: 0.5, lambda: 2, dimension: 2 }
    expect(certain(multiplicative(1), range)).toMatchObject({ alpha: 2, escape: expect.closeTo(0.25, 12) })
    expect(bound(multiplicative(5), range)).toEqual({ reason: expect.stringMatching(/several dimensions/) })
    expect(certain({ form: 'rotation', law: 'gaussian', sigma: 0.5 }, range).alpha).toBe(2)
  })

  it('scales of the whole gradient keep their exponent, from 2 on', () => {
    const rate = { form: 'rate', law: 'gaussian', sigma: 3 }
    const many = certain(rate, { mu: 0.5, lambda: 1, dimension: 3 }).alpha
    expect(many).toBeCloseTo(certain(rate, { mu: 0.5, lambda: 1 }).alpha, 9)
    expect(many).toBeGreaterThan(2)
  })
})

it('flips: E = (1-q)(1-z)^alpha + q (1+z)^alpha', () => {
  const { alpha } = certain({ form: 'flip', q: 0.3 }, { eta: 0.5 })
  expect(0.7 * 0.5 ** alpha + 0.3 * 1.5 ** alpha).toBeCloseTo(1, 9)
  // Exact dynamic programme: P(|theta| >= 10 |theta_0| within 100 steps).
  expect(certain({ form: 'flip', q: 0.3 }, { eta: 0.5, start: 0.1 }).escape).toBeGreaterThan(0.0012720393971784821)
  expect(bound({ form: 'flip', q: 0.64 }, { eta: 0.5 })).toEqual({ reason: expect.stringMatching(/E log/) })
})

it('turns: E |1 - z e^(i phi)|^alpha = 1, for equal curvature', () => {
  const { alpha } = certain({ form: 'rotation', law: 'gaussian', sigma: 1 }, { eta: 0.5, dimension: 2 })
  let mean = 0
  for (let x = -9; x <= 9; x += 1e-3) mean += 1e-3 * Math.exp((-x * x) / 2) * (1.25 - Math.cos(x)) ** (alpha / 2)
  expect(mean / Math.sqrt(2 * Math.PI)).toBeCloseTo(1, 9)
  expect(alpha).toBeGreaterThan(2)
  // Always turned by 1.5 one way or the other: every step leads away.
  expect(bound({ form: 'rotation', law: 'rademacher', sigma: 1.5 }, { eta: 0.5, dimension: 2 })).toEqual({
    reason: expect.stringMatching(/E log/),
  })
})

it('never leaves where no step leads away', () => {
  expect(certain(multiplicative(0.5, 'rademacher'))).toMatchObject({ stay: 1, escape: 0 })
  expect(certain(multiplicative(3), { start: 0 })).toMatchObject({ stay: 1, escape: 0 })
})

it.each([
  [{ form: 'additive', law: 'gaussian', sigma: 1 }, /vanish/],
  [{ ...multiplicative(1), every: 2 }, /every step/],
  [{ ...multiplicative(1), sigma: { exponential: { initial: 1, rate: 0.9 } } }, /constant/],
])('is not for %j', (drift, reason) => {
  const cell = cellOf('banana', { update: { rule: 'gradient', eta: 0.1, drift }, trial: { steps: 2 } })
  expect(() => vanishingDrift(cell)).toThrow(reason)
})
