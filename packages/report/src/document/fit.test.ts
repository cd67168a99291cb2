import type { Estimate } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { cell, estimate, results } from '../fixtures/results.ts'
import { violations } from '../fixtures/violations.ts'
import { fitSchema } from '../schema/fit.ts'
import { renderFit } from '../table/renderFit.ts'
import { envelope } from './envelope.ts'
import { fitOf } from './fit.ts'
import type { CellResult, ResultsData } from './results.ts'

const swept: ResultsData = {
  ...results,
  cells: [0.05, 0.06, 0.08, 0.1].map((T, index) => cell(index, { 'let.T': T }, [15, 61, 310, 830][index]!, 10000)),
}
const read = (value: unknown) => JSON.parse(JSON.stringify(value))

test('a Fit document is what its schema says', () => {
  const { data, warnings } = fitOf(swept, 'log(escapeRate) ~ 1/T')
  const document = read(envelope('Fit', data, warnings))
  expect(violations(document, fitSchema)).toEqual([])
  expect(data.arrhenius!.barrier).toEqual({
    value: -Number(data.slope.value),
    low: -Number(data.slope.high),
    high: -Number(data.slope.low),
  })
  expect(data.cells.map(({ x }) => x)).toEqual([20, 1 / 0.06, 12.5, 10])
  document.data.cells[0].exposure = -1
  expect(violations(document, fitSchema)).toHaveLength(1)
})

test('a fit as text has the line, its limits and its cells', () => {
  const text = renderFit(fitOf(swept, 'log(escape) ~ 1/T').data)
  expect(text).toMatch(/^double-well: log\(escape\) ~ 1\/T over 4 cells\n/)
  expect(text).toMatch(/^slope +-0\.\d+ +\[-0\.\d+, -0\.\d+\]$/m)
  expect(text).toMatch(/^barrier \(-slope\) +0\.\d+ +\[0\.\d+, 0\.\d+\]$/m)
  expect(text).toMatch(/^ +0 +0.05 +20 +15 +10000 +0.0015 +0.00\d+ +-?\d/m)
  expect(renderFit(fitOf(swept, 'escape ~ T').data)).not.toContain('barrier')
})

test('what a reader must know is a warning', () => {
  const crooked = {
    ...swept,
    cells: swept.cells.map((one, i) => (i === 1 ? cell(1, { 'let.T': 0.06 }, 900, 10000) : one)),
  }
  expect(fitOf(crooked, 'log(escape) ~ 1/T').warnings).toEqual([
    expect.stringMatching(/^the cells scatter about the line \d+ times as much as chance/),
  ])
  expect(renderFit(fitOf(crooked, 'log(escape) ~ 1/T').data)).toMatch(/widened by \d+.*scatter/)
  const rare = {
    ...swept,
    cells: [...swept.cells, cell(4, { 'let.T': 0.03 }, 0, 10000), { ...cell(5, { 'let.T': 1 }, 0, 1), trials: 0 }],
  }
  const { data, warnings } = fitOf(rare, 'log(escape) ~ 1/T')
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
  const chosen = fitOf(both, 'log(escapeRate) ~ 1/T')
  expect(chosen.data).toEqual({ ...fitOf({ ...swept, cells: direct }, 'log(escapeRate) ~ 1/T').data })
  expect(chosen.data.method).toBe('direct')
  expect(chosen.warnings[0]).toBe('cells of the method splitting are left out: --method splitting fits those')
  const { data, warnings } = fitOf(both, 'log(escape) ~ 1/T', 'splitting')
  expect([data.method, data.family, data.cells.map(({ index }) => index)]).toEqual([
    'splitting',
    'normal',
    [4, 5, 6, 7],
  ])
  expect(violations(read(envelope('Fit', data, warnings)), fitSchema)).toEqual([])
  expect(renderFit(data)).toMatch(
    /least squares, cells weighed by the spread.*\n.*\n\ncell +let.T +method +1\/T +events +replicas/,
  )
  expect(renderFit(data)).toMatch(/^ +4 +0.05 +splitting +20 +32 +32 +0.01 /m)
  expect(() => fitOf(both, 'log(escape) ~ 1/T', 'tilt')).toThrow(/no cell of the method tilt.*direct, splitting/)
  expect(() => fitOf(both, 'log(escapeRate) ~ 1/T', 'splitting')).toThrow(
    /they have no estimate escapeRate \(there are escape\)/,
  )
})
