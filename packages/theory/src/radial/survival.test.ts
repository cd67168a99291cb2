import { describe, expect, it } from 'vitest'
import { radial } from './chain.fixture.ts'
import quadratic from './fixtures/quadratic-ball.json'
import { type RadialSurvival, radialEver, radialSurvival } from './survival.ts'

function survival(given: Parameters<typeof radial>[0]): RadialSurvival {
  return radialSurvival(...radial(given))
}

describe('exit of an isotropic quadratic from the unit ball', () => {
  it.each(quadratic.rows)('$dimension dimensions, sigma $sigma, from $start within $steps', (row) => {
    const { dimension, eta, sigma, start, steps, exit } = row
    const found = survival({ dimension, rho: 1 - eta, scale: eta * sigma, radius: 1, start, steps })
    expect(Math.abs(found.exit / exit - 1)).toBeLessThan(1e-8)
    expect(found.error).toBeLessThan(1e-9)
  })

  it.each(quadratic.means)('$dimension dimensions, sigma $sigma, from $start: mean $meanExit', (row) => {
    const { dimension, eta, sigma, start, meanExit } = row
    const found = radialEver(...radial({ dimension, rho: 1 - eta, scale: eta * sigma, radius: 1, start }))
    expect(Math.abs(found.meanExit / meanExit - 1)).toBeLessThan(1e-8)
  })
})

describe('the rate at which the chain leaves a ball', () => {
  it('is that of the survivors once they have stayed for long', () => {
    const common = { dimension: 3, rho: 0.9, scale: 0.15, radius: 1, start: 0 }
    const { rate } = radialEver(...radial(common))
    const [first, second] = [400, 401].map((steps) => survival({ ...common, steps }).survive) as [number, number]
    expect(rate).toBeGreaterThan(1e-3)
    expect(Math.abs(1 - second / first - rate)).toBeLessThan(1e-12)
  })

  it.each([
    { dimension: 2, scale: 0.05, rare: 1e-12 },
    { dimension: 10, scale: 0.045, rare: 1e-12 },
    { dimension: 100, scale: 0.02, rare: 1e-40 },
  ])('is 1 over the mean where leaving is rare: $dimension dimensions', ({ dimension, scale, rare }) => {
    const { rate, meanExit } = radialEver(...radial({ dimension, rho: 0.9, scale, radius: 1, start: 0 }))
    expect(rate).toBeLessThan(rare)
    // A mean longer than that by the steps that it takes to settle.
    expect(Math.abs(rate * meanExit - 1)).toBeLessThan(1e-11)
  })
})

it('a schedule that stays the same is the same chain, by squares too', () => {
  const common = { dimension: 2, radius: 1, start: 0.3, steps: 9000 }
  const once = survival({ ...common, rho: 0.8, scale: 0.25 })
  const each = survival({ ...common, rho: () => 0.8, scale: 0.25, steps: 60 })
  const few = survival({ ...common, rho: 0.8, scale: 0.25, steps: 60 })
  expect(Math.abs(each.exit / few.exit - 1)).toBeLessThan(1e-11)
  // From step 60 on the survivors fall by one factor a step.
  const more = survival({ ...common, rho: 0.8, scale: 0.25, steps: 61 })
  expect(Math.log(once.survive)).toBeCloseTo(
    Math.log(few.survive) + (9000 - 60) * Math.log(more.survive / few.survive),
    6,
  )
})

it('steps without drift leave nothing, wherever they stand', () => {
  const common = { dimension: 2, radius: 1, start: 0.5, rho: 0.9 }
  expect(survival({ ...common, scale: 0, steps: 50 })).toEqual({ exit: 0, survive: 1, error: 0 })
  const scale = (n: number) => (n === 1 ? 0 : n > 3 ? 0 : 0.3)
  const merged = survival({ ...common, scale, steps: 9 })
  const rho = (n: number) => (n === 1 ? 0.81 : 0.9)
  const plain = survival({ ...common, rho, scale: 0.3, steps: 3 })
  expect(merged.exit).toBeCloseTo(plain.exit, 14)
})

it('is 0 below the smallest number, however narrow the steps', () => {
  const found = survival({ dimension: 2, rho: 0.9, scale: 1e-5, radius: 1, start: 0.1, steps: 1000 })
  expect(found).toEqual({ exit: 0, survive: 1, error: 0 })
})

it('refuses what it would not resolve', () => {
  const common = { dimension: 1, rho: 0.9, radius: 1, start: 0 }
  expect(() => survival({ ...common, rho: 1, scale: 1e-3, steps: 1e6 })).toThrow(/nodes/)
  const scale = (n: number) => 0.1 / (1 + n * 1e-9)
  expect(() => survival({ ...common, scale, steps: 100000 })).toThrow(
    /^a schedule of 100000 steps would take too long on \d+ nodes$/,
  )
})

it('is certain to be outside from outside', () => {
  expect(radialSurvival(...radial({ dimension: 1, rho: 0.5, scale: 1, radius: 1, start: 1, steps: 3 }))).toEqual({
    exit: 1,
    survive: 0,
    error: 0,
  })
})
