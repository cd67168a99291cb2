import { describe, expect, it } from 'vitest'
import { radialSurvival } from '../radial/survival.ts'
import published from '../theorem/fixtures/published.json'
import { shiftedBound } from '../theorem/shifted.fixture.ts'
import type { Contraction } from './contraction.ts'
import { doobBound, exponentialBound } from './exponential.ts'
import { factors, Moments, productBound, tailOf } from './product.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const still = (dimension: number, rho: number, scale: number): Contraction => ({
  dimension,
  rho: () => rho,
  scale: () => scale,
  stationary: true,
})

const apart = (found: number, exact: number) => Math.abs(found / exact - 1)

function check(
  contraction: Contraction,
  low: Contraction,
  within: { radius: number; start: number; steps: number },
  row: Record<'radialUpper' | 'radialLower' | 'product' | 'union' | 'exponential', number> & { exact?: number },
) {
  const product = productBound(contraction, within)!
  const shifted = shiftedBound(contraction, within)
  const survival = (of: Contraction) => radialSurvival(of, within).exit
  const [upper, lower] = [survival(contraction), survival(low)]
  // What was published, to its digits.
  expect(apart(upper, row.radialUpper)).toBeLessThan(1e-8)
  expect(apart(lower, row.radialLower)).toBeLessThan(1e-8)
  // Published as 1 minus a product: what is tiny has lost digits.
  expect(Math.abs(shifted.escape - row.product)).toBeLessThan(1e-10 * row.product + 1e-15)
  expect(apart(shifted.union, row.union)).toBeLessThan(1e-10)
  // Published at the best lambda of a grid; here at the best of all.
  const exponential = exponentialBound(contraction, within)!
  expect(exponential).toBeLessThanOrEqual(Math.min(1, row.exponential) * (1 + 1e-6))
  expect(exponential).toBeGreaterThan(Math.min(1, row.exponential) * (1 - 2e-2))
  // The noncentral factors are never worse, and no better than the chain itself.
  expect(product.escape).toBeLessThanOrEqual(shifted.escape * (1 + 1e-12))
  expect(product.escape).toBeGreaterThanOrEqual(upper * (1 - 1e-10))
  expect(product.union).toBeGreaterThanOrEqual(product.escape * (1 - 1e-12))
  expect(product.stay + product.escape).toBeCloseTo(1, 12)
  return { upper, lower, product }
}

describe('bounds of the double well around -1, r = 0.3', () => {
  // The fast tier takes one side of the minimum where the steps are many, and one start where the chain changes.
  it.each(published.doubleWell.filter(({ N, x0 }) => full || N < 1000 || x0 <= -1))(
    'sigma $sigma, N $N, from $x0',
    (row) => {
      const scale = 0.1 * row.sigma
      const within = { radius: 0.3, start: Math.abs(row.x0 + 1), steps: row.N }
      const { upper, lower } = check(still(1, 0.881, scale), still(1, 0.701, scale), within, row)
      expect(doobBound(still(1, 0.881, scale), within)).toBeCloseTo(row.doob, 9)
      expect(lower).toBeLessThan(row.exact)
      expect(upper).toBeGreaterThanOrEqual(row.exact)
    },
  )

  it.each(published.annealed.filter(({ D0 }) => full || D0 > 0))('$tag from $D0', (row) => {
    const byRate = row.tag.startsWith('eta=')
    const eta = (n: number) => (byRate ? 0.1 : 0.2 / (1 + n / 20))
    const scale = (n: number) => (byRate ? 0.1 * 0.6 * 0.97 ** n : 0.4 * eta(n))
    const chain = (slope: number): Contraction => ({
      dimension: 1,
      rho: (n) => 1 - eta(n) * slope,
      scale,
      stationary: false,
    })
    const within = { radius: 0.3, start: row.D0, steps: row.N }
    const { upper, lower } = check(chain(1.19), chain(2.99), within, row)
    expect(lower).toBeLessThan(row.exact)
    expect(upper).toBeGreaterThanOrEqual(row.exact)
  })
})

describe('bounds of a logistic regression in 5 dimensions', () => {
  const [mu, Lambda] = [0.35793509636084264, 0.6500990297164659]
  it.each(published.logistic)('sigma $sigma, N $N', (row) => {
    const within = { radius: 0.6, start: 0, steps: row.N }
    const { upper, lower } = check(still(5, 1 - 0.3 * mu, row.s), still(5, 1 - 0.3 * Lambda, row.s), within, {
      radialUpper: row.radial_upper,
      radialLower: row.radial_lower,
      product: row.product,
      union: row.union,
      exponential: row.expmart,
    })
    expect(lower).toBeLessThan(row.mc_escape + 4 * row.mc_se)
    expect(upper).toBeGreaterThan(row.mc_escape - 4 * row.mc_se)
  })
})

it('a stationary product over 10^12 steps is that of its settled factor', () => {
  const chain = still(2, 0.9, 0.05)
  const one = productBound(chain, { radius: 1, start: 0, steps: 1e6 })!
  const many = productBound(chain, { radius: 1, start: 0, steps: 1e12 })!
  // But for the first steps, whose tails are smaller.
  expect(many.union / one.union / 1e6).toBeCloseTo(1, 4)
  expect(Math.log(many.stay) / Math.log(one.stay) / 1e6).toBeCloseTo(1, 4)
})

it('nothing leaves without drift', () => {
  const within = { radius: 1, start: 0.5, steps: 100 }
  expect(productBound(still(3, 0.9, 0), within)).toEqual({ stay: 1, escape: 0, union: 0 })
  expect(exponentialBound(still(3, 0.9, 0), within)).toBe(0)
})

describe('blocks of steps', () => {
  // A start a thousand standard deviations away: every tail is a long sum.
  const eta = (n: number) => 1e-5 * (1 + n / 1e6) ** -0.5
  const slow: Contraction = { dimension: 2, rho: (n) => 1 - eta(n), scale: (n) => 30 * eta(n), stationary: false }

  it('are few where single steps are expensive, and bound them', () => {
    const within = { radius: 1, start: 0.99997, steps: 20_000 }
    const all = [...factors(slow, within, 5e5)]
    expect(all.length).toBeLessThan(3000)
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(within.steps)
    let union = 0
    const moments = new Moments(slow, within.start)
    // Each hundredth block by its own steps.
    for (const [place, { count, tail }] of all.entries()) {
      for (let k = 0; k < count; k++) {
        moments.step()
        if (place % 100 > 0) continue
        const exact = tailOf(moments, 1, 2)
        expect(tail).toBeGreaterThanOrEqual(exact.tail * (1 - 1e-12))
      }
      union += count * tail
    }
    const exact = productBound(slow, within)!.union
    expect(union).toBeGreaterThanOrEqual(exact * (1 - 1e-12))
    expect(union).toBeLessThan(exact * 1.02)
  })

  it('go on beyond a million equal steps that have not settled, with the variance that is reached', () => {
    const slowest: Contraction = { dimension: 1, rho: () => 1 - 1e-9, scale: () => 1e-5, stationary: true }
    const within = { radius: 1, start: 0, steps: 1e9 }
    // v_N = 1e-10 (1 - rho^2N) / (1 - rho^2) = 0.0432 at the end; after a million steps it was 1e-4.
    const last = tailOf({ mean: 0, variance: 0.0432 }, 1, 1)
    expect(productBound(slowest, within)!.union).toBeGreaterThan(1e6 * last.tail)
  })
})
