import type { Cell, Landscape, Tables } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { runReference } from '../index.ts'
import { compiledModule, kernelOf } from '../run/kernelOf.ts'
import { agree } from './agree.fixture.ts'
import { cellOf, constant, drift, formula, indexed } from './cells.fixture.ts'
import { activationNames, endings, network, population, randomSamples, uniforms } from './networks.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

function sketch(landscape: Landscape, trial: Partial<Cell['trial']> = {}): Cell {
  return cellOf({
    landscape,
    start: { kind: 'gaussian', mean: 0.2, sigma: 0.8 },
    update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 1.5)] },
    trial: { steps: 12, divergence: 1e6, ...trial },
  })
}

const descent = { gradient: 0.05, eta: 0.2, steps: 300 }
const modulo: Cell['trial']['escape'] = { kind: 'basin', every: 3, descent, modulo: 'symmetry' }

async function agreeOnValues(cell: Cell, tables: Tables, observe: readonly string[]): Promise<void> {
  const options = { horizons: [3], observe, values: true }
  const expected = runReference(cell, 0, 7, { ...options, tables })
  const kernel = await kernelOf(cell, tables, compiledModule, observe)
  const found = kernel.run(0, 7, { keep: true, horizons: [3], values: true })
  expect(found.values).toEqual(expected.values)
  expect(found.records).toEqual(expected.records)
}

describe('networks', () => {
  const cases = Array.from({ length: 28 }, (_, at) => {
    const next = uniforms(4000 + at)
    const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
    const [output, loss] = endings[at % endings.length]!
    const layers = Array.from({ length: 3 + (at % 3) }, () => integer(1, 6))
    const data = randomSamples(integer(1, 9), layers[0]!, layers.at(-1)!, at)
    const activation = activationNames[at % activationNames.length]!
    const landscape = network(layers, data, {
      activation,
      output,
      loss,
      biases: at % 4 !== 1,
      decay: at % 2 === 0 ? 0 : 0.01,
    })
    return [`${layers.join('-')} ${activation} ${output} ${loss}`, landscape, [data]] as const
  })
  it.each(cases.filter((_, at) => full || at === 5))('%s', async (_, landscape, data) => {
    await agree(sketch(landscape, { escape: modulo, classify: [['near', 'matchedbarrier < 0.1']] }), data)
    const values = ['linearbarrier@horizon', 'matchedbarrier@every:4', 'linearbarrier - matchedbarrier@start']
    await agreeOnValues(sketch(landscape), data, values)
  })
})

if (full)
  it('cells that differ only in their decay share a module', async () => {
    const data = randomSamples(5, 2, 1)
    for (const decay of [0, 0.01, 0]) {
      const cell = sketch(network([2, 4, 1], data, { activation: 'relu', decay }), { escape: modulo })
      await agree(cell, [data])
      await agreeOnValues(cell, [data], ['matchedbarrier@horizon'])
    }
  })

describe('extremes', () => {
  const data = randomSamples(3, 2, 1)
  const cases = [
    ['equal units: the order stays', 'tanh', 0],
    ['units of nearly nothing', 'relu', 1e-200],
    ['squares beyond doubles', 'identity', 1e155],
    ['weights beyond doubles', 'relu', 1e308],
  ] as const
  it.each(cases.filter((_, at) => full || at % 2 === 0))('%s', async (_, activation, sigma) => {
    const cell = sketch(network([2, 3, 3, 1], data, { activation }))
    const values = ['matchedbarrier@start', 'linearbarrier@every:3', 'matchedbarrier@horizon']
    await agreeOnValues({ ...cell, start: { kind: 'gaussian', mean: 0, sigma } }, [data], values)
  })
})

describe('other landscapes', () => {
  it('a population', async () => {
    const landscape = population(4, 2, 3)
    await agree(sketch(landscape, { escape: modulo }), [])
    await agreeOnValues(sketch(landscape), [], ['matchedbarrier@horizon'])
  })
  it.each([
    ['coordinates in locals', formula(['x', 'y'], '(x^2 - 1)^2/4 + (y - x^2)^2/2')],
    ['coordinates in memory', indexed(11, 'sum(i, 1, 11, i*cos(x[i])) + x[1]*x[11]')],
  ])('%s', async (_, landscape) => {
    await agreeOnValues(sketch(landscape), [], ['linearbarrier@horizon', 'linearbarrier@every:5'])
    const fixed = {
      ...sketch(landscape),
      start: { kind: 'point' as const, point: new Array(landscape.dimension).fill(0.1) },
    }
    await agreeOnValues(fixed, [], ['linearbarrier@horizon'])
  })
})
