import { describe, expect, test } from 'vitest'
import { areMonotone, identifies, varyTogether } from '../axes/jointAxes.ts'
import { sweptAxes } from '../axes/sweptAxes.ts'
import type { CellResult, ResultsData } from '../document/results.ts'
import { headlessDocument } from '../drawing/headless.ts'
import { suggestedKind } from '../figureOf.ts'
import { drawn } from '../fixtures/drawn.ts'
import { cell, resultsData } from '../fixtures/results.ts'
import { endsFigure } from './ends.ts'
import { lineFigure } from './line.ts'
import { mapFigure } from './map.ts'

const _document = headlessDocument()
const sweepOf = (cells: readonly CellResult[]): ResultsData =>
  resultsData({ id: 'a'.repeat(32), name: 'named', state: 'complete', seed: '1' }, cells)

/** Points that fill a box as a design does: multiples of irrational numbers, modulo 1. */
const design = (count: number, paths: readonly string[], others: readonly object[] = [{}]): ResultsData =>
  sweepOf(
    Array.from({ length: count }, (_, i) => i).flatMap((i) =>
      others.map((other, j) => {
        const point = paths.map((path, k) => [path, 1 + ((i * Math.sqrt([2, 3, 5, 7][k]!)) % 1)])
        return cell(others.length * i + j, { ...Object.fromEntries(point), ...other }, i % 11, 10)
      }),
    ),
  )

describe('which axes vary together', () => {
  const of = (pairs: readonly (readonly [unknown, unknown])[]) => {
    const cells = pairs.map(([a, b]) => ({ params: { a, b } }))
    const [a, b] = sweptAxes(cells)
    return { sparse: varyTogether(a!, b!, cells), step: areMonotone(a!, b!, cells), tells: identifies(a!, b!, cells) }
  }
  const product = [1, 2, 3].flatMap((a) => [1, 2, 3].map((b) => [a, b] as const))
  test.each([
    ['a product', product, [false, false, false]],
    ['the upper half of a product', product.filter(([a, b]) => a <= b), [false, false, false]],
    ['zipped', [1, 2, 3].map((a) => [a, 10 * a] as const), [true, true, true]],
    ['zipped, one falling', [1, 2, 3].map((a) => [a, -a] as const), [true, true, true]],
    ['zipped words', ['x', 'y'].map((a, i) => [a, i] as const), [true, true, true]],
    ['a design', [1, 2, 3, 4].map((a) => [a, (3 * a) % 5] as const), [true, false, true]],
    ['a table', [1, 1, 2, 2, 3, 3, 4, 4].map((a, b) => [a, b] as const), [true, false, false]],
  ])('%s', (_, pairs, [sparse, step, told]) => {
    expect(of(pairs)).toEqual({ sparse, step, tells: told })
  })
})

describe('a sweep of a design', () => {
  test('is a map of points, each at the place of its cell', () => {
    const results = design(40, ['update.eta', 'sigma'])
    expect(suggestedKind(results, {})).toBe('map')
    const figure = mapFigure(results)
    const [layer] = figure.layers
    if (layer?.type !== 'scatter') throw new Error(`a scatter is expected, not ${layer?.type}`)
    expect(layer.points.map(({ x, y, value }) => [x, y, value])).toEqual(
      results.cells.map(({ params, estimates }) => [params['update.eta'], params.sigma, estimates.escape!.value]),
    )
    const svg = drawn(figure)
    expect(svg.match(/<circle/g)).toHaveLength(40)
    expect(figure.x.domain![0]).toBeLessThan(1)
  })

  test('with a third path in it draws all cells and names that path', () => {
    const figure = mapFigure(design(30, ['a', 'b', 'c']))
    expect(figure.layers).toMatchObject([{ type: 'scatter', points: { length: 30 } }])
    expect(figure.caption).toContain('c also varies from cell to cell but is not shown.')
    expect(figure.caption.join(' ')).not.toContain('Shown:')
  })

  test('beside another axis has a panel for each value of that axis', () => {
    const figure = mapFigure(design(30, ['a', 'b'], [{ c: 1 }, { c: 2 }, { c: 3 }]))
    const layers = [{ type: 'scatter', points: { length: 30 } }]
    expect(figure.panels).toMatchObject([1, 2, 3].map((c) => ({ title: `c ${c}`, layers })))
    drawn(figure)
  })

  test('a line does not join it, and has the other axis as its series', () => {
    const figure = lineFigure(design(30, ['a', 'b'], [{ c: 1 }, { c: 2 }]))
    expect(figure).toMatchObject({ x: { path: 'a' }, seriesTitle: 'c', series: ['1', '2'] })
    expect(figure.layers).toMatchObject([
      { type: 'points', joined: false, points: { length: 30 } },
      { type: 'points', joined: false, points: { length: 30 } },
    ])
    drawn(figure)
  })

  test('is not lost if a product of other axes has the places', () => {
    const others = [1, 2, 3].flatMap((p) => [1, 2].map((q) => ({ 'a.p': p, 'a.q': q })))
    const figure = lineFigure(design(9, ['b', 'c'], others), { x: 'a.p', by: 'a.q' })
    for (const { layers } of figure.panels)
      expect(layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))).toHaveLength(6)
    expect(figure.caption).toContain('6 of 9 values of b are drawn.')
  })

  test('of cells without estimates, signs, a log scale and one place', () => {
    const results = design(12, ['a', 'b'])
    const empty = { ...results.cells[0]!, trials: 0, estimates: {}, checks: [], stopped: null }
    const open = { ...results.cells[1]!, stopped: { rule: 'max' } as const }
    const figure = mapFigure(sweepOf([empty, open, ...results.cells.slice(2)]), { log: ['z'] })
    const svg = drawn(figure)
    expect(svg).toContain('>/<')
    expect(figure.caption.join(' ')).toContain('White: no event was observed')
    expect(figure.caption.join(' ')).toContain('Grey: no finite estimate of escape (1 of 12 cells)')
  })

  test('of very many cells is a picture, and the file stays small', () => {
    const svg = drawn(mapFigure(design(10_000, ['a', 'b'])))
    expect(svg).toContain('data:image/png;base64,')
    expect(svg).not.toContain('<circle')
    expect(svg.length).toBeLessThan(200_000)
  })

  test('outcomes are one bar per cell, also for a table with repeated values', () => {
    const bars = (results: ResultsData) => {
      const [layer] = endsFigure(results).layers
      return layer?.type === 'bars' ? layer.bars.map(({ x }) => x) : []
    }
    expect(new Set(bars(design(20, ['a', 'b']))).size).toBe(20)
    const table = sweepOf(Array.from({ length: 12 }, (_, i) => cell(i, { a: i % 4, b: i }, 1, 10)))
    const names = bars(table)
    expect(new Set(names).size).toBe(names.length)
  })
})

test('zipped axes are one: a line, joined', () => {
  const results = sweepOf([1, 2, 3].map((eta, i) => cell(i, { eta, steps: 100 * eta }, i, 10)))
  expect(suggestedKind(results, {})).toBe('line')
  const figure = lineFigure(results)
  expect(figure).toMatchObject({ x: { path: 'eta' }, series: [], layers: [{ joined: true, points: { length: 3 } }] })
  expect(figure.caption).toContain('steps also varies from cell to cell but is not shown.')
  expect(() => mapFigure(results)).toThrow('fewer than two axes')
  expect(mapFigure(results, { x: 'eta', y: 'steps' }).layers).toMatchObject([{ type: 'scatter' }])
})
