import { expect, test } from 'vitest'
import { type ComparedCell, type ComparisonData, clearestFirst } from '../document/comparison.ts'
import { headlessDocument } from '../drawing/headless.ts'
import { cutAll, widthOfText } from '../drawing/measure.ts'
import { svgOf } from '../drawing/svg.ts'
import { figureShape, layersOf } from '../figure/figure.ts'
import { setupSentences } from '../figure/setup.ts'
import { figureCsv } from '../figureCsv.ts'
import { cell, resultsData } from '../fixtures/results.ts'
import { colorAt, hex } from '../scale/colors.ts'
import { terminalFigure } from '../terminal/terminal.ts'
import { comparisonFigure } from './contrast.ts'
import { endsFigure } from './ends.ts'
import { mapFigure } from './map.ts'

const limited = (value: number, half: number) => ({ value, low: value - half, high: value + half, method: 'both' })
const pair = (index: number, params: ComparedCell['params'], value: number, half: number): ComparedCell => {
  const difference = limited(value, half)
  const sides = { first: difference, second: difference, difference, ratio: difference }
  const found = { ...sides, confidence: 0.95, paired: false, differs: Math.abs(value) > half }
  return { cells: [index, index], params, trials: [9, 9], estimates: { escape: found } }
}
const sweep = (name: string) => resultsData({ id: 'a'.repeat(32), name, state: 'complete', seed: '1' }, []).sweep
const compared = (cells: readonly ComparedCell[]): ComparisonData => ({
  sweeps: [sweep('gauss'), sweep('laplace')],
  split: null,
  settings: [{ path: 'update.drift.law', first: 'gaussian', second: 'laplace' }],
  matchedBy: Object.keys(cells[0]!.params),
  only: { first: [], second: [] },
  cells,
})
const grid = (side: number) =>
  Array.from({ length: side * side }, (_, i) =>
    pair(i, { 'update.eta': 1 + (i % side), 'let.s': 1 + Math.floor(i / side) }, (i - 4) / 100, 0.02),
  )

test('differences over two settings are a map with colours on both sides of 0, hatched where 0 is possible', () => {
  const figure = comparisonFigure(compared(grid(3)))
  expect(figureShape.parse(figure)).toEqual(figure)
  expect(figure).toMatchObject({ figure: 'map', color: { domain: [-0.04, 0.04] } })
  const [layer] = figure.layers
  const states = layer!.type === 'tiles' ? layer!.tiles.map(({ state }) => state) : []
  expect(states.filter((state) => state === 'may be equal')).toHaveLength(5)
  expect(figure.caption).toContain('The sweeps differ: law gaussian and laplace.')
  const svg = svgOf(figure, { document: headlessDocument(), width: 360 })
  expect(svg).toContain('the interval contains 0: 5 cells')
  expect([0, 0.5, 1].map((share) => hex(colorAt(share, figure.color!)))).toEqual(['#053061', '#f7f7f7', '#67001f'])
  expect(figureCsv(figure).split('\n')[0]).toBe(
    'layer,cell,update.eta,let.s,difference in P(escape),escape low,escape high',
  )
})

test('of many differences, the clearest are rows, the clearest first; all can be listed', () => {
  const cells = grid(9)
  const figure = comparisonFigure(compared(cells), true)
  expect(figure.x.label).toBe('eta, s')
  expect(figure.x.categories).toHaveLength(60)
  expect(figure.x.categories![0]).toBe('9, 9')
  expect(figure.caption).toContain('Shown are the 60 clearest of 81 differences, the clearest first.')
  const unknown = { ...pair(99, {}, 5, 1), estimates: {} }
  const ordered = clearestFirst(
    [...cells, pair(81, {}, 0, 0), pair(82, {}, 9, Number.POSITIVE_INFINITY), unknown],
    'escape',
  )
  expect(ordered).toHaveLength(83)
  expect(ordered[0]!.cells[0]).toBe(80)
})

test('names that are cut stay different', () => {
  const names = ['update.drift.law gaussian, eta 0.1', 'update.drift.law gaussian, eta 0.2']
  const cut = cutAll(names, 12, 110)
  expect(new Set(cut).size).toBe(2)
  for (const name of cut) expect(widthOfText(name, 12)).toBeLessThanOrEqual(112)
  expect(cutAll(['short', 'a much longer name than fits'], 12, 110)).toEqual(['short', 'a much longer …'])
})

test('the contour of a map is where its numbers cross the level, in the units of the axes', () => {
  const cells = [0, 1, 2, 3].map((i) => cell(i, { a: 10 ** (i % 2), b: i >> 1 }, (i % 2) * 10, 10))
  const results = resultsData({ id: 'a'.repeat(32), name: 'grid', state: 'complete', seed: '1' }, cells)
  const figure = mapFigure(results, { x: 'a', y: 'b', contour: 0.5, log: ['x'] })
  expect(figureShape.parse(figure)).toEqual(figure)
  const layer = figure.layers.find(({ type }) => type === 'contour')
  const [piece] = layer?.type === 'contour' ? layer.pieces : []
  expect(piece).toMatchObject({ y1: 0, y2: 1, sure: true })
  for (const x of [piece!.x1, piece!.x2]) expect(x).toBeCloseTo(Math.sqrt(10), 9)
  expect(figure.caption.join(' ')).toContain('Line: P(escape) = 0.5, interpolated between cells')
  expect(figureCsv(figure)).toContain('contour,')
  const lines = terminalFigure(figure, { width: 100, colors: 'none', unicode: true })
  expect(lines.join(' ')).toContain('the line is left out')
  const words = cells.map((each) => ({ ...each, params: { ...each.params, a: `w${String(each.params.a)}` } }))
  expect(mapFigure({ ...results, cells: words }, { contour: 0.5 }).layers).toHaveLength(1)
})

test('outcomes are those of cells with trials, even if the cells at the middle values have none', () => {
  const cells = [1, 2, 3].flatMap((b) =>
    [1, 2].map((a) => cell(2 * b + a - 3, { a, b }, b === 3 ? 4 : 0, b === 3 ? 9 : 0)),
  )
  const results = resultsData({ id: 'a'.repeat(32), name: 'cut', state: 'cancelled', seed: '1' }, cells)
  const figure = endsFigure(results, { x: 'a' })
  expect(layersOf(figure)).toMatchObject([{ bars: [{ cell: 4 }, { cell: 5 }] }])
  expect(figure.caption).toContain('Cells that have no trials yet: 4 of 6.')
})

test('a caption names what all cells share', () => {
  const resolved = (eta: number, method = 'direct') => ({
    landscape: { kind: 'formula', expression: 'h*x^2/2', parameters: [['h', 2]] },
    method: { kind: method },
    start: { kind: 'point', point: [-1] },
    trial: { steps: 3000, escape: { kind: 'exits', exits: [['', 'x >= 0']] } },
    update: {
      rule: { kind: 'momentum', beta: 0.9 },
      eta: { kind: 'constant', value: eta },
      drift: [
        { form: 'additive', law: { kind: 'student', df: 3 }, scale: 'sigma', amount: { kind: 'constant', value: eta } },
      ],
    },
  })
  const of = (eta: number, method?: string) => ({
    sweep: { ...sweep('one'), cells: 2, trials: 20 },
    cell: cell(0, {}, 1, 10),
    resolved: resolved(eta, method),
  })
  expect(setupSentences(of(0.1), [of(0.2)])).toEqual([
    'Loss L h*x^2/2; h 2; start (-1); rule momentum, beta 0.9; drift student, df 3 additive; ' +
      'steps 3,000; escape x >= 0.',
    'The sweep has 20 trials in 2 cells.',
  ])
  expect(setupSentences(of(0.1, 'splitting'), [])[1]).toBe('10 replicas in cell 0.')
  // A report file whose spec names other files has no resolved cells.
  const unknown = { ...of(0.1), sweep: { ...of(0.1).sweep, state: 'cancelled' as const }, resolved: {} }
  expect(setupSentences(unknown, [unknown])).toEqual(['The sweep has 20 trials in 2 cells and is cancelled.'])
})

test('cells that both sweeps share are not drawn: they cannot differ', () => {
  const shared = (count: number) => grid(3).map((each, at) => (at < count ? { ...each, same: true as const } : each))
  const [layer] = comparisonFigure(compared(shared(4))).layers
  expect(layer!.type === 'tiles' && layer!.tiles.map((tile) => tile.cell)).toEqual([4, 5, 6, 7, 8])
  expect(() => comparisonFigure(compared(shared(9)))).toThrow('all matched cells have the same trials in both sweeps')
})
