import { elementary } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { decodeOutcome, kernelOf, layoutOf, type Tally } from '../index.ts'
import { banana, cellOf, constant, doubleWell, drift, exits, formula, quadratic } from './cells.fixture.ts'

/**
 * Chance that one of these checks fails though all is right. The seeds are fixed: it does not change from run to run.
 */
const falseAlarm = 1e-6
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** Of the trials, in a tier. */
const share = full ? 1 : 1 / 4

async function tallyOf(cell: Cell, trials: number): Promise<Tally> {
  return (await kernelOf(cell)).run(0, trials, { keep: false, horizons: [] }).tally
}

/** Exact two-sided binomial test: twice the smaller tail. */
function binomialTest(events: number, trials: number, p: number): number {
  const logMass = (k: number) =>
    logFactorial(trials) - logFactorial(k) - logFactorial(trials - k) + k * Math.log(p) + (trials - k) * Math.log1p(-p)
  const tail = (from: number, step: 1 | -1) => {
    let total = 0
    for (let k = from; k >= 0 && k <= trials; k += step) {
      const mass = Math.exp(logMass(k))
      total += mass
      if (mass < total * 1e-16 && (k - trials * p) * step > 0) break
    }
    return total
  }
  return Math.min(1, 2 * Math.min(tail(events, 1), tail(events, -1)))
}

/** Stirling's series; exact to 1e-9 from 10 on, summed below. */
function logFactorial(n: number): number {
  if (n < 10) return Math.log([1, 1, 2, 6, 24, 120, 720, 5040, 40320, 362880][n]!)
  return (
    (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3) + 1 / (1260 * n ** 5)
  )
}

function well(eta: number, sigma: number, steps: number, update: Partial<Cell['update']> = {}): Cell {
  return cellOf({
    landscape: doubleWell,
    start: [-1],
    update: { eta: constant(eta), drift: [drift('gaussian', 'sigma', sigma)], ...update },
    trial: { steps, escape: exits(['', 'x >= 0']) },
  })
}

/** h = 1, eta = 0.1, 100 steps from the origin; out of the unit ball. */
function ball(dimension: number, sigma: number): Cell {
  const origin = new Array<number>(dimension).fill(0)
  return cellOf({
    landscape: { ...quadratic(dimension), parameters: [['h', 1]] },
    start: origin,
    update: { drift: [drift('gaussian', 'sigma', sigma)] },
    trial: { escape: { kind: 'outside', radius: 1, of: origin } },
  })
}

// Exact probabilities: the transition kernel of the killed chain integrated by quadrature, two resolutions agreeing
// to 1e-9 at least.
const exact: readonly (readonly [name: string, cell: Cell, p: number, trials: number])[] = [
  ['eta 0.1, sigma 1, 100 steps', well(0.1, 1, 100), 0.01949055129968965, 1_000_000],
  ['eta 0.2, sigma 0.7, 1,000 steps', well(0.2, 0.7, 1000), 0.35115458673048844, 100_000],
  ['eta 0.5, sigma 0.8, 10 steps', well(0.5, 0.8, 10), 0.49610103634116426, 1_000_000],
  [
    'temperature T = eta sigma^2/2',
    well(0.1, 1, 100, { drift: [drift('gaussian', 'temperature', 0.05)] }),
    0.01949055129968965,
    500_000,
  ],
  ['momentum 0.5, 50 steps', well(0.1, 1, 50, { rule: { kind: 'momentum', beta: 0.5 } }), 0.15587515638556665, 400_000],
  [
    'sigma 2 * 0.97^n, 60 steps',
    well(0.1, 1, 60, { drift: [drift('gaussian', 'sigma', { kind: 'exponential', initial: 2, rate: 0.97 })] }),
    0.059607842627964064,
    500_000,
  ],
  [
    'eta 0.2/(1 + n/10), 60 steps',
    well(0.1, 1, 60, { eta: { kind: 'power', initial: 0.2, offset: 10, exponent: 1 } }),
    0.00919285082523068,
    500_000,
  ],
  ['quadratic, 3 coordinates', ball(3, 1), 0.014019522057778682, 500_000],
  ['quadratic, 10 coordinates', ball(10, 0.9), 0.31015312604512896, 100_000],
  ['quadratic, 100 coordinates', ball(100, 0.35), 0.018904296910628466, 30_000],
  [
    'banana, sigma 1.2, 100 steps',
    cellOf({
      landscape: banana,
      start: [-1, 1],
      update: { drift: [drift('gaussian', 'sigma', 1.2)] },
      trial: { steps: 100, escape: exits(['', 'x >= 0']) },
    }),
    0.06552087241479997,
    300_000,
  ],
]

describe('escape probabilities are the exact ones', () => {
  it.each(exact)('%s', async (_, cell, p, trials) => {
    const { escaped } = await tallyOf(cell, trials * share)
    expect(binomialTest(escaped, trials * share, p)).toBeGreaterThan(falseAlarm)
  })

  it('noise one per cent too large is seen', async () => {
    const [, , p, trials] = exact[0]!
    const { escaped } = await tallyOf(well(0.1, 1.01, 100), trials)
    expect(binomialTest(escaped, trials, p)).toBeLessThan(falseAlarm)
  })
})

/** One step of x' = -xi: the draws themselves are what the records say. */
const draws = (law: 'gaussian' | 'uniform' | 'rademacher', classify: readonly (readonly [string, string])[]): Cell =>
  cellOf({
    landscape: formula(['x'], 'x^2/2'),
    start: [0],
    update: { eta: constant(1), drift: [drift(law, 'sigma', 1)] },
    trial: { steps: 1, classify },
  })

async function sample(law: 'gaussian' | 'uniform' | 'rademacher', trials: number): Promise<Float64Array> {
  const cell = draws(law, [['negative', 'x < 0']])
  const layout = layoutOf(cell)
  const { records } = (await kernelOf(cell)).run(0, trials, { keep: true, horizons: [] })
  return Float64Array.from({ length: trials }, (_, i) => {
    const { distance, class: sign } = decodeOutcome(records!, layout, i)
    return sign === 'negative' ? distance : -distance
  })
}

/** Standard deviations that a normal value exceeds with probability 1e-6, both sides. */
const limit = 4.9

describe('laws', () => {
  it.each([
    ['gaussian', 1, 3, 15, 96],
    ['uniform', 1, 9 / 5, 27 / 7, 9 - 81 / 25],
    ['rademacher', 1, 1, 1, 0],
  ] as const)('%s has its first four moments', async (law, second, fourth, sixth, varianceOfFourth) => {
    const n = 400_000 * share
    const values = await sample(law, n)
    const mean = (power: number) => values.reduce((sum, x) => sum + x ** power, 0) / n
    const within = (value: number, expected: number, variance: number) =>
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(limit * Math.sqrt(variance / n) + 1e-12)
    within(mean(1), 0, second)
    within(mean(2), second, fourth - second ** 2)
    within(mean(3), 0, sixth)
    within(mean(4), fourth, varianceOfFourth)
  })

  it('gaussian fills 256 bins of equal probability evenly', async () => {
    const n = 400_000 * share
    const counts = new Float64Array(256)
    for (const x of await sample('gaussian', n)) {
      const bin = Math.floor(128 * (1 + elementary.erf(x / Math.SQRT2)))
      counts.fill(counts[bin]! + 1, bin, bin + 1)
    }
    const expected = n / 256
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // Upper 1e-6 point of chi square with 255 degrees of freedom (Wilson-Hilferty): 372.
    expect(chiSquare).toBeLessThan(372)
  })

  it('gaussian has the tails beyond four standard deviations', async () => {
    const n = 8_000_000 * share
    const { classes } = await tallyOf(
      draws('gaussian', [
        ['beyond 5', 'x > 5 || x < -5'],
        ['above 4', 'x > 4'],
        ['below -4', 'x < -4'],
        ['above 3.7', 'x > 3.7'],
      ]),
      n,
    )
    const upper = (z: number) => ({ 3.7: 1.0779973347738824e-4, 4: 3.167124183311992e-5, 5: 2.8665157187919333e-7 })[z]!
    const expected = [2 * upper(5), upper(4) - upper(5), upper(4) - upper(5), upper(3.7) - upper(4)]
    for (const [index, p] of expected.entries()) {
      expect(binomialTest(classes[index]!, n, p)).toBeGreaterThan(falseAlarm)
    }
  })
})
