import type { Cell, DataTable, Landscape, NetworkLandscape } from '@driftfarm/spec'
import { dataTable } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { addDigests, compiledModule, kernelOf, runReference } from '../index.ts'
import { cellOf, constant, drift } from './cells.fixture.ts'
import {
  activationNames,
  batches,
  endings,
  network,
  randomSamples,
  randomStart,
  sampledFormula,
  uniforms,
} from './networks.fixture.ts'

const first = 2 ** 33 - 4
const count = 7
const watched: Partial<Cell['trial']> = { marks: [['low', 'loss < 0.4']], classify: [['flat', 'gradnorm < 0.5']] }
/** The loss of a step has its masks and labels. */
const watchedSteps: Partial<Cell['trial']> = { marks: [...watched.marks!, ['step', 'batchloss < loss - 0.05']] }

function sketch(landscape: Landscape, seed: number, trial: Partial<Cell['trial']> = {}): Cell {
  return cellOf({
    landscape,
    start: randomStart(landscape.dimension, 1, seed),
    update: {
      eta: constant(0.2),
      drift: seed % 2 === 0 ? [drift('gaussian', 'sigma', 0.1)] : [],
      ...(seed % 3 === 1 && { sam: { rho: 0.1 } }),
      ...(seed % 4 === 1 && { clip: 0.2 }),
    },
    trial: { steps: 11, ...trial },
  })
}

async function agree(cell: Cell, ...tables: DataTable[]): Promise<bigint> {
  const kernel = await kernelOf(cell, tables)
  const expected = runReference(cell, first, count, { horizons: [3], tables })
  const alone = kernel.run(first, 1, { keep: true, horizons: [3] })
  expect(alone.records).toEqual(expected.records.subarray(0, kernel.layout.bytes))
  const whole = kernel.run(first, count, { keep: true, horizons: [3] })
  expect(whole.records).toEqual(expected.records)
  expect(whole.digest).toBe(expected.digest)
  const parts = [
    kernel.run(first, 2, { keep: false, horizons: [] }),
    kernel.run(first + 2, 5, { keep: false, horizons: [] }),
  ]
  expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(expected.digest)
  return expected.digest
}

/** One-hot targets; a single target is 0 or 1. */
export function classSamples(rows: number, inputs: number, classes: number, seed = 1): DataTable {
  const next = uniforms(seed)
  const values: number[] = []
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inputs; i++) values.push(2 * next() - 1)
    const own = Math.floor(next() * Math.max(2, classes))
    for (let i = 0; i < classes; i++) values.push(classes === 1 ? own : own === i ? 1 : 0)
  }
  return dataTable(rows, inputs + classes, values)
}

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

describe('networks with dropout and label noise', () => {
  const cases = Array.from({ length: 42 }, (_, index) => {
    const next = uniforms(3000 + index)
    const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
    const [output, loss] = endings[index % endings.length]!
    const hidden = Array.from({ length: 1 + (index % 3) }, () => integer(1, 9))
    const layers = [integer(1, 5), ...hidden, output === 'softmax' ? integer(2, 5) : integer(1, 4)]
    const rows = integer(1, 80)
    const noise = [undefined, { flip: next() }, loss === 'mse' ? { sigma: 0.5 } : { flip: 1 }][integer(0, 2)]
    const dropout = index % 4 === 3 ? undefined : hidden.map((_, k) => (k === index % 5 ? 0 : 0.8 * next()))
    const data = classSamples(rows, layers[0]!, layers.at(-1)!, index)
    const landscape = network(layers, data, {
      activation: activationNames[index % activationNames.length]!,
      output,
      loss,
      biases: index % 4 !== 1,
      decay: index % 2 === 0 ? 0 : 0.01,
      batch: batches(integer(1, rows))[index % 3]!,
      ...(dropout !== undefined && { dropout }),
      ...(noise !== undefined && { labelNoise: noise }),
    })
    const said = { activation: landscape.activation, rows, batch: landscape.batch, dropout, noise }
    return [
      `${layers.join('-')} ${output} ${loss} ${JSON.stringify(said)}`,
      sketch(landscape, index, index % 2 === 0 ? watchedSteps : watched),
      data,
    ] as const
  })
  it.each(cases.filter((_, index) => full || index < 6))('%s', async (_, cell, data) => {
    await agree(cell, data)
  })
})

describe('formulas over data with label noise', () => {
  const data = randomSamples(23, 2, 1)
  const columns = ['t', 'u', 'v']
  it.each(batches(7))('named coordinates, batch %j', async (batch) => {
    const options = { batch, labelNoise: { sigma: 0.4, columns: ['t', 'v'] } }
    const landscape = sampledFormula(['w', 'b'], '(tanh(w*u + b) - t)^2 + v*t*w/9', columns, data, options)
    await agree(sketch(landscape, 1, watched), data)
  })
  it.each(batches(5).filter((_, at) => full || at < 2))('coordinates in a loop, batch %j', async (batch) => {
    const expression = 'sum(i, 1, 20, (x[i] - u*sin(i*v))^2)/20 + sum(i, 1, 19, x[i]*x[i+1]*t)'
    const landscape = sampledFormula(20, expression, columns, data, { batch, labelNoise: { sigma: 2, columns: ['t'] } })
    await agree(sketch(landscape, 2, watched), data)
  })
})

describe('losses of steps and of test samples of formulas', () => {
  const [data, tests] = [randomSamples(23, 2, 1), randomSamples(9, 2, 1, 5)]
  const columns = ['t', 'u', 'v']
  const test = { hash: tests.hash, rows: tests.rows }
  const expression = '(tanh(w*u + b) - t)^2 + v*t*w/9'
  const trial: Partial<Cell['trial']> = {
    marks: [
      ['step', 'batchloss < loss - 0.01'],
      ['test', 'testloss < 0.9 && testloss > -1'],
      ['rare', 'testloss < batchloss', 3],
    ],
    classify: [['better', 'testloss < loss']],
    afterConverge: 'continue',
    converge: { kind: 'gradient', tolerance: 0.1, hold: 1 },
  }
  const cases = batches(7).flatMap((batch) => [false, true].map((isNoisy) => ({ batch, isNoisy })))
  it.each(cases.filter((_, at) => full || at % 3 === 0 || at === 4))('%j', async ({ batch, isNoisy }) => {
    const noise = isNoisy && { labelNoise: { sigma: 0.4, columns: ['t'] } }
    const landscape = sampledFormula(['w', 'b'], expression, columns, data, { test, batch, ...noise })
    await agree(sketch(landscape, isNoisy ? 1 : 2, trial), data, tests)
  })

  it('coordinates in a loop', async () => {
    const loop = 'sum(i, 1, 20, (x[i] - u*sin(i*v))^2)/20 + sum(i, 1, 19, x[i]*x[i+1]*t)'
    const landscape = sampledFormula(20, loop, columns, data, { test, batch: batches(5)[1]! })
    await agree(sketch(landscape, 2, trial), data, tests)
  })

  it('are the means of their samples where the step began', async () => {
    const [one, other] = [dataTable(2, 1, [0, 4]), dataTable(1, 1, [3])]
    const options = { test: { hash: other.hash, rows: 1 } }
    const landscape = sampledFormula(['w'], '(w - a)^2', ['a'], one, options)
    const cell = cellOf({
      landscape,
      start: { kind: 'point', point: [1] },
      update: { eta: constant(0.25), drift: [] },
      trial: { steps: 1 },
    })
    const kernel = await kernelOf(cell, [one, other], compiledModule, ['batchloss@horizon', 'testloss@horizon'])
    // theta_0 = 1 and theta_1 = 1 - 0.25 (2 (1 - 0) + 2 (1 - 4))/2 = 1.5.
    const { values } = kernel.run(0, 1, { keep: true, horizons: [], values: true })
    expect([...values!]).toEqual([(1 + 9) / 2, 1.5 ** 2])
  })
})

describe('without effect', () => {
  const data = classSamples(37, 3, 3)
  const digest = async (options: Partial<NetworkLandscape>) =>
    await agree({ ...sketch(network([3, 5, 4, 3], data, options), 2, watched), streams: 'common' }, data)
  it.each(batches(9).filter((_, at) => full || at === 1))(
    'a probability or standard deviation of 0 gives the same bits, batch %j',
    async (batch) => {
      const plain = await digest({ batch })
      expect(await digest({ batch, dropout: [0, 0], labelNoise: { flip: 0 } })).toBe(plain)
      expect(await digest({ batch, labelNoise: { sigma: 0 } })).toBe(plain)
      // Negative control.
      expect(await digest({ batch, dropout: [0, 0.01] })).not.toBe(plain)
      expect(await digest({ batch, labelNoise: { sigma: 1e-9 } })).not.toBe(plain)
    },
  )

  it('a formula', async () => {
    const formula = (sigma?: number) => {
      const labelNoise = sigma === undefined ? {} : { labelNoise: { sigma, columns: ['c'] } }
      const landscape = sampledFormula(['w'], '(w*a - c)^2', ['a', 'b', 'c', 'd', 'e', 'f'], data, labelNoise)
      return agree({ ...sketch(landscape, 3, watched), streams: 'common' }, data)
    }
    expect(await formula(0)).toBe(await formula())
  })
})
