import type { BarrierTemperature, Estimate } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { documents } from '../documents.generated.ts'
import { fitFigure } from '../figures/fit.ts'
import { residualsFigure } from '../figures/residuals.ts'
import { issuesOf, read } from '../fixtures/issues.ts'
import { cell, estimate, results } from '../fixtures/results.ts'
import { envelope } from './define.ts'
import { type FitData, fitData } from './fit.ts'
import { type FitOptions, fitsOf } from './fitsOf.ts'
import { renderFit, residualsOfFit } from './fitTable.ts'
import type { CellResult, ResultsData } from './results.ts'

/** The theory in these tests; nothing of it is computed here. */
const theory = { barrier: 0.25, law: 'eyring-kramers', cell: 0, text: 'the exponent of Eyring and Kramers is 0.25/T' }

/** The fixture has all escapes at one step; here they come at a constant rate. */
function steady({ estimates, ...cell }: CellResult): CellResult {
  const { escapeRate } = estimates
  if (escapeRate === undefined) return { ...cell, estimates }
  const exponentiality = { statistic: 1, degreesOfFreedom: 1, pValue: 0.3 }
  return { ...cell, estimates: { ...estimates, escapeRate: { ...escapeRate, exponentiality } } }
}

/** Makes a document of results as the command does. */
function documentOf(
  results: ResultsData,
  formula: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  options: FitOptions = {},
) {
  const cells = results.cells.map((one) => ({ ...steady(one), trials: Number(one.trials) }))
  const found = fitsOf(cells, formula, temperatures, options)
  const data = fitData({ sweep: results.sweep, formula, where: options.where }, cells, found, () => theory)
  return { data, warnings: found.warnings }
}

/** The only fit of the document. */
function fitOf(...given: Parameters<typeof documentOf>) {
  const { data, warnings } = documentOf(...given)
  expect(data.fits).toHaveLength(1)
  return { data, warnings, fit: data.fits[0]! }
}

const slopeOf = ({ fits }: FitData) => fits[0]!.coefficients[1]!

const swept: ResultsData = {
  ...results,
  cells: [0.05, 0.06, 0.08, 0.1].map((T, index) => cell(index, { 'let.T': T }, [15, 61, 310, 830][index]!, 10000)),
}
/** Noise with `share` times the temperature of its cell. */
const noise = ({ cells }: ResultsData, share = 1, why: string | null = null): Map<number, BarrierTemperature> =>
  new Map(cells.map(({ index, params }) => [index, { temperature: share * (params['let.T'] as number), why }]))
const requested = noise(swept)
test('a Fit document matches its schema', () => {
  const { data, fit, warnings } = fitOf(swept, 'log(escapeRate) ~ 1/T', requested)
  const document = read(envelope('Fit', data, warnings))
  expect(issuesOf(documents.Fit, document)).toEqual([])
  const slope = slopeOf(data)
  expect(fit.barrier).toMatchObject({
    term: '1/T',
    value: -Number(slope.value),
    low: -Number(slope.high),
    high: -Number(slope.low),
    factor: 1,
    theory,
  })
  expect(fit.cells.map(({ x }) => x)).toEqual([[20], [1 / 0.06], [12.5], [10]])
  document.data.fits[0].cells[0].exposure = -1
  expect(issuesOf(documents.Fit, document)).toHaveLength(1)
})

test('a fit as text has the line, its limits and its cells', () => {
  const text = renderFit(fitOf(swept, 'log(escape) ~ 1/T', requested).data)
  expect(text).toMatch(/^double-well: log\(escape\) ~ 1\/T over 4 cells\n/)
  expect(text).toMatch(/^slope \(1\/T\) +-0\.\d+ +\[-0\.\d+, -0\.\d+\] +0\.\d+$/m)
  expect(text).toMatch(/^effective barrier \(-slope\) +0\.\d+ +\[0\.\d+, 0\.\d+\]$/m)
  expect(text).toMatch(/^ +0 +0.05 +20 +15 +10000 +0.0015 +0.00\d+ +-?\d/m)
  expect(renderFit(fitOf(swept, 'escape ~ T', requested).data)).not.toContain('barrier')
})

test('what a reader must know is a warning', () => {
  const crooked = {
    ...swept,
    cells: swept.cells.map((one, i) => (i === 1 ? cell(1, { 'let.T': 0.06 }, 900, 10000) : one)),
  }
  expect(fitOf(crooked, 'log(escape) ~ 1/T', requested).warnings).toEqual([
    expect.stringMatching(/^the cells scatter about the line with \d+ times the variance expected by chance/),
  ])
  expect(renderFit(fitOf(crooked, 'log(escape) ~ 1/T', requested).data)).toMatch(
    /51.2 times as wide as limits from a normal .* \(because of the scatter of the cells,\swith 2 degrees of freedom\)/,
  )
  // More scatter than on average, and no more than chance has often enough.
  const wavy = { ...swept, cells: swept.cells.map((one, i) => (i === 1 ? cell(1, { 'let.T': 0.06 }, 77, 10000) : one)) }
  const uncertain = fitOf(wavy, 'log(escape) ~ 1/T', requested)
  expect(uncertain.fit.pValue).toBeGreaterThan(0.05)
  expect(uncertain.fit.pValue).toBeLessThan(0.3)
  expect(uncertain.fit.dispersion).toBeGreaterThan(1)
  expect(uncertain.warnings).toEqual([])
  const rare = {
    ...swept,
    cells: [...swept.cells, cell(4, { 'let.T': 0.03 }, 0, 10000), { ...cell(5, { 'let.T': 1 }, 0, 1), trials: 0 }],
  }
  const { fit, warnings } = fitOf(rare, 'log(escape) ~ 1/T', noise(rare))
  expect(warnings.slice(0, 2)).toEqual([
    'cell 5 left out: no trials yet',
    'cell 4 without an event: included with a count of 0',
  ])
  expect(fit.leftOut).toEqual([{ index: 5, why: 'no trials yet' }])
  expect(warnings.at(-1)).toMatch(/^1 of 5 cells have fewer than 5 fitted events/)
  expect(fit.cells).toHaveLength(5)
})

test('in a sweep with both methods, one is fitted and the other is named', () => {
  const temperatures = [0.05, 0.06, 0.08, 0.1]
  const direct = temperatures.map((T, index) =>
    cell(index, { 'let.T': T, method: 'direct' }, [15, 61, 310, 830][index]!, 10000),
  )
  const splitting = temperatures.map((T, i): CellResult => {
    const one = cell(4 + i, { 'let.T': T, method: { splitting: { particles: 10 } } }, 32, 32)
    const replicas = { count: 32, extinct: 0, relativeVariance: 0.1, largestShare: 0.05, levels: 9, ladder: [] }
    const escape: Estimate = { ...estimate, value: 0.01 * 2 ** i, method: 'replicas', events: 32, replicas }
    return { ...one, estimates: { escape } }
  })
  const both: ResultsData = { ...swept, cells: [...direct, ...splitting] }
  const chosen = fitOf(both, 'log(escapeRate) ~ 1/T', noise(both))
  expect(chosen.data).toEqual({ ...fitOf({ ...swept, cells: direct }, 'log(escapeRate) ~ 1/T', requested).data })
  expect(chosen.fit.method).toBe('direct')
  expect(chosen.warnings[0]).toBe(
    'cells that use the method splitting are left out; to fit them, use --method splitting',
  )
  const { data, fit, warnings } = fitOf(both, 'log(escape) ~ 1/T', noise(both), { method: 'splitting' })
  expect([fit.method, fit.family, fit.cells.map(({ index }) => index)]).toEqual(['splitting', 'normal', [4, 5, 6, 7]])
  expect(issuesOf(documents.Fit, envelope('Fit', data, warnings))).toEqual([])
  expect(renderFit(data, { width: 200 })).toMatch(
    /least squares, cells weighted(?:.*\n){2,3}temperature: T is .*\ntheory: .*\n\ncell +let.T +method +1\/T +events/,
  )
  expect(renderFit(data)).toMatch(/^ +4 +0.05 +splitting +20 +32 +32 +0.01 /m)
  expect(() => fitOf(both, 'log(escape) ~ 1/T', noise(both), { method: 'tilt' })).toThrow(
    /no cell uses the method tilt.*direct, splitting/,
  )
  expect(() => fitOf(both, 'log(escapeRate) ~ 1/T', noise(both), { method: 'splitting' })).toThrow(
    /no estimate named escapeRate \(choose from escape\)/,
  )
})

describe('a slope is a barrier if it is against 1 over the temperature of the noise', () => {
  const of = (formula: string, temperatures: ReadonlyMap<number, BarrierTemperature>, at = swept) => {
    const { data } = fitOf(at, formula, temperatures)
    expect(issuesOf(documents.Fit, envelope('Fit', data, []))).toEqual([])
    return { ...data.fits[0]!, data }
  }
  const rate = 'log(escapeRate) ~ 1/T'
  const slope = -Number(slopeOf(of(rate, requested).data).value)

  test.each([0.951, 1, 1.049])('at %d of it', (share) => {
    const { temperature, barrier } = of(rate, noise(swept, share))
    expect(temperature).toMatchObject({
      slopeIsBarrier: true,
      hint: null,
      text: expect.stringMatching(/^T is the actual temperature of the noise, .*: -slope is a barrier$/),
    })
    expect(temperature!.share!.low).toBeCloseTo(share, 12)
    expect(barrier!.value).toBe(slope)
  })

  test.each([0.94, 1.06, 0.5])('not at %d of it; then this multiple of the slope is', (share) => {
    const { temperature, barrier } = of(rate, noise(swept, share))
    expect(temperature!.slopeIsBarrier).toBe(false)
    expect(temperature!.text).toContain(`-slope is not a barrier, but -slope x ${share} is`)
    expect(barrier!.value).toBeCloseTo(slope * share, 12)
  })

  test('momentum is reported with a formula to use instead, which is then accepted', () => {
    const half = noise(swept, 0.5, 'with momentum beta 0.5, noise on theta has temperature T (1 - beta)')
    const data = of(rate, half)
    expect(data.temperature!.text).toMatch(/^the actual temperature of the noise is 0.5 times T, because with momentum/)
    expect(data.temperature!.hint).toBe('to read the barrier off the slope, fit "log(escapeRate) ~ 1/(0.5*T)"')
    const text = renderFit(data.data)
    expect(text).toMatch(/^effective barrier \(-slope x 0\.5\) +0\.2/m)
    expect(text).toContain('\ntemperature: the actual temperature of the noise is 0.5 times T')
    const fixed = of('log(escapeRate) ~ 1/(0.5*T)', half)
    expect(fixed.temperature).toMatchObject({
      slopeIsBarrier: true,
      text: expect.stringMatching(/^1\/\(0.5\*T\) is 1/),
    })
    expect(fixed.barrier!.value).toBeCloseTo(slope / 2, 9)
    expect(renderFit(fixed.data)).toMatch(/^effective barrier \(-slope\) /m)
  })

  test('nothing is a barrier if the share changes, or if theory knows no barrier', () => {
    const mixed = new Map(noise(swept, 0.5))
    mixed.set(0, { temperature: 0.05, why: null })
    const { temperature, barrier } = of(rate, mixed)
    expect([barrier, temperature!.slopeIsBarrier, temperature!.share]).toEqual([null, false, { low: 0.5, high: 1 }])
    expect(temperature!.text).toMatch(/0.5 to 1 times T, depending on the cell: -slope is not a barrier$/)
    // A name that is not swept is of no use in a formula.
    expect(temperature!.hint).not.toContain('beta')
    const cells = swept.cells.map((one) => ({ ...one, params: { ...one.params, 'update.rule.beta': 0 } }))
    expect(of(rate, mixed, { ...swept, cells }).temperature!.hint).toContain('1/(T*(1 - beta)) for noise on theta')
    const unknown = new Map(requested).set(2, { unknown: 'the steps of adam are not linear in the gradients' })
    const data = of(rate, unknown)
    expect([data.barrier, data.temperature!.share]).toEqual([null, null])
    expect(data.temperature!.text).toMatch(/is not known, because the steps of adam .*: -slope is not a barrier$/)
    expect(renderFit(data.data)).not.toMatch(/^(effective barrier|prefactor|theory)/m)
  })

  test('temperatures are not mentioned if the line is not against one', () => {
    for (const formula of ['escape ~ 1/T', 'log(escape) ~ T', 'log(escape) ~ 1/T^2', 'log(escape) ~ -1/T'])
      expect([formula, of(formula, requested).temperature]).toEqual([formula, null])
    expect(of('log(escape) ~ 1/T^2', new Map()).temperature).toBe(null)
  })
})

describe('several terms, and several fits', () => {
  const eta = [0.05, 0.1]
  const rates = [0.05, 0.06, 0.08, 0.1, 0.14]
  const grid: ResultsData = {
    ...results,
    cells: eta.flatMap((step, row) =>
      rates.map((T, at) =>
        cell(
          row * rates.length + at,
          { 'let.T': T, 'update.eta': step },
          Math.round(2e4 * step * T ** 0.3 * Math.exp(-0.25 / T)),
          10000,
        ),
      ),
    ),
  }
  const warm = noise(grid)

  test('each coefficient is printed, and the barrier belongs to its own term', () => {
    const { data, fit, warnings } = fitOf(grid, 'log(escapeRate) ~ log(T) + 1/T + log(eta)', warm)
    expect(issuesOf(documents.Fit, envelope('Fit', data, warnings))).toEqual([])
    expect(fit.coefficients.map(({ name }) => name)).toEqual(['intercept', 'log(T)', '1/T', 'log(eta)'])
    expect(fit.barrier).toMatchObject({ term: '1/T', prefactor: null })
    expect(fit.barrier!.value).toBe(-Number(fit.coefficients[2]!.value))
    expect(fit.covariance.map((row) => row.length)).toEqual([4, 4, 4, 4])
    const text = renderFit(data)
    expect(text).toMatch(/^effective barrier \(-1\/T\) +0\.\d+/m)
    expect(text).toMatch(/^temperature: T is .*: -\(coefficient of 1\/T\) is a barrier$/m)
    expect(text).toMatch(/^correlation of the errors: intercept and log\(T\) -?\d/m)
    expect(text).not.toContain('prefactor')
  })

  test('momentum with other terms: the whole formula is proposed', () => {
    const { fit } = fitOf(grid, 'log(escapeRate) ~ 1/T + log(eta) - 1', noise(grid, 0.5))
    expect(fit.temperature!.hint).toBe(
      'to read the barrier off the slope, fit "log(escapeRate) ~ 1/(0.5*T) + log(eta) + 0"',
    )
  })

  test('by a path there is one fit for each value, and each uses only its own cells', () => {
    const { data, warnings } = documentOf(grid, 'log(escapeRate) ~ 1/T', warm, { by: 'eta' })
    expect(issuesOf(documents.Fit, envelope('Fit', data, warnings))).toEqual([])
    expect([data.by, data.fits.map(({ at }) => at)]).toEqual(['update.eta', eta])
    for (const [at, step] of eta.entries()) {
      const alone = fitOf(grid, 'log(escapeRate) ~ 1/T', warm, { where: `eta == ${step}` })
      expect({ ...data.fits[at], at: null }).toEqual(alone.fit)
    }
    const lines = renderFit(data).split('\n')
    expect(lines[0]).toBe('double-well: log(escapeRate) ~ 1/T over 10 cells, one fit for each update.eta')
    expect(lines.filter((line) => /^ *0\.(05|1) +5 /.test(line))).toHaveLength(2)
    // On a narrow page there is one line per coefficient, and no number is cut.
    for (const width of [40, 80, 160]) expect(renderFit(data, { width })).not.toContain('…')
    expect(renderFit(data, { width: 60 })).toMatch(/^ *0\.1 +5 +intercept .*\n +1\/T .*\n +effective barrier /m)
    const figure = fitFigure(data)
    expect([figure.seriesTitle, figure.series]).toEqual(['eta', ['0.05', '0.1']])
    expect(figure.layers.map(({ type }) => type)).toEqual(['band', 'line', 'points', 'band', 'line', 'points'])
  })

  test('a value without a fit is reported, and it is an error only if no value has one', () => {
    const holed = { ...grid, cells: grid.cells.filter(({ index }) => index < 6) }
    const { data, warnings } = documentOf(holed, 'log(escapeRate) ~ 1/T', warm, { by: 'update.eta' })
    expect([data.fits.map(({ at }) => at), data.refused]).toEqual([
      [0.05],
      [{ at: 0.1, why: 'one cell and 2 coefficients (intercept, 1/T)' }],
    ])
    expect(warnings).toContain('eta 0.1: no fit: one cell and 2 coefficients (intercept, 1/T)')
    expect(renderFit(data)).toContain('no fit: eta 0.1: one cell')
    expect(() => documentOf(grid, 'log(escapeRate) ~ 1/T', warm, { by: 'T' })).toThrow(
      /one|two|2 cells|collinear|value/,
    )
    expect(() => documentOf(grid, 'log(escapeRate) ~ 1/T', warm, { by: 'steps' })).toThrow(/steps is not swept/)
    expect(() => documentOf(grid, 'log(escapeRate) ~ 1/T', warm, { where: 'eta > 7' })).toThrow(
      /no cell matches eta > 7/,
    )
  })

  test('CSV has one line per coefficient or cell, with every number of the document', () => {
    const { data } = documentOf(grid, 'log(escapeRate) ~ 1/T', warm, { by: 'eta' })
    const [head, ...lines] = (documents.Fit.csv!(data) as string).trimEnd().split('\n')
    expect(head).toMatch(/^update\.eta,term,value,low,high,error,confidence,barrier,/)
    expect(lines.map((line) => line.split(',').slice(0, 3))).toEqual(
      data.fits.flatMap(({ at, coefficients }) => coefficients.map(({ name, value }) => [`${at}`, name, `${value}`])),
    )
    const [titles, ...cells] = (residualsOfFit.csv(data) as string).trimEnd().split('\n')
    expect(titles).toBe('cell,let.T,update.eta,1/T,events,exposure,observed,low,high,fitted,residual')
    expect(cells).toHaveLength(grid.cells.length)
    expect(residualsOfFit.table(data)).toMatch(/^eta 0\.1\ncell /m)
  })
})

describe('figures of fits', () => {
  test('a line over 1/T: points with intervals, the curve through the fitted values, its band around it', () => {
    const { data, fit } = fitOf(swept, 'log(escapeRate) ~ 1/T', requested)
    const figure = fitFigure(data)
    const [band, line, points] = figure.layers
    if (band?.type !== 'band' || line?.type !== 'line' || points?.type !== 'points') throw new Error('other layers')
    expect(line.points[0]).toEqual({ x: 10, y: expect.closeTo(fit.cells[3]!.fitted, 12) })
    expect(line.points.at(-1)).toEqual({ x: 20, y: expect.closeTo(fit.cells[0]!.fitted, 12) })
    for (const [at, { low, high }] of band.points.entries()) {
      expect(low).toBeLessThan(line.points[at]!.y)
      expect(high).toBeGreaterThan(line.points[at]!.y)
    }
    // Wald limits by hand at x = 10: the variance of b0 + 10 b1.
    const [[a, b], [, c]] = fit.covariance as [[number, number], [number, number]]
    const half = 1.959963984540054 * Math.sqrt(a + 20 * b + 100 * c)
    expect(Math.log(band.points[0]!.high / line.points[0]!.y)).toBeCloseTo(half, 9)
    expect(points.points.map(({ low, y, high }) => low! < y && y < high!)).toEqual([true, true, true, true])
    expect(figure.caption.join(' ')).toMatch(/Effective barrier 0\.\d+ \[.*\], from the coefficient of 1\/T\./)
    expect(figure.caption.join(' ')).toContain('The exponent of Eyring and Kramers is 0.25/T.')
  })

  test('terms of one name are a curve over it, those of several names are drawn as fitted', () => {
    const bent = fitFigure(fitOf(swept, 'log(escapeRate) ~ 1/T + log(T)', requested).data)
    const { fit } = fitOf(swept, 'log(escapeRate) ~ 1/T + log(T)', requested)
    const curve = bent.layers.flatMap((layer) => (layer.type === 'line' ? layer.points : []))
    expect(curve.at(-1)!.y).toBeCloseTo(fit.cells[3]!.fitted, 12)
    const wide: ResultsData = {
      ...swept,
      cells: swept.cells.map((one, i) => ({ ...one, params: { ...one.params, 'update.eta': [1, 2, 1, 2][i]! } })),
    }
    const figure = fitFigure(fitOf(wide, 'log(escapeRate) ~ 1/T + eta', requested).data)
    expect(figure.x.label).toBe('fitted escape rate (per step at risk)')
    expect(figure.layers.map(({ type }) => type)).toEqual(['line', 'points'])
  })

  test('residuals are around 0, with lines two standard deviations away', () => {
    const { data, fit } = fitOf(swept, 'log(escapeRate) ~ 1/T', requested)
    const figure = residualsFigure(data)
    expect(figure.layers.map(({ type }) => type)).toEqual(['line', 'line', 'line', 'points'])
    const points = figure.layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
    expect(points).toHaveLength(4)
    for (const { cell: index, y } of points) expect(y).toBe(fit.cells.find((each) => each.index === index)!.residual)
  })
})
