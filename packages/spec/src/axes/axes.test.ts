import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseSweep, type SpecOptions } from '../index.ts'
import { Grid } from './grid.ts'
import { rangeValues } from './range.ts'

const base = {
  version: 1,
  let: { T: 0.1 },
  landscape: { preset: 'tilted-double-well' },
  start: [-1],
  update: { eta: 0.1, drift: { sigma: '= T' } },
  trial: { steps: 100, escape: 'x >= 0' },
  trials: 10,
}

function plan(change: object, options: Partial<SpecOptions> = {}) {
  return parseSweep(JSON.stringify({ ...base, ...change }), { fileName: 'a.json', ...options })
}

const params = (change: object, options?: Partial<SpecOptions>) =>
  [...plan(change, options).cells()].map(({ params }) => params)

describe('axes', () => {
  test('a product is numbered by the paths in order, the last one fastest, whatever the order in the file', () => {
    const one = params({ sweep: { 'update.eta': [1, 2], 'let.T': [3, 4, 5] } })
    expect(one[1]).toEqual({ 'let.T': 3, 'update.eta': 2 })
    expect(one).toHaveLength(6)
    expect(params({ sweep: { 'let.T': [3, 4, 5], 'update.eta': [1, 2] } })).toEqual(one)
  })

  test('zip goes along together', () => {
    const sweep = { zip: [{ seed: [1, 2], 'update.eta': [0.1, 0.2] }], 'let.T': [1, 2] }
    expect(params({ sweep })).toEqual([
      { 'let.T': 1, seed: 1, 'update.eta': 0.1 },
      { 'let.T': 1, seed: 2, 'update.eta': 0.2 },
      { 'let.T': 2, seed: 1, 'update.eta': 0.1 },
      { 'let.T': 2, seed: 2, 'update.eta': 0.2 },
    ])
    const { zip, ...rest } = sweep
    expect(params({ sweep: rest, zip })).toEqual(params({ sweep }))
  })

  test('points are a table, in the spec or in a file', () => {
    const points = [
      { 'let.T': 0.5, 'update.eta': 0.1 },
      { 'let.T': 0.25, 'update.eta': 0.2 },
    ]
    expect(params({ points })).toEqual(points)
    const text = '\ufeff"let.T" , update.eta\r\n0.5,"0.1"\r\n\r\n0.25,0.2'
    const read: string[] = []
    const readBytes = (path: string) => {
      read.push(path)
      return Buffer.from(text)
    }
    expect(params({ sweep: { points: { csv: 'grid.csv' } } }, { readBytes })).toEqual(points)
    expect(read).toEqual(['grid.csv'])
  })

  test('subtrees, seeds beyond doubles and constant expressions are values', () => {
    expect(params({ sweep: { update: [{ eta: 1 }, { eta: 2, drift: 'none' }] } })).toHaveLength(2)
    const text = JSON.stringify({ ...base, sweep: { seed: ['SEED', 7] } }).replace('"SEED"', '18446744073709551615')
    const seeds = [...parseSweep(text, { fileName: 'a' }).cells()]
    expect(seeds.map(({ cell }) => cell.seed)).toEqual(['18446744073709551615', '7'])
    expect(seeds.map(({ params }) => params.seed)).toEqual(['18446744073709551615', 7])
    expect(params({ sweep: { 'update.eta': ['= 1/4', '= T'] } })).toEqual([
      { 'update.eta': 0.25 },
      { 'update.eta': '= T' },
    ])
  })

  test('an element of a list by its index, and a path that only the axis brings', () => {
    const cells = [...plan({ let: undefined, sweep: { 'start.0': [-1, -2], 'let.T': [1, 2] } }).cells()]
    expect(cells.map(({ cell }) => cell.start)).toEqual([-1, -2, -1, -2].map((x) => ({ kind: 'point', point: [x] })))
  })

  test('parameters of a preset and of a formula are swept by the same path', () => {
    const formula = { formula: { variables: ['x'], expression: '(x^2-1)^2/4 + c*x', parameters: { c: 0.1 } } }
    for (const landscape of [base.landscape, formula]) {
      const cells = [...plan({ landscape, sweep: { 'landscape.parameters.c': [0, 0.2] } }).cells()]
      expect(cells.map(({ cell }) => cell.landscape.parameters)).toEqual([[['c', 0]], [['c', 0.2]]])
    }
  })

  test('where keeps what holds', () => {
    const sweep = { 'update.eta': { from: 1, to: 4, count: 4 }, 'let.T': [1, 2, 3, 4], where: 'eta > T' }
    const left = params({ sweep })
    expect(left).toHaveLength(6)
    for (const cell of left) expect(Number(cell['update.eta'])).toBeGreaterThan(Number(cell['let.T']))
    expect(plan({ sweep }).cell(5).params).toEqual({ 'let.T': 3, 'update.eta': 4 })
  })

  test('a large sweep opens at once and gives any cell', () => {
    const sweep = plan({
      sweep: {
        'update.eta': { from: 0.01, to: 1, count: 1000 },
        'let.T': { from: 0.01, to: 1, count: 1000, scale: 'log' },
      },
      trials: 1e9,
    })
    expect(sweep.cellCount).toBe(1_000_000)
    expect(sweep.maxTrials).toBe(10n ** 15n)
    expect(sweep.demand.record).toEqual({ kind: 'none' })
    expect(sweep.cell(999_999).params).toEqual({ 'let.T': 1, 'update.eta': 1 })
    expect(() => sweep.cell(1_000_000)).toThrow(RangeError)
  })

  test('a wrong value of a large sweep is found before any work, one of a large computed axis with its cell', () => {
    const list = Array.from({ length: 10_001 }, (_, i) => (i === 7 ? -1 : 0.1 + i))
    expect(() => plan({ sweep: { 'update.eta': list, seed: [1, 2] } })).toThrow('update.eta: -1 is out of range')
    const steps = { from: 1, to: 20_001, count: 40_001 }
    expect(() => plan({ sweep: { 'trial.steps': steps } })).toThrow('not an integer')
    const odd = { 'trial.steps': { from: 1, to: 40_001, count: 40_001 }, 'update.eta': [1] }
    expect(plan({ sweep: odd }).cell(39_999).cell.trial.steps).toBe(40_000)
  })
})

describe('Grid', () => {
  const axis = (name: string, length: number) => ({
    columns: [
      { name, path: [name], length, at: (i: number) => i, isRange: true, keyAt: null!, writtenAt: () => null! },
    ],
    length,
  })

  test('every combination has one number, in lexicographic order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 5 }), (lengths) => {
        const grid = new Grid(lengths.map((length, i) => axis(`a${i}`, length)))
        const all = Array.from({ length: grid.size }, (_, i) => grid.digits(i))
        expect(grid.size).toBe(lengths.reduce((a, b) => a * b, 1))
        expect(new Set(all.map(String)).size).toBe(grid.size)
        const number = (digits: readonly number[]) => digits.reduce((sum, digit, i) => sum * lengths[i]! + digit, 0)
        expect(all.map(number)).toEqual(all.map((_, i) => i))
      }),
    )
  })
})

describe('rangeValues', () => {
  test('decimals read as one would write them', () => {
    const values = rangeValues(0.1, 0.7, 7, 'linear')
    expect(Array.from({ length: 7 }, (_, i) => values(i))).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7])
    const logs = rangeValues(0.001, 1000, 7, 'log')
    expect(Array.from({ length: 7 }, (_, i) => logs(i))).toEqual([0.001, 0.01, 0.1, 1, 10, 100, 1000])
  })

  test('both ends are exact and the values between them are monotone', () => {
    const positive = fc.double({ min: 1e-6, max: 1e6, noNaN: true })
    fc.assert(
      fc.property(
        positive,
        positive,
        fc.integer({ min: 2, max: 50 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (a, b, count, scale) => {
          const [from, to] = [Math.min(a, b), Math.max(a, b)]
          const at = rangeValues(from, to, count, scale)
          const values = Array.from({ length: count }, (_, i) => at(i))
          expect([values[0], values.at(-1)]).toEqual([from, to])
          for (const value of values.slice(1, -1)) {
            expect(value).toBe(Number(value.toPrecision(12)))
            expect(value).toBeGreaterThanOrEqual(from * (1 - 1e-11))
            expect(value).toBeLessThanOrEqual(to * (1 + 1e-11))
          }
        },
      ),
    )
  })
})

describe('the axis of a threshold', () => {
  const threshold = (over: object, within: number) => ({ estimate: 'escape', equals: 0.5, over, within })
  const sigma = (change: object, within = 0.02) =>
    params({ threshold: threshold({ 'update.drift.sigma': { from: 0.5, to: 2 } }, within), ...change })

  test('is the coarsest grid of halved halves whose width is at most `within`', () => {
    const values = sigma({}).map((each) => each['update.drift.sigma'])
    expect(values).toHaveLength(129)
    expect(values.slice(0, 3)).toEqual([0.5, 0.51171875, 0.5234375])
    expect(values.at(-1)).toBe(2)
    expect(sigma({}, 1.5 / 128)).toHaveLength(129)
    expect(sigma({}, 1.5 / 128.001)).toHaveLength(257)
    expect(sigma({}, 9)).toEqual([{ 'update.drift.sigma': 0.5 }, { 'update.drift.sigma': 2 }])
  })

  test('varies fastest, whatever its path is called, so that its points are together', () => {
    const swept = { sweep: { 'update.eta': [0.1, 0.2] } }
    expect(sigma(swept, 9)).toEqual([
      { 'update.eta': 0.1, 'update.drift.sigma': 0.5 },
      { 'update.eta': 0.1, 'update.drift.sigma': 2 },
      { 'update.eta': 0.2, 'update.drift.sigma': 0.5 },
      { 'update.eta': 0.2, 'update.drift.sigma': 2 },
    ])
  })

  test('may stand inside `sweep`, and a condition may leave out whole lines', () => {
    const inside = threshold({ 'update.drift.sigma': { from: 0.5, to: 2 } }, 9)
    const sweep = { 'update.eta': [0.1, 0.2], threshold: inside, where: 'eta > 0.1' }
    expect(params({ sweep })).toEqual([
      { 'update.eta': 0.2, 'update.drift.sigma': 0.5 },
      { 'update.eta': 0.2, 'update.drift.sigma': 2 },
    ])
  })

  test('its trials are the most that a point may take, its rule and its intervals hold for all points', () => {
    const { demand, maxTrials } = plan({ threshold: threshold({ 'let.T': { from: 0.5, to: 2 } }, 0.02) })
    expect(demand).toMatchObject({
      trials: null,
      simultaneous: true,
      until: {
        rules: [{ rule: 'threshold', estimate: 'escape', equals: 0.5 }],
        confidence: 0.95,
        min: 10,
        max: 10,
        threshold: { path: 'let.T', points: 129 },
      },
    })
    expect(maxTrials).toBe(1290n)
    expect(
      plan({ trials: 5000, threshold: threshold({ 'let.T': { from: 0.5, to: 2 } }, 0.02) }).demand.until?.min,
    ).toBe(100)
  })

  test('its cells are those of a plain sweep', () => {
    const plain = plan({ sweep: { 'let.T': { from: 0.5, to: 2, count: 129 } } })
    const searched = plan({ threshold: threshold({ 'let.T': { from: 0.5, to: 2 } }, 0.02) })
    expect(searched.id()).toBe(plain.id())
  })
})
