import { describe, expect, it } from 'vitest'
import { uniforms } from '../fixtures/draws.ts'
import { normalQuantile } from '../special/normal.ts'
import { fitCells } from './fitCells.ts'
import { fitValues } from './fitValues.ts'
import known from './fixtures/shared.json'
import { BlockSums, blocksFor, maxBlocks } from './sharedNoise.ts'

const residualsOf = (values: readonly number[], blocks: number): Float64Array => {
  const sums = new BlockSums(blocks)
  for (const [trial, value] of values.entries()) sums.add(trial, value, 1)
  return sums.residuals()
}

const near = (found: readonly (readonly number[])[], exact: readonly (readonly number[])[]) => {
  for (const [i, row] of exact.entries())
    for (const [j, value] of row.entries()) expect(found[i]![j]! / value).toBeCloseTo(1, 7)
}

describe('the sandwich is that of NumPy, trial by trial', () => {
  const terms = { terms: ['x', 'x^2'], hasIntercept: true, confidence: 0.95, link: 'log' } as const

  it('for events', () => {
    const cells = known.bits.map((bits, i) => {
      const had = Array.from(bits, Number)
      const events = had.reduce((sum, bit) => sum + bit, 0)
      const noise = { key: 'seed 1', residuals: residualsOf(had, had.length) }
      return { x: known.x[i]!, events, exposure: had.length, noise }
    })
    const fit = fitCells(cells, { ...terms, family: 'binomial' })
    near(fit.covariance, known.probabilities)
    expect(fit.shared).toEqual({ cells: 3, blocks: 240 })
    // As if they were independent, the level is known much too well.
    const naive = fitCells(
      cells.map(({ noise: _, ...cell }) => cell),
      { ...terms, family: 'binomial' },
    )
    expect(naive.shared).toBeNull()
    expect(naive.covariance[0]![0]! / fit.covariance[0]![0]!).not.toBeCloseTo(1, 1)
  })

  it('for means of values', () => {
    const cells = known.values.map((values, i) => {
      const n = values.length
      const value = values.reduce((sum, each) => sum + each, 0) / n
      const squares = values.reduce((sum, each) => sum + (each - value) ** 2, 0)
      return {
        x: known.x[i]!,
        value,
        relativeVariance: squares / (n - 1) / n / value ** 2,
        freedom: n - 1,
        events: n,
        exposure: n,
        noise: { key: 'seed 1', residuals: residualsOf(values, n) },
      }
    })
    near(fitValues(cells, terms).covariance, known.logarithms)
  })
})

describe('blocks of trials', () => {
  it('hold every so-many-th trial, and their residuals add up to 0', () => {
    const sums = new BlockSums(2)
    for (const [trial, exposure] of [10, 20, 30, 40].entries()) sums.add(trial, trial === 0 ? 1 : 0, exposure)
    expect([...sums.residuals()]).toEqual([1 - 40 / 100, -60 / 100])
  })

  it('are as many as trials, up to a number', () => {
    expect([blocksFor(30), blocksFor(1e6)]).toEqual([30, maxBlocks])
  })
})

const cell = (x: number, key: string, residuals: Float64Array | null) => ({
  x: [x],
  events: 20 * x,
  exposure: 200,
  noise: { key, residuals },
})
const line = { terms: ['x'], hasIntercept: true, confidence: 0.95, link: 'log', family: 'binomial' } as const

describe('where it is not known how cells are correlated', () => {
  it('there is no fit', () => {
    const cells = [cell(1, 'seed 7', null), cell(2, 'seed 7', null), cell(3, 'seed 8', null)]
    expect(() => fitCells(cells, line)).toThrow(/2 cells share their noise \(seed 7\), but their trials are not stored/)
    const few = [1, 2].map((x) => cell(x, 'seed 7', residualsOf([1, 0, 1], 3)))
    expect(() => fitCells(few, line)).toThrow(/the smallest number of trials is 3,/)
  })

  it('cells that share it with none are independent', () => {
    const cells = [cell(1, 'seed 7', null), cell(2, 'seed 8', null), cell(3, 'seed 9', null)]
    expect(fitCells(cells, line).shared).toBeNull()
  })
})

// ------------------------------------------------------------------------------------------------ null experiments

const studies = process.env.DRIFTFARM_TEST_TIER === 'full' ? 2000 : 300
const trials = 400
const xs = [-2, -1, 0, 1, 2]
const [level, slope] = [-1.2, 0.25]

/** Trials of the cells: alike, or as stopping rules may leave them. */
const alike = xs.map(() => trials)
const unlike = [400, 150, 400, 250, 100]

/** A study: the trial of index i has the event in all cells whose probability its uniform number is below. */
function study(draw: () => number, isCommon: boolean, { miss = 0, counts = alike } = {}) {
  const had = counts.map((count) => new Array<number>(count).fill(0))
  for (let trial = 0; trial < trials; trial++) {
    const common = draw()
    for (const [i, x] of xs.entries()) {
      const p = Math.exp(level + slope * x + miss * (i === 2 ? 1 : 0))
      if ((isCommon ? common : draw()) < p && trial < counts[i]!) had[i]![trial] = 1
    }
  }
  return had.map((bits, i) => ({
    x: [xs[i]!],
    events: bits.reduce((sum, bit) => sum + bit, 0),
    exposure: bits.length,
    noise: { key: 'seed 1', residuals: residualsOf(bits, blocksFor(Math.min(...counts))) },
  }))
}

/** The least share of studies that is no alarm at 95 %: five standard errors, by chance once in 3 million. */
const least = 0.95 - 5 * Math.sqrt((0.95 * 0.05) / studies)

describe.each([
  [true, alike],
  [true, unlike],
  [false, alike],
])('cells with noise in common: %s, trials %j', (isCommon, counts) => {
  const draw = uniforms(isCommon ? 42 : 43)
  const made = Array.from({ length: studies }, () => study(draw, isCommon, { counts }))
  const fits = made.map((cells) => fitCells(cells, line))
  const naive = made.map((cells) =>
    fitCells(
      cells.map(({ noise: _, ...rest }) => rest),
      line,
    ),
  )
  const covers = (all: typeof fits, at: number, truth: number) =>
    all.filter(({ coefficients }) => coefficients[at]!.low <= truth && truth <= coefficients[at]!.high).length / studies

  it('95 % of the intervals of each coefficient hold the truth', () => {
    expect(covers(fits, 0, level)).toBeGreaterThan(least)
    expect(covers(fits, 1, slope)).toBeGreaterThan(least)
  })

  it('p-values are even', () => {
    const low = fits.filter(({ pValue }) => pValue! < 0.1).length / studies
    expect(Math.abs(low - 0.1)).toBeLessThan(4 * Math.sqrt(0.09 / studies) + 0.015)
  })

  if (isCommon && counts === alike)
    it('a fit that takes them for independent ones fails: the negative control', () => {
      expect(covers(naive, 0, level)).toBeLessThan(0.8)
    })
  if (!isCommon)
    it('what is estimated of independent cells costs next to nothing', () => {
      const widths = (all: typeof fits) =>
        all.reduce((sum, { coefficients: [one] }) => sum + one!.high - one!.low, 0) / studies
      expect(widths(fits) / widths(naive)).toBeGreaterThan(0.97)
      expect(widths(fits) / widths(naive)).toBeLessThan(1.05)
    })
})

it('a cell that misses the line is seen with noise in common, which the deviance of independent cells hides', () => {
  const cells = study(uniforms(9), true, { miss: 0.08 })
  const strip = ({ noise: _, ...rest }: (typeof cells)[number]) => rest
  expect(fitCells(cells, line).pValue).toBeLessThan(0.01)
  expect(fitCells(cells.map(strip), line).pValue).toBeGreaterThan(0.2)
})

describe('cells that scatter more than chance', () => {
  // Normal values of known error, scattered by `scatter` standard errors more.
  const errors = 0.1
  const covered = (cells: number, scatter: number, seed: number) => {
    const draw = uniforms(seed)
    const normal = () => normalQuantile(draw())
    let [held, byNormal] = [0, 0]
    for (let at = 0; at < studies; at++) {
      const fit = fitValues(
        Array.from({ length: cells }, (_, x) => ({
          x: [x],
          value: 10 + errors * Math.sqrt(1 + scatter ** 2) * normal(),
          relativeVariance: (errors / 10) ** 2,
          freedom: Number.POSITIVE_INFINITY,
          events: 9,
          exposure: 9,
        })),
        { ...line, link: 'identity' },
      )
      const { low, high, value, error } = fit.coefficients[1]!
      if (low <= 0 && 0 <= high) held++
      if (Math.abs(value) <= 1.96 * error) byNormal++
    }
    return { held: held / studies, byNormal: byNormal / studies }
  }

  it.each([
    [4, 0, 1],
    [4, 1, 2],
    [4, 2, 3],
    [4, 20, 4],
    [5, 3, 5],
    [12, 3, 6],
  ])('the limits of %d cells that scatter by %d standard errors hold in 95 %% of studies', (cells, scatter, seed) => {
    expect(covered(cells, scatter, seed).held).toBeGreaterThan(least)
  })

  it('normal limits of few cells do not: the negative control', () => {
    expect(covered(4, 20, 4).byNormal).toBeLessThan(0.9)
  })
})
