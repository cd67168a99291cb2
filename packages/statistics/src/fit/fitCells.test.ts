import { describe, expect, it, test } from 'vitest'
import { gammaUpperTail } from '../special/gamma.ts'
import { arrhenius } from './arrhenius.ts'
import { type CellCount, fitCells } from './fitCells.ts'
import { fitLine } from './fitLine.ts'
import { poisson, uniforms } from './poisson.fixture.ts'

const counts = (x: readonly number[], events: readonly number[], exposure: number): CellCount[] =>
  x.map((x, i) => ({ x, events: events[i]!, exposure }))
const near = (value: number, exact: number) => Math.abs(value / exact - 1)

// Brute force in Python: the deviance minimised by SciPy's Nelder-Mead, its profiles crossed by brentq, at 95 %.
const known = [
  {
    name: 'rates with an empty cell',
    options: { family: 'poisson', link: 'log', confidence: 0.95 },
    cells: counts([20, 25, 30, 40, 50], [241, 69, 21, 1, 0], 1e6),
    slope: [-0.25152633381550327, -0.2863743162498188, -0.2193758281555968],
    intercept: [-3.2962874700408875, -4.009242353724638, -2.537372891505347],
    deviance: 0.60962916405174,
    dispersion: 0.1506392734696133,
    pValue: 0.8942245015736103,
  },
  {
    name: 'probabilities that are not small',
    options: { family: 'binomial', link: 'log', confidence: 0.95 },
    cells: counts([20, 25, 30, 40, 50], [4210, 1240, 370, 31, 2], 10000),
    slope: [-0.2443498780067599, -0.25163465555217535, -0.23720712405494],
    intercept: [4.0221085280519935, 3.86846542277993, 4.178134451771465],
    deviance: 0.3025049793995316,
    dispersion: 0.09340339101138294,
    pValue: 0.9595566748853601,
  },
  {
    name: 'probabilities themselves',
    options: { family: 'binomial', link: 'identity', confidence: 0.95 },
    cells: counts([1, 2, 3, 4], [12, 19, 33, 41], 100),
    slope: [0.09950890017406677, 0.06350995521581845, 0.13340031034700708],
    intercept: [0.014005156628641047, -0.06069429682973147, 0.1054836626198265],
    deviance: 0.5084945020574534,
    dispersion: 0.25086115540889575,
    pValue: 0.7755000351587024,
  },
  {
    name: 'counts that scatter more than chance',
    options: { family: 'poisson', link: 'log', confidence: 0.95 },
    cells: counts([1, 2, 3, 4, 5, 6], [120, 60, 90, 22, 40, 9], 1000),
    slope: [-0.3716871961957504, -0.6181525796901899, -0.1471923331699014],
    intercept: [-1.7602363782391703, -2.4776976679403186, -1.105747489704458],
    deviance: 43.698464467877145,
    dispersion: 11.131888713136714,
    pValue: 7.410894294318948e-9,
  },
] as const

describe.each(known)('$name', ({ cells, options, ...exact }) => {
  const fit = fitCells(cells, options)
  it('has the most likely line, with its limits', () => {
    for (const key of ['slope', 'intercept'] as const) {
      const [value, low, high] = exact[key]
      expect(near(fit[key].value, value)).toBeLessThan(1e-6)
      expect(near(fit[key].low, low)).toBeLessThan(1e-6)
      expect(near(fit[key].high, high)).toBeLessThan(1e-6)
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
  const fit = fitCells(counts([1, 3], [100, 10], 1000), { family: 'poisson', link: 'log', confidence: 0.95 })
  expect(fit.slope.value).toBeCloseTo(-Math.log(10) / 2, 10)
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
  const line = fitLine([
    { x: 0, y: 1, variance: 1 },
    { x: 1, y: 2, variance: 0.5 },
    { x: 3, y: 5, variance: 1 },
  ])
  expect(line.slope).toBeCloseTo(26 / 19, 14)
  expect(line.intercept).toBeCloseTo(15 / 19, 14)
  expect(line.centre).toBeCloseTo(5 / 4, 14)
  expect(line.slopeError ** 2).toBeCloseTo(4 / 19, 14)
  expect(line.interceptError ** 2).toBeCloseTo(11 / 19, 14)
  expect(line.chiSquare).toBeCloseTo(2 / 19, 14)
})

test.each<[string, readonly CellCount[], 'poisson' | 'binomial', RegExp]>([
  ['one cell with events', counts([1, 2, 3], [0, 5, 0], 100), 'poisson', /events at one value of x among 3 cells/],
  ['no events', counts([1, 2], [0, 0], 100), 'poisson', /events at no value/],
  ['one value of x', counts([2, 2], [3, 4], 100), 'poisson', /events at one value/],
  ['more events than trials', counts([1, 2], [3, 101], 100), 'binomial', /101 events of 100/],
  ['a line that leaves 0 .. 1', counts([1, 2, 3], [10, 99, 100], 100), 'binomial', /no line in the logarithm/],
])('no line: %s', (_, cells, family, message) => {
  expect(() => fitCells(cells, { family, link: 'log', confidence: 0.95 })).toThrow(message)
})

/** Rates per step of the double well at eta = 0.1 from its leading eigenvalue, by quadrature in two resolutions. */
const rates = [
  { T: 0.0125, rate: 7.961138223372374e-11 },
  { T: 0.032, rate: 1.4952789121475863e-5 },
  { T: 0.05, rate: 0.00024092692649568475 },
]

test('exact rates of the double well give its barrier, 1/4', () => {
  const cells = rates.map(({ T, rate }) => ({ x: 1 / T, events: Math.round(rate * 1e14), exposure: 1e14 }))
  const { barrier, prefactor } = arrhenius(fitCells(cells, { family: 'poisson', link: 'log', confidence: 0.95 }))
  expect(near(barrier.value, 0.25)).toBeLessThan(0.04)
  // The law of its crossings: eta sqrt 2 / pi, times the discrete correction 0.85.
  expect(near(prefactor.value, (0.1 * Math.SQRT2 * 0.85) / Math.PI)).toBeLessThan(0.25)
  expect(barrier.low).toBeLessThan(barrier.value)
  expect(prefactor.high).toBeGreaterThan(prefactor.value)
})

describe('over many studies with rates exp(-2 - 0.3 x), of which some cells stay empty', () => {
  const [slope, intercept] = [-0.3, -2]
  const xs = [0, 5, 10, 15, 20, 25]
  const draw = uniforms(20261124)
  const studies = Array.from({ length: process.env.DRIFTFARM_TEST_TIER === 'full' ? 1000 : 400 }, () =>
    xs.map((x) => ({ x, events: poisson(400 * Math.exp(intercept + slope * x), draw), exposure: 400 })),
  )

  it('95 % of the intervals hold the truth', () => {
    const fits = studies.map((cells) => fitCells(cells, { family: 'poisson', link: 'log', confidence: 0.95 }))
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
    const slopes = studies.map((cells) =>
      fitLine(
        cells
          .filter(({ events }) => events > 0)
          .map(({ x, events, exposure }) => ({ x, y: Math.log(events / exposure), variance: 1 })),
      ),
    )
    const mean = slopes.reduce((sum, line) => sum + line.slope, 0) / slopes.length
    expect(mean - slope).toBeGreaterThan(0.03)
    const covered = slopes.filter(({ slope: value, slopeError }) => Math.abs(value - slope) < 1.96 * slopeError)
    expect(covered.length / slopes.length).not.toBeCloseTo(0.95, 2)
  })
})
