import { describe, expect, test } from 'vitest'
import { cellOf, mistakeOf, plan, resolvedCell } from '../plan/plan.fixture.ts'

const xor = { layers: [2, 2, 1], data: { preset: 'xor' } }
const of = (network: object, change: object = {}) => ({ landscape: { network }, start: { init: 'he' }, ...change })
const landscapeOf = (network: object, change: object = {}) => cellOf(of(network, change)).landscape

describe('a network', () => {
  test('has these defaults', () => {
    const {
      cell,
      tables: [table],
    } = resolvedCell(of(xor))
    expect(cell.landscape).toEqual({
      kind: 'network',
      dimension: 9,
      variables: null,
      parameters: [],
      layers: [2, 2, 1],
      activation: 'tanh',
      output: 'identity',
      loss: 'mse',
      biases: true,
      decay: 0,
      decayBias: true,
      data: { hash: table!.hash, rows: 4 },
      batch: null,
    })
    expect(table).toMatchObject({ rows: 4, columns: 3, values: Float64Array.of(0, 0, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0) })
  })

  test('and takes everything of its own', () => {
    const network = {
      layers: ['= 2*w', 3, 3],
      activation: 'leaky-relu',
      output: 'softmax',
      loss: 'cross-entropy',
      biases: false,
      decay: 1e-3,
      decayBias: false,
      data: { preset: 'iris' },
    }
    const batch = { batch: 10, sampling: 'shuffle' }
    expect(landscapeOf({ ...network, ...batch }, { let: { w: 2 } })).toMatchObject({
      ...network,
      layers: [4, 3, 3],
      dimension: 21,
      data: { rows: 150 },
      batch: { size: 10, sampling: 'shuffle' },
    })
  })

  test('of softmax may have mse, and sigmoid cross-entropy', () => {
    expect(landscapeOf({ layers: [4, 3], output: 'softmax', data: { preset: 'iris' } })).toMatchObject({ loss: 'mse' })
    expect(landscapeOf({ ...xor, output: 'sigmoid', loss: 'cross-entropy' })).toMatchObject({ loss: 'cross-entropy' })
  })

  test.each([
    [{ batch: 'full' }, null],
    [{ batch: 'full', sampling: 'shuffle' }, null],
    [
      { batch: 4, sampling: 'shuffle' },
      { size: 4, sampling: 'shuffle' },
    ],
    [{ batch: 100 }, { size: 100, sampling: 'replacement' }],
    [{ batch: '= 1 + 1' }, { size: 2, sampling: 'replacement' }],
  ])('draws batches: %j', (change, batch) => {
    expect(landscapeOf({ ...xor, ...change })).toMatchObject({ batch })
    const { data, ...network } = xor
    expect(cellOf({ landscape: { network, data, ...change }, start: { init: 'he' } }).landscape).toMatchObject({
      batch,
    })
  })

  test('may have 100,000 weights and biases', () => {
    const row = { inputs: [Array(784).fill(0)], targets: [Array(10).fill(0)] }
    expect(landscapeOf({ layers: [784, 32, 10], data: row }).dimension).toBe(25_450)
    expect(landscapeOf({ layers: [1, 33_333, 1], data: { inputs: [[0]], targets: [[0]] } }).dimension).toBe(100_000)
    const over = of({ layers: [1, 33_334, 1], data: { inputs: [[0]], targets: [[0]] } })
    expect(mistakeOf(over)).toContain('a network of 100003 weights and biases, but the limit is 100000')
  })

  test('has minima and events over x[1] to x[dimension]', () => {
    const good = [1, 1, 1, 1, 0, -1, 1, 1, 0]
    const { trial, start } = cellOf({
      landscape: { network: { ...xor, minima: { good } }, minima: { bad: good.map((x) => -x) } },
      start: { minimum: 'good' },
      trial: { steps: 5, escape: 'sum(i, 1, d, x[i]^2) > x[9]', converge: { within: 0.1, of: 'good' } },
      estimates: ['settle:good', 'settle:bad', 'settle:other'],
    })
    expect(trial.minima.map(([name]) => name)).toEqual(['good', 'bad'])
    expect(start).toEqual({ kind: 'point', point: good })
    expect(trial.escape).toEqual({ kind: 'exits', exits: [['', 'sum(i, 1, 9, x[i]^2) > x[9]']] })
    expect(mistakeOf(of(xor, { trial: { steps: 5, escape: 'x[10] > 0' } }))).toContain('x[1] to x[9]')
  })
})

describe('a population', () => {
  test('has as many teachers and dimensions as neurons', () => {
    const start = { gaussian: { mean: 0, sigma: 1 } }
    expect(cellOf({ landscape: { network: { population: 'relu', neurons: 6 } }, start }).landscape).toEqual({
      kind: 'population',
      dimension: 36,
      variables: null,
      parameters: [],
      activation: 'relu',
      neurons: 6,
      teachers: 6,
      inputs: 6,
    })
  })

  test('or others', () => {
    const population = { population: 'relu', neurons: 7, teachers: 5, dimension: '= teachers + 1' }
    const { landscape, trial } = cellOf({
      landscape: { network: population },
      start: { gaussian: { mean: 0, sigma: 1 } },
      trial: { steps: 9, marks: { m: 'x[d] > 0' } },
    })
    expect(landscape).toMatchObject({ neurons: 7, teachers: 5, inputs: 6, dimension: 42 })
    expect(trial.marks).toEqual([['m', 'x[42] > 0']])
  })
})

test('conditions on accuracy that can change are accepted', () => {
  const iris = { layers: [4, 3], output: 'softmax', data: { preset: 'iris', test: { fraction: 0.2 } } }
  const conditions = [
    'accuracy >= 0.95',
    'testaccuracy >= 1 || 0 < accuracy',
    'accuracy > 1',
    '100*accuracy >= 95',
    'accuracy < testaccuracy',
    'accuracy*loss > 95',
    'accuracy > 1 - goal',
    'accuracy > goal',
  ]
  for (const escape of conditions) {
    const marks = { near: 'accuracy >= goal' }
    expect(cellOf(of(iris, { trial: { steps: 9, escape, marks }, let: { goal: 0.9 } })).trial.escape).toMatchObject({
      kind: 'exits',
    })
  }
  const formula = { variables: ['accuracy'], expression: 'accuracy^2' }
  const named = { landscape: { formula }, start: [0], trial: { steps: 9, escape: 'accuracy > 95' } }
  expect(cellOf(named).trial.escape).toEqual({ kind: 'exits', exits: [['', 'accuracy > 95']] })
})

describe('networks are swept', () => {
  test.each([
    ['landscape.network.batch', [1, 2, 'full'], [1, 2, undefined]],
    ['landscape.network.layers.1', [1, 2, 3], [5, 9, 13]],
    [
      'landscape.network.layers',
      [
        [2, 1],
        [2, 2, 1],
      ],
      [3, 9],
    ],
    ['landscape.network.activation', ['tanh', 'sin'], ['tanh', 'sin']],
    ['landscape.network.data.preset', ['xor', 'moons'], [4, 100]],
    ['landscape.network', [xor, { population: 'relu', neurons: 2 }], ['network', 'population']],
  ])('%s', (path, values, expected) => {
    const start = { uniform: { low: -1, high: 1 } }
    const made = [...plan({ landscape: { network: xor }, start, sweep: { [path]: values } }).cells()]
    const seen = made.map(({ cell: { landscape } }) => {
      if (path === 'landscape.network') return landscape.kind
      if (landscape.kind !== 'network') return null
      if (path.endsWith('batch')) return landscape.batch?.size
      if (path.endsWith('activation')) return landscape.activation
      return path.endsWith('preset') ? landscape.data.rows : landscape.dimension
    })
    expect(seen).toEqual(expected)
    expect(new Set(made.map(({ id }) => id)).size).toBe(values.length)
  })

  test('and share one table', () => {
    const sweep = plan({
      ...of(xor),
      sweep: { 'landscape.network.decay': [0, 1], 'landscape.network.batch': [1, 'full'] },
    })
    expect(new Set([...sweep.cells()].flatMap(({ tables }) => tables)).size).toBe(1)
  })
})
