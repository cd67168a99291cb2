import type { Method } from '@driftfarm/spec'
import { type BarrierTemperature, type Estimate, fitOf as fitOfCells } from '@driftfarm/statistics'
import { describe, expect, test } from 'vitest'
import { documents } from '../documents.ts'
import { issuesOf, read } from '../fixtures/issues.ts'
import { cell, estimate, results } from '../fixtures/results.ts'
import { renderFit } from '../table/renderFit.ts'
import { envelope } from './envelope.ts'
import { fitData } from './fit.ts'
import type { CellResult, ResultsData } from './results.ts'

/** As the command makes a document of results. */
function fitOf(
  results: ResultsData,
  text: string,
  temperatures: ReadonlyMap<number, BarrierTemperature>,
  method?: Method['kind'],
) {
  const cells = results.cells.map((one) => ({ ...one, trials: Number(one.trials) }))
  const fitted = fitOfCells(cells, text, temperatures, method)
  return { data: fitData(results, text, fitted), warnings: fitted.warnings }
}

const swept: ResultsData = {
  ...results,
  cells: [0.05, 0.06, 0.08, 0.1].map((T, index) => cell(index, { 'let.T': T }, [15, 61, 310, 830][index]!, 10000)),
}
/** Of noise that has `share` times the temperature of its cell. */
const noise = ({ cells }: ResultsData, share = 1, why: string | null = null): Map<number, BarrierTemperature> =>
  new Map(cells.map(({ index, params }) => [index, { temperature: share * (params['let.T'] as number), why }]))
const asked = noise(swept)
test('a Fit document is what its schema says', () => {
  const { data, warnings } = fitOf(swept, 'log(escapeRate) ~ 1/T', asked)
  const document = read(envelope('Fit', data, warnings))
  expect(issuesOf(documents.Fit, document)).toEqual([])
  expect(data.arrhenius!.barrier).toEqual({
    value: -Number(data.slope.value),
    low: -Number(data.slope.high),
    high: -Number(data.slope.low),
  })
  expect(data.cells.map(({ x }) => x)).toEqual([20, 1 / 0.06, 12.5, 10])
  document.data.cells[0].exposure = -1
  expect(issuesOf(documents.Fit, document)).toHaveLength(1)
})

test('a fit as text has the line, its limits and its cells', () => {
  const text = renderFit(fitOf(swept, 'log(escape) ~ 1/T', asked).data)
  expect(text).toMatch(/^double-well: log\(escape\) ~ 1\/T over 4 cells\n/)
  expect(text).toMatch(/^slope +-0\.\d+ +\[-0\.\d+, -0\.\d+\]$/m)
  expect(text).toMatch(/^barrier \(-slope\) +0\.\d+ +\[0\.\d+, 0\.\d+\]$/m)
  expect(text).toMatch(/^ +0 +0.05 +20 +15 +10000 +0.0015 +0.00\d+ +-?\d/m)
  expect(renderFit(fitOf(swept, 'escape ~ T', asked).data)).not.toContain('barrier')
})

test('what a reader must know is a warning', () => {
  const crooked = {
    ...swept,
    cells: swept.cells.map((one, i) => (i === 1 ? cell(1, { 'let.T': 0.06 }, 900, 10000) : one)),
  }
  expect(fitOf(crooked, 'log(escape) ~ 1/T', asked).warnings).toEqual([
    expect.stringMatching(/^the cells scatter about the line \d+ times as much as chance/),
  ])
  expect(renderFit(fitOf(crooked, 'log(escape) ~ 1/T', asked).data)).toMatch(/widened by \d+.*scatter/)
  const rare = {
    ...swept,
    cells: [...swept.cells, cell(4, { 'let.T': 0.03 }, 0, 10000), { ...cell(5, { 'let.T': 1 }, 0, 1), trials: 0 }],
  }
  const { data, warnings } = fitOf(rare, 'log(escape) ~ 1/T', noise(rare))
  expect(warnings[0]).toBe('cell 5 left out: no trials yet')
  expect(warnings.at(-1)).toMatch(/^1 of 5 cells have fewer than 5 fitted events/)
  expect(data.cells).toHaveLength(5)
})

test('of a sweep of both methods one is fitted, and the other is named', () => {
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
  expect(chosen.data).toEqual({ ...fitOf({ ...swept, cells: direct }, 'log(escapeRate) ~ 1/T', asked).data })
  expect(chosen.data.method).toBe('direct')
  expect(chosen.warnings[0]).toBe('cells of the method splitting are left out: --method splitting fits those')
  const { data, warnings } = fitOf(both, 'log(escape) ~ 1/T', noise(both), 'splitting')
  expect([data.method, data.family, data.cells.map(({ index }) => index)]).toEqual([
    'splitting',
    'normal',
    [4, 5, 6, 7],
  ])
  expect(issuesOf(documents.Fit, envelope('Fit', data, warnings))).toEqual([])
  expect(renderFit(data)).toMatch(
    /least squares, cells weighed.*\n.*\ntemperature: T is .*\n\ncell +let.T +method +1\/T +events +replicas/,
  )
  expect(renderFit(data)).toMatch(/^ +4 +0.05 +splitting +20 +32 +32 +0.01 /m)
  expect(() => fitOf(both, 'log(escape) ~ 1/T', noise(both), 'tilt')).toThrow(
    /no cell of the method tilt.*direct, splitting/,
  )
  expect(() => fitOf(both, 'log(escapeRate) ~ 1/T', noise(both), 'splitting')).toThrow(
    /they have no estimate escapeRate \(there are escape\)/,
  )
})

describe('a slope is a barrier where it is against 1 over the temperature of the noise', () => {
  const of = (formula: string, temperatures: ReadonlyMap<number, BarrierTemperature>, at = swept) => {
    const { data } = fitOf(at, formula, temperatures)
    expect(issuesOf(documents.Fit, envelope('Fit', data, []))).toEqual([])
    return data
  }
  const rate = 'log(escapeRate) ~ 1/T'
  const slope = -Number(of(rate, asked).slope.value)

  test.each([0.951, 1, 1.049])('within 5 %%: %d', (share) => {
    const { temperature, arrhenius } = of(rate, noise(swept, share))
    expect(temperature).toMatchObject({
      slopeIsBarrier: true,
      mend: null,
      text: expect.stringMatching(/^T is the temp/),
    })
    expect(temperature!.share!.low).toBeCloseTo(share, 12)
    expect(arrhenius!.barrier.value).toBe(slope)
  })

  test.each([0.94, 1.06, 0.5])('not at %d of it: then so many slopes are', (share) => {
    const { temperature, arrhenius } = of(rate, noise(swept, share))
    expect(temperature!.slopeIsBarrier).toBe(false)
    expect(temperature!.text).toContain(`-slope is no barrier, -slope x ${share} is`)
    expect(arrhenius!.barrier.value).toBeCloseTo(slope * share, 12)
  })

  test('momentum is told, and what to write instead, which then is taken', () => {
    const half = noise(swept, 0.5, 'noise on theta beside momentum beta 0.5 has T (1 - beta)')
    const data = of(rate, half)
    expect(data.temperature!.text).toMatch(/^the noise really has 0.5 times the temperature T, since noise on theta/)
    expect(data.temperature!.mend).toBe('for a line whose slope is the barrier: --fit "log(escapeRate) ~ 1/(0.5*T)"')
    const text = renderFit(data)
    expect(text).toMatch(/^barrier \(-slope x 0\.5\) +0\.2/m)
    expect(text).toContain('\ntemperature: the noise really has 0.5 times the temperature T')
    const mended = of('log(escapeRate) ~ 1/(0.5*T)', half)
    expect(mended.temperature).toMatchObject({
      slopeIsBarrier: true,
      text: expect.stringMatching(/^1\/\(0.5\*T\) is 1/),
    })
    expect(mended.arrhenius!.barrier.value).toBeCloseTo(slope / 2, 9)
    expect(renderFit(mended)).toMatch(/^barrier \(-slope\) /m)
  })

  test('nothing is a barrier where the share changes, or theory knows none', () => {
    const mixed = new Map(noise(swept, 0.5))
    mixed.set(0, { temperature: 0.05, why: null })
    const { temperature, arrhenius } = of(rate, mixed)
    expect([arrhenius, temperature!.slopeIsBarrier, temperature!.share]).toEqual([null, false, { low: 0.5, high: 1 }])
    expect(temperature!.text).toMatch(/0.5 to 1 times the temperature T, by the cell: -slope is no barrier$/)
    const unknown = new Map(asked).set(2, { unknown: 'the steps of adam are no linear function of the gradients' })
    const data = of(rate, unknown)
    expect([data.arrhenius, data.temperature!.share]).toEqual([null, null])
    expect(data.temperature!.text).toMatch(/is not known, since the steps of adam .*: -slope is no barrier$/)
    expect(renderFit(data)).not.toMatch(/^(barrier|prefactor)/m)
  })

  test('no word of temperatures where the line is against none', () => {
    for (const formula of ['escape ~ 1/T', 'log(escape) ~ T', 'log(escape) ~ 1/T^2', 'log(escape) ~ -1/T'])
      expect([formula, of(formula, asked).temperature]).toEqual([formula, null])
    expect(of('log(escape) ~ 1/T^2', new Map()).temperature).toBe(null)
  })
})
