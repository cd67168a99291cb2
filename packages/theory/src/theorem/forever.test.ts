import { describe, expect, it } from 'vitest'
import type { Contraction } from '../ball/contraction.ts'
import { decayOf, foreverBound, Path } from '../ball/forever.ts'
import { productBound } from '../ball/product.ts'
import { cellOf } from '../cells.fixture.ts'
import published from './fixtures/published.json'
import { foreverAnswer } from './forever.ts'

function decay(update: unknown) {
  return decayOf(cellOf('double-well', { update: { rule: 'gradient', ...(update as object) } }, 1))
}
const additive = (amount: object) => ({ form: 'additive', law: 'gaussian', ...amount })

function bound(contraction: Contraction, update: unknown, radius: number, { start = 0, first = 0 } = {}) {
  return foreverBound(new Path(contraction, radius, first), decay(update), start)
}

/** Published: first digits, the shifted tails of 401 steps; these are the same from D_0 = 0. */
describe('s_inf of annealed schedules', () => {
  it.each(published.forever)('$eta_n, sigma $sigma, d $d', ({ eta_n, sigma, mu, r, d, one_minus_s }) => {
    const [initial, offset, exponent] = /^(.+)\/\(1\+n\/(\d+)\)\^(.+)$/.exec(eta_n)!.slice(1).map(Number) as [
      number,
      number,
      number,
    ]
    const eta = (n: number) => initial * (1 + n / offset) ** -exponent
    const chain: Contraction = {
      dimension: d,
      rho: (n) => 1 - mu * eta(n),
      scale: (n) => sigma * eta(n),
      stationary: false,
    }
    const found = bound(chain, { eta: { power: { initial, offset, exponent } }, drift: additive({ sigma }) }, r)
    expect(Math.abs(found.escape / Number(one_minus_s) - 1)).toBeLessThan(1e-6)
    // The later steps do not take off more than a hundred thousand of them really do, and not less.
    const few = productBound(chain, { radius: r, start: 0, steps: found.terms })!
    const many = productBound(chain, { radius: r, start: 0, steps: 100_000 })!
    expect(few.union + found.tail).toBeGreaterThanOrEqual(many.union)
    expect(found.tail).toBeLessThan(1e-6 * found.escape)
  })
})

it('bounds tails while they still count: the sum of 200,000 later ones is below', () => {
  const eta = (n: number) => 0.2 * (1 + n / 10) ** -0.5
  const chain: Contraction = { dimension: 3, rho: (n) => 1 - eta(n), scale: (n) => 0.5 * eta(n), stationary: false }
  const update = { eta: { power: { initial: 0.2, offset: 10, exponent: 0.5 } }, drift: additive({ sigma: 0.5 }) }
  const found = bound(chain, update, 0.6)
  const later =
    productBound(chain, { radius: 0.6, start: 0, steps: 200_000 })!.union -
    productBound(chain, { radius: 0.6, start: 0, steps: found.terms })!.union
  expect(found.tail).toBeGreaterThanOrEqual(later)
  expect(found.escape).toBeGreaterThan(1e-6)
  expect(found.escape).toBeLessThan(0.5)
})

it('a geometric drift, a temperature, and silence after a while', () => {
  const still = (scale: (n: number) => number): Contraction => ({
    dimension: 1,
    rho: () => 0.881,
    scale,
    stationary: false,
  })
  const cool = bound(
    still((n) => 0.06 * 0.97 ** n),
    { eta: 0.1, drift: additive({ sigma: { exponential: { initial: 0.6, rate: 0.97 } } }) },
    0.3,
  )
  const horizon = productBound(
    still((n) => 0.06 * 0.97 ** n),
    { radius: 0.3, start: 0, steps: 5000 },
  )!
  expect(cool.escape).toBeGreaterThanOrEqual(horizon.escape)
  expect(cool.escape).toBeLessThan(horizon.escape * (1 + 1e-6))
  const temperature = (n: number) => 0.01 / (1 + n / 10)
  const warm = bound(
    still((n) => Math.sqrt(0.2 * temperature(n))),
    { eta: 0.1, drift: additive({ temperature: { power: { initial: 0.01, offset: 10, exponent: 1 } } }) },
    0.6,
  )
  expect(warm.escape).toBeGreaterThan(0)
  expect(warm.tail).toBeLessThan(1e-6)
  const ended = bound(
    still((n) => (n < 50 ? 0.03 : 0)),
    {
      eta: 0.1,
      drift: additive({
        sigma: {
          piecewise: [
            [0, 0.3],
            [50, 0],
          ],
        },
      }),
    },
    0.3,
  )
  const until = productBound(
    still((n) => (n < 50 ? 0.03 : 0)),
    { radius: 0.3, start: 0, steps: 500 },
  )!
  expect(Math.abs(ended.escape / until.escape - 1)).toBeLessThan(1e-6)
})

it('restarts from a later step, and falls with the distance', () => {
  const eta = (n: number) => 0.2 / (1 + n / 20)
  const chain: Contraction = {
    dimension: 1,
    rho: (n) => 1 - 1.19 * eta(n),
    scale: (n) => 0.4 * eta(n),
    stationary: false,
  }
  const update = { eta: { power: { initial: 0.2, offset: 20, exponent: 1 } }, drift: additive({ sigma: 0.4 }) }
  const values = [0, 0.1, 0.2, 0.29].map((start) => bound(chain, update, 0.3, { start, first: 100 }).stay)
  expect(values).toEqual(values.toSorted((a, b) => b - a))
  expect(values[0]).toBeGreaterThan(bound(chain, update, 0.3).stay)
  expect(bound(chain, update, 0.3, { start: 0.3, first: 100 }).stay).toBe(0)
})

it.each([
  [{ eta: 0.1, drift: additive({ sigma: 1 }) }, /does not decrease/],
  [{ eta: 0.1, drift: additive({ temperature: 1 }) }, /temperature does not decrease/],
  [{ eta: { power: { initial: 0.1, offset: 1, exponent: 1.5 } }, drift: 'none' }, /finite sum/],
  [{ eta: { exponential: { initial: 0.1, rate: 0.9 } }, drift: 'none' }, /finite sum/],
  [{ eta: { expression: '0.1/log(n+2)' }, drift: 'none' }, /expression/],
  [{ eta: { cosine: { initial: 0.1, final: 0, steps: 10 } }, drift: 'none' }, /ends at 0/],
])('says why nothing is known for ever: %j', (update, reason) => {
  const cell = cellOf('double-well', { update: { rule: 'gradient', ...update } }, 1)
  expect(() => decayOf(cell)).toThrow(reason)
})

describe('distances at the horizon', () => {
  const sigma = (n: number) => 0.2 * (1 + n / 10) ** -0.5
  const chain: Contraction = { dimension: 2, rho: () => 0.9, scale: (n) => 0.1 * sigma(n), stationary: false }
  const update = { eta: 0.1, drift: additive({ sigma: { power: { initial: 0.2, offset: 10, exponent: 0.5 } } }) }

  it('share the tails of one path: a second distance costs only what its mean still changes', () => {
    const path = new Path(chain, 0.1, 40)
    foreverBound(path, decay(update), 0)
    const first = path.work
    const again = foreverBound(path, decay(update), 0)
    expect(path.work - first).toBeLessThan(first / 10)
    expect(again).toEqual(foreverBound(new Path(chain, 0.1, 40), decay(update), 0))
  })

  it('that is 1/2 is found in a dozen evaluations, with 12 digits', () => {
    const within = { radius: 0.1, start: 0, steps: 40 }
    const answer = foreverAnswer(chain, decay(update), within, [0.02, 0.05, 0.2])
    const { half, atZero, measured } = answer.restart
    expect(atZero).toBeGreaterThan(0.5)
    const stay = (start: number) => bound(chain, update, 0.1, { start, first: 40 }).stay
    expect(stay(half!)).toBeLessThanOrEqual(0.5)
    expect(stay(half! - 1e-12)).toBeGreaterThan(0.5 - 1e-10)
    expect(measured!.value).toBeGreaterThan(0)
    expect(measured!.value).toBeLessThan((2 * atZero) / 3)
  })

  it('beyond 7,000 steps have a mean whose square is no number any more', () => {
    const answer = foreverAnswer(chain, decay(update), { radius: 1, start: 0.3, steps: 9000 })
    expect(answer).toMatchObject({ restart: { atZero: 1 } })
    expect(productBound(chain, { radius: 1, start: 0.3, steps: 9000 })!.escape).toBeLessThan(1e-130)
  })
})

it('does not step to where schedules settle if that is too far', () => {
  const update = {
    eta: {
      piecewise: [
        [0, 0.1],
        [1e9, 0.05],
      ],
    },
    drift: 'none',
  }
  const chain: Contraction = { dimension: 1, rho: () => 0.9, scale: () => 0, stationary: false }
  const path = new Path(chain, 1, 0)
  expect(() => foreverBound(path, decay(update), 0.1)).toThrow(/schedules settle/)
  expect(path.work).toBe(0)
})
