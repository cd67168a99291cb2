import { elementary } from '@driftfarm/formula'
import type { Landscape, Start, Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kernelOf } from '../index.ts'
import { initRuns } from '../model/start.ts'
import { cellOf, constant, doubleWell, formula, quadratic } from './cells.fixture.ts'
import { network, randomSamples } from './networks.fixture.ts'

/** Trials whose last theta is theta_0: one step of size 0. */
async function starts(landscape: Landscape, start: Start, trials: number, tables: Tables = []): Promise<Float64Array> {
  const cell = cellOf({ landscape, start, update: { eta: constant(0), drift: [] }, trial: { steps: 1 } })
  const kernel = await kernelOf(cell, tables)
  return kernel.run(0, trials, { keep: false, horizons: [], theta: true }).theta!
}

/** Kolmogorov and Smirnov: sqrt(n) times the largest distance between the empirical law and `law`. */
function ksStatistic(values: Float64Array, law: (x: number) => number): number {
  const sorted = Float64Array.from(values).sort()
  const n = sorted.length
  return sorted.reduce((most, x, i) => Math.max(most, law(x) - i / n, (i + 1) / n - law(x)), 0) * Math.sqrt(n)
}

/** Exceeded with probability at most 2 exp(-2 limit^2) = 1e-6 if the law is right, for every n (Massart 1990). */
const limit = Math.sqrt(Math.log(2e6) / 2)
const trials = 200_000
const normal = (mean: number, sigma: number) => (x: number) => (1 + elementary.erf((x - mean) / sigma / Math.SQRT2)) / 2
const uniform = (low: number, high: number) => (x: number) => Math.min(1, Math.max(0, (x - low) / (high - low)))
const coordinate = (theta: Float64Array, i: number, d: number) => theta.filter((_, at) => at % d === i)

describe('starts have the law they are given, coordinate by coordinate', () => {
  it('uniform', async () => {
    const theta = await starts(formula(['x', 'y'], 'x*y'), { kind: 'uniform', low: [-2, 1], high: 3 }, trials)
    expect(ksStatistic(coordinate(theta, 0, 2), uniform(-2, 3))).toBeLessThan(limit)
    expect(ksStatistic(coordinate(theta, 1, 2), uniform(1, 3))).toBeLessThan(limit)
    expect(theta.every((x) => x >= -2 && x < 3)).toBe(true)
    // Two per cent of the range more is seen.
    expect(ksStatistic(coordinate(theta, 0, 2), uniform(-2, 3.1))).toBeGreaterThan(limit)
  })

  it('gaussian', async () => {
    const theta = await starts(quadratic(12), { kind: 'gaussian', mean: 0.5, sigma: 2 }, trials / 4)
    expect(ksStatistic(theta, normal(0.5, 2))).toBeLessThan(limit)
    for (const i of [0, 11]) expect(ksStatistic(coordinate(theta, i, 12), normal(0.5, 2))).toBeLessThan(limit)
    // Two per cent of sigma more, or coordinates that follow each other, are seen.
    expect(ksStatistic(theta, normal(0.5, 2.04))).toBeGreaterThan(limit)
    const sums = Float64Array.from(coordinate(theta, 0, 12), (x, trial) => x + theta[12 * trial + 1]!)
    expect(ksStatistic(sums, normal(1, Math.sqrt(8)))).toBeLessThan(limit)
    expect(ksStatistic(sums, normal(1, 2 * Math.sqrt(8)))).toBeGreaterThan(limit)
  })
})

describe('init', () => {
  it.each([
    ['he', [1, Math.sqrt(1 / 2)]],
    ['xavier', [Math.sqrt(1 / 3), Math.sqrt(2 / 5)]],
    ['lecun', [Math.sqrt(1 / 2), 1 / 2]],
  ] as const)('%s has the spread of its fans', (law, [first, second]) => {
    const samples = randomSamples(1, 2, 1)
    expect(initRuns(network([2, 4, 1], samples), law)).toEqual([
      { weights: 8, sigma: first, biases: 4 },
      { weights: 4, sigma: second, biases: 1 },
    ])
    expect(initRuns(network([2, 4, 1], samples, { biases: false }), law).map(({ biases }) => biases)).toEqual([0, 0])
  })

  it('draws weights and no biases', async () => {
    const samples = randomSamples(3, 8, 4)
    const landscape = network([8, 50, 4], samples)
    const theta = await starts(landscape, { kind: 'init', law: 'he' }, 300, [samples])
    const d = landscape.dimension
    const part = (from: number, to: number) => theta.filter((_, i) => i % d >= from && i % d < to)
    expect(ksStatistic(part(0, 400), normal(0, 1 / 2))).toBeLessThan(limit)
    expect(part(400, 450).every((x) => x === 0)).toBe(true)
    expect(ksStatistic(part(450, 650), normal(0, 1 / 5))).toBeLessThan(limit)
    expect(part(650, d).every((x) => x === 0)).toBe(true)
    // The spread of the other layer is seen, and so are biases in place of weights.
    expect(ksStatistic(part(450, 650), normal(0, 1 / 2))).toBeGreaterThan(limit)
    expect(ksStatistic(part(50, 450), normal(0, 1 / 2))).toBeGreaterThan(limit)
  })
})

describe('a start that descends', () => {
  const from: Start = { kind: 'uniform', low: -3, high: -0.01 }

  it('ends in the minimum of its side, as flat as asked', async () => {
    const theta = await starts(
      doubleWell,
      { kind: 'descend', from, descent: { gradient: 1e-9, eta: 0.1, steps: 1000 } },
      500,
    )
    // The gradient is 2 (x + 1) to first order.
    expect(Math.max(...theta.map((x) => Math.abs(x + 1)))).toBeLessThan(0.6e-9)
  })

  it('stops where it is when its steps are over, and at once where it is flat', async () => {
    const point: Start = { kind: 'point', point: [0.5] }
    const descend = (gradient: number, steps: number) =>
      starts(doubleWell, { kind: 'descend', from: point, descent: { gradient, eta: 0.1, steps } }, 1)
    const once = 0.5 - 0.1 * (0.5 * (0.5 * 0.5 - 1))
    expect([...(await descend(1e-9, 1))]).toEqual([once])
    expect([...(await descend(1e-9, 0))]).toEqual([0.5])
    expect([...(await descend(0.375, 9))]).toEqual([0.5])
    expect([...(await descend(0.374, 1))]).toEqual([once])
  })
})
