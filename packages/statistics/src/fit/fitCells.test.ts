import { describe, expect, it, test } from 'vitest'
import { gammaUpperTail } from '../special/gamma.ts'
import { effectiveBarrier } from './barrier.ts'
import { designOf } from './design.ts'
import type { CellCount } from './family.ts'
import type { Fit } from './fit.ts'
import { type CountOptions, fitCells } from './fitCells.ts'
import known from './fixtures/several.json'
import { leastSquares } from './leastSquares.ts'
import { poisson, uniforms } from './poisson.fixture.ts'

const counts = (x: readonly number[], events: readonly number[], exposure: number): CellCount[] =>
  x.map((x, i) => ({ x: [x], events: events[i]!, exposure }))
const line = { terms: ['x'], hasIntercept: true, confidence: 0.95 }
const rates = { ...line, family: 'poisson', link: 'log' } as const
const named = ({ coefficients: [intercept, slope] }: Fit) => ({ intercept: intercept!, slope: slope! })
const ofLine = (cells: readonly CellCount[], options: Pick<CountOptions, 'family' | 'link'>) =>
  named(fitCells(cells, { ...line, ...options }))
const near = (value: number, exact: number) => Math.abs(value / exact - 1)

// Brute force in Python: the deviance minimised by SciPy's Nelder-Mead, its profiles crossed by brentq where it has
// risen by max(norm.isf(0.025), t.isf(0.025, cells - 2) * sqrt(dispersion)) ** 2.
const lines = [
  {
    name: 'rates with an empty cell',
    options: { family: 'poisson', link: 'log' },
    cells: counts([20, 25, 30, 40, 50], [241, 69, 21, 1, 0], 1e6),
    slope: [-0.25152633381550327, -0.2863743162498188, -0.2193758281555968],
    intercept: [-3.2962874700408875, -4.009242353724638, -2.537372891505347],
    deviance: 0.60962916405174,
    dispersion: 0.1506392734696133,
    pValue: 0.8942245015736103,
  },
  {
    name: 'probabilities that are not small',
    options: { family: 'binomial', link: 'log' },
    cells: counts([20, 25, 30, 40, 50], [4210, 1240, 370, 31, 2], 10000),
    slope: [-0.2443498780067599, -0.25163465555217535, -0.23720712405494],
    intercept: [4.0221085280519935, 3.86846542277993, 4.178134451771465],
    deviance: 0.3025049793995316,
    dispersion: 0.09340339101138294,
    pValue: 0.9595566748853601,
  },
  {
    name: 'probabilities themselves',
    options: { family: 'binomial', link: 'identity' },
    cells: counts([1, 2, 3, 4], [12, 19, 33, 41], 100),
    slope: [0.09950890017406677, 0.0598183157683679, 0.13665917911452458],
    intercept: [0.014005156628641047, -0.0671685103341894, 0.11540641396781937],
    deviance: 0.5084945020574534,
    dispersion: 0.25086115540889575,
    pValue: 0.7755000351587024,
  },
  {
    name: 'counts that scatter more than chance',
    options: { family: 'poisson', link: 'log' },
    cells: counts([1, 2, 3, 4, 5, 6], [120, 60, 90, 22, 40, 9], 1000),
    slope: [-0.3716871961957504, -0.7298926431880342, -0.05765773943438835],
    intercept: [-1.7602363782391703, -2.7996928383198654, -0.8473403540996217],
    deviance: 43.698464467877145,
    dispersion: 11.131888713136714,
    pValue: 7.410894294318948e-9,
  },
] as const

describe.each(lines)('$name', ({ cells, options, ...exact }) => {
  const fit = fitCells(cells, { ...line, ...options })
  it('has the most likely line, with its limits', () => {
    for (const key of ['slope', 'intercept'] as const) {
      const [value, low, high] = exact[key]
      const found = named(fit)[key]
      expect(near(found.value, value)).toBeLessThan(1e-6)
      expect(near(found.low, low)).toBeLessThan(1e-6)
      expect(near(found.high, high)).toBeLessThan(1e-6)
    }
  })

  it('says how well it fits', () => {
    expect(near(fit.deviance, exact.deviance)).toBeLessThan(1e-9)
    expect(near(fit.dispersion!, exact.dispersion)).toBeLessThan(1e-6)
    expect(near(fit.pValue!, exact.pValue)).toBeLessThan(1e-8)
    expect(fit.scale).toBe(Math.max(1, fit.dispersion!))
    expect(fit.freedom).toBe(cells.length - 2)
    const squares = fit.cells.reduce((sum, { residual }) => sum + residual * residual, 0)
    expect(near(squares, fit.deviance)).toBeLessThan(1e-12)
  })
})

test('two cells have a line through them and nothing to judge it by', () => {
  const fit = fitCells(counts([1, 3], [100, 10], 1000), rates)
  expect(named(fit).slope.value).toBeCloseTo(-Math.log(10) / 2, 10)
  expect(fit).toMatchObject({ freedom: 0, pValue: null, dispersion: null, scale: 1 })
})

// SciPy 1.17 chi2.sf and gamma.sf.
test.each([
  [0.5, 0.5, 0.31731050786291115],
  [3, 1.5, 0.11161022509471268],
  [60, 50, 0.08440668109369177],
  [3000, 2900, 0.03272289931404237],
  [0.001, 4, 0.9999999999999584],
])('the upper tail of a gamma law at %d, shape %d', (x, a, tail) => {
  expect(near(gammaUpperTail(x, a), tail)).toBeLessThan(1e-11)
})

test('least squares by exact fractions', () => {
  // Normal equations over x = 0, 1, 3, y = 1, 2, 5, weights 1, 2, 1: slope 26/19, intercept 15/19.
  const points = [
    { y: 1, variance: 1 },
    { y: 2, variance: 0.5 },
    { y: 5, variance: 1 },
  ]
  const cells = [0, 1, 3].map((x) => ({ x: [x] }))
  const { coefficients, upper, chiSquare } = leastSquares(designOf(line, cells), points)
  expect(coefficients[0]).toBeCloseTo(15 / 19, 14)
  expect(coefficients[1]).toBeCloseTo(26 / 19, 14)
  // R^T R of the normal equations [[4, 5], [5, 11]].
  const [[a], [b, c]] = upper as unknown as [[number], [number, number]]
  expect([a * a, a * b, b * b + c * c]).toEqual([expect.closeTo(4, 12), expect.closeTo(5, 12), expect.closeTo(11, 12)])
  expect(chiSquare).toBeCloseTo(2 / 19, 14)
})

describe.each(known.counts)('several terms: $name', ({ family, link, terms, hasIntercept, x, ...exact }) => {
  const cells = x.map((x, i) => ({ x, events: exact.events[i]!, exposure: exact.exposure[i]! }))
  const options = { family, link, terms, hasIntercept, confidence: 0.95 } as CountOptions
  const fit = fitCells(cells, options)

  it('is what brute force finds, with limits and covariance', () => {
    expect(fit.coefficients.map(({ name }) => name)).toEqual([...(hasIntercept ? ['intercept'] : []), ...terms])
    for (const [at, [value, low, high, error]] of exact.coefficients.entries()) {
      const found = fit.coefficients[at]!
      // 1e-6 of the error, since a coefficient may be near 0.
      for (const [mine, theirs] of [
        [found.value, value],
        [found.low, low],
        [found.high, high],
        [found.error, error],
      ])
        expect(Math.abs(mine! - theirs!) / error!).toBeLessThan(1e-6)
    }
    for (const [i, row] of exact.covariance.entries())
      for (const [j, value] of row.entries()) expect(near(fit.covariance[i]![j]!, value)).toBeLessThan(1e-6)
  })

  it('says how well it fits', () => {
    expect(near(fit.deviance, exact.deviance)).toBeLessThan(1e-9)
    expect(near(fit.dispersion!, exact.dispersion)).toBeLessThan(1e-6)
    expect(near(fit.pValue!, exact.pValue)).toBeLessThan(1e-8)
    expect(fit.freedom).toBe(cells.length - exact.coefficients.length)
  })

  it('does not depend on the order of the terms', () => {
    const turned = fitCells(
      cells.map((cell) => ({ ...cell, x: cell.x.toReversed() })),
      { ...options, terms: terms.toReversed() },
    )
    for (const { name, value, low } of fit.coefficients) {
      const other = turned.coefficients.find((each) => each.name === name)!
      expect(near(other.value, value)).toBeLessThan(1e-7)
      expect(near(other.low, low)).toBeLessThan(1e-6)
    }
  })
})

test('a term far from 0 costs no digits', () => {
  const cells = counts([20, 25, 30, 40, 50], [241, 69, 21, 1, 0], 1e6)
  const far = cells.map((cell) => ({ ...cell, x: [cell.x[0]! + 1e6] }))
  expect(near(ofLine(far, rates).slope.low, -0.2863743162498188)).toBeLessThan(1e-6)
})

test.each<[string, readonly CellCount[], Partial<CountOptions>, RegExp]>([
  ['one cell', counts([1], [5], 100), {}, /one cell and 2 coefficients \(intercept, x\)/],
  [
    'one cell with events',
    counts([1, 2, 3], [0, 5, 0], 100),
    {},
    /1 of 3 cells has events, too few for 2 coefficients/,
  ],
  ['no events', counts([1, 2], [0, 0], 100), {}, /0 of 2 cells have events/],
  ['one value of x', counts([2, 2], [3, 4], 100), {}, /x has only one value in the 2 cells/],
  [
    'one value of x with events',
    counts([2, 2, 3], [3, 4, 0], 100),
    {},
    /2 of 3 cells have events, and x has only one value/,
  ],
  ['more events than trials', counts([1, 2], [3, 101], 100), { family: 'binomial' }, /101 events in 100 trials/],
  [
    'a line that leaves 0 .. 1',
    counts([1, 2, 3], [10, 99, 100], 100),
    { family: 'binomial' },
    /no straight line fits the loga/,
  ],
])('no line: %s', (_, cells, options, message) => {
  expect(() => fitCells(cells, { ...rates, ...options })).toThrow(message)
})

describe('terms that cannot be told apart are refused by name', () => {
  const fitted = (terms: string[], x: (t: number, u: number) => number[], hasIntercept = true) =>
    fitCells(
      [1, 2, 3, 4].flatMap((t) => [5, 7].map((u) => ({ x: x(t, u), events: 10 + t + u, exposure: 1000 }))),
      { ...rates, terms, hasIntercept },
    )
  it.each<[string, string[], (t: number, u: number) => number[], RegExp]>([
    ['a multiple', ['a', 'b'], (t) => [1 / t, 2 / t], /a and b are collinear in the 8 cells/],
    ['a multiple with an offset', ['a', 'b'], (t) => [t, 3 - t], /a and b are collinear with the intercept in/],
    ['a sum of two', ['a', 'u', 'c'], (t, u) => [t, u, t - 2 * u], /a and u and c are collinear/],
    ['others do not matter', ['u', 'a', 'b'], (t, u) => [u, t, 2 * t], /: a and b are collinear/],
    ['a constant', ['u', 'k'], (_, u) => [u, 7], /k has only one value/],
    ['powers of few values', ['u', 'v'], (_, u) => [u, u * u], /u and v are collinear with the intercept in/],
  ])('%s', (_, terms, x, message) => {
    expect(() => fitted(terms, x)).toThrow(message)
  })

  it('without an intercept a constant is a term like others, and 0 is none', () => {
    expect(fitted(['u', 'k'], (_, u) => [u, 1], false).coefficients).toHaveLength(2)
    expect(() => fitted(['z'], () => [0], false)).toThrow(/z is 0 in the 8 cells/)
  })

  it('what only looks alike is fitted', () => {
    expect(fitted(['a', 'b'], (t, u) => [t, t + 1e-4 * u]).coefficients).toHaveLength(3)
  })
})

/** Rates per step of the double well at eta = 0.1 from its leading eigenvalue, by quadrature in two resolutions. */
const exactRates = [
  { T: 0.0125, rate: 7.961138223372374e-11 },
  { T: 0.032, rate: 1.4952789121475863e-5 },
  { T: 0.05, rate: 0.00024092692649568475 },
]

test('exact rates of the double well give its barrier, 1/4', () => {
  const cells = exactRates.map(({ T, rate }) => ({ x: [1 / T], events: Math.round(rate * 1e14), exposure: 1e14 }))
  const { prefactor, ...barrier } = effectiveBarrier(fitCells(cells, rates), { term: 'x', factor: 1 })
  expect(near(barrier.value, 0.25)).toBeLessThan(0.04)
  // The law of its crossings: eta sqrt 2 / pi, times the discrete correction 0.85.
  expect(near(prefactor!.value, (0.1 * Math.SQRT2 * 0.85) / Math.PI)).toBeLessThan(0.25)
  expect(barrier.low).toBeLessThan(barrier.value)
  expect(prefactor!.high).toBeGreaterThan(prefactor!.value)
})

describe('over many studies with rates exp(-2 - 0.3 x), of which some cells stay empty', () => {
  const [slope, intercept] = [-0.3, -2]
  const xs = [0, 5, 10, 15, 20, 25]
  const draw = uniforms(20261124)
  const studies = Array.from({ length: process.env.DRIFTFARM_TEST_TIER === 'full' ? 1000 : 400 }, () =>
    xs.map((x) => ({ x: [x], events: poisson(400 * Math.exp(intercept + slope * x), draw), exposure: 400 })),
  )

  it('95 % of the intervals hold the truth', () => {
    const fits = studies.map((cells) => ofLine(cells, rates))
    const covers = (low: number, high: number, truth: number) => low <= truth && truth <= high
    // Four standard errors below 0.95: false alarm 3e-5 each. Widened intervals make it more than 0.95.
    const least = 0.95 - 4 * Math.sqrt((0.95 * 0.05) / fits.length)
    const ofSlope = fits.filter((fit) => covers(fit.slope.low, fit.slope.high, slope)).length / fits.length
    const ofIntercept =
      fits.filter((fit) => covers(fit.intercept.low, fit.intercept.high, intercept)).length / fits.length
    expect(ofSlope).toBeGreaterThan(least)
    expect(ofIntercept).toBeGreaterThan(least)
    expect(ofSlope).toBeLessThan(0.985)
    expect(ofIntercept).toBeLessThan(0.985)
    const mean = fits.reduce((sum, fit) => sum + fit.slope.value, 0) / fits.length
    expect(Math.abs(mean - slope)).toBeLessThan(0.01)
  })

  it('least squares that leave empty cells out are far off: the negative control', () => {
    const slopes = studies.map((cells) => {
      const left = cells.filter(({ events }) => events > 0)
      const points = left.map(({ events, exposure }) => ({ y: Math.log(events / exposure), variance: 1 }))
      const { coefficients, upper } = leastSquares(designOf(line, left), points)
      return { value: coefficients[1]!, error: 1 / upper[1]![1]! }
    })
    const mean = slopes.reduce((sum, { value }) => sum + value, 0) / slopes.length
    expect(mean - slope).toBeGreaterThan(0.03)
    const covered = slopes.filter(({ value, error }) => Math.abs(value - slope) < 1.96 * error)
    expect(covered.length / slopes.length).not.toBeCloseTo(0.95, 2)
  })
})

describe('over many studies of noise alone, with two terms that have nothing to do with it', () => {
  const draw = uniforms(20261127)
  const xs = [0, 1, 2, 3].flatMap((x) => [0.5, 1, 2].map((y) => [x, Math.log(y)]))
  const fits = Array.from({ length: 400 }, () =>
    fitCells(
      xs.map((x) => ({ x, events: poisson(30, draw), exposure: 1000 })),
      { ...rates, terms: ['x', 'log(y)'] },
    ),
  )

  it('95 % of the intervals of each coefficient hold 0, or the level', () => {
    for (const [at, truth] of [Math.log(0.03), 0, 0].entries()) {
      const held = fits.filter(({ coefficients }) => {
        const { low, high } = coefficients[at]!
        return low <= truth && truth <= high
      })
      // Four standard errors below 0.95: false alarm 3e-5 each. Widened intervals make it more than 0.95.
      expect(held.length / fits.length).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / fits.length))
      expect(held.length / fits.length).toBeLessThan(0.995)
    }
  })

  it('p-values are even: one in ten is below 0.1', () => {
    const low = fits.filter(({ pValue }) => pValue! < 0.1).length
    // Four standard errors, and what the chi-square law is off at 30 events a cell.
    expect(Math.abs(low / fits.length - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / fits.length) + 0.01)
  })
})
