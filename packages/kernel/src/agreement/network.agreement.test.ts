import type { Cell, Landscape, Trial } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kernelOf } from '../index.ts'
import { agree } from './agree.fixture.ts'
import { cellOf, constant, drift, exits } from './cells.fixture.ts'
import {
  activationNames,
  batches,
  endings,
  network,
  population,
  randomSamples,
  randomStart,
  sampledFormula,
  uniforms,
  xor,
} from './networks.fixture.ts'

/** Events that ask for loss and gradient, none of which ends the trial early as a rule. */
const watched: Partial<Trial> = {
  marks: [
    ['low', 'loss < 0.2'],
    ['flat', 'gradnorm < 0.5'],
  ],
  converge: { kind: 'gradient', tolerance: 1e-3, hold: 1 },
  classify: [['good', 'loss < 0.3']],
}

/** The same with the accuracy, alone or together with the loss, at each step or only at some. */
const counted: Partial<Trial> = {
  marks: [
    ['right', 'accuracy >= 0.6'],
    ['both', 'accuracy > 0.4 && loss < 0.3', 3],
    ['flat', 'gradnorm < 0.5 || accuracy == 1', 3],
  ],
  escape: exits(['', 'accuracy < 0.1', 2]),
  afterEscape: 'continue',
  classify: [
    ['best', 'accuracy >= 0.5 && loss < 0.3'],
    ['good', 'accuracy > 0.2', 5],
  ],
}

/** Scores that are computed only as far as their bounds need them, of training and test samples. */
const bounded = (c: number): Partial<Trial> => ({
  steps: 25,
  marks: [
    ['low', `loss <= ${2 * c}`],
    ['lower', `${2 * c + 0.3} > loss || step > 90`],
    ['right', `accuracy >= ${c}`],
    ['known', `!(testaccuracy > 0.5) && testloss < ${2.5 * c}`, 2],
    ['batch', `batchloss < ${2 * c}`],
    ['seen', `testaccuracy >= ${c}`, 2],
  ],
  escape: exits(['', `loss < ${c} && testloss < 0.5`]),
  converge: { kind: 'when', when: `loss < ${c + 0.1}`, hold: 2 },
  afterConverge: 'continue',
  classify: [
    ['best', 'testaccuracy >= 0.5 && testloss < 0.3'],
    ['good', 'testloss * 2 < 0.8', 5],
    ['step', 'batchloss < loss'],
  ],
})
const reached = new Map<number, number>()

function sketch(landscape: Landscape, seed: number, trial: Partial<Trial>): Cell {
  return cellOf({
    landscape,
    start: randomStart(landscape.dimension, 1.5, seed),
    update: { eta: constant(0.2), drift: [drift('gaussian', 'sigma', 0.1)] },
    trial: { steps: 12, ...trial },
  })
}

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/**
 * The fast tier takes the first ones: in seven each activation, ending and way of batches has its turn, in three of the
 * small ones each number of rows.
 */
const among =
  (first: number) =>
  (_: unknown, index: number): boolean =>
    full || index < first

describe('networks', () => {
  const cases = Array.from({ length: 42 }, (_, index) => {
    const next = uniforms(1000 + index)
    const integer = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
    const [output, loss] = endings[index % endings.length]!
    const layers = Array.from({ length: 2 + (index % 4) }, () => integer(1, 9))
    const rows = integer(1, 90)
    const data = randomSamples(rows, layers[0]!, layers.at(-1)!, index)
    const landscape = network(layers, data, {
      activation: activationNames[index % activationNames.length]!,
      output,
      loss,
      biases: index % 4 !== 1,
      decay: index % 2 === 0 ? 0 : 0.01,
      decayBias: index % 8 < 4,
      batch: batches(integer(1, rows))[index % 3]!,
    })
    const { activation, biases, decay, decayBias, batch } = landscape
    const said = { biases, decay, decayBias, batch: batch?.sampling ?? 'none' }
    const name = `${layers.join('-')} ${activation} ${output} ${loss} ${rows} ${JSON.stringify(said)}`
    return [name, sketch(landscape, index, [watched, counted, {}][index % 3]!), data] as const
  })
  it.each(cases.filter(among(7)))('%s', (_, cell, data) => agree(cell, [data]))

  // Small ones are written out for blocks of four samples, with loops for any other number.
  const small = activationNames.map((activation, index) => {
    const [output, loss] = endings[index % endings.length]!
    const rows = [8, 68, 7][index % 3]!
    const data = randomSamples(rows, 2, 2, index)
    const layers = index % 2 === 0 ? [2, 3, 2] : [2, 2, 3, 2]
    const options = { activation, output, loss, biases: index !== 2, batch: batches(4)[index % 3 === 1 ? 2 : 0]! }
    const name = `${layers.join('-')} ${activation} ${output} ${loss} ${rows} ${options.batch?.sampling ?? 'none'}`
    return [name, sketch(network(layers, data, options), index, index % 2 === 0 ? watched : counted), data] as const
  })
  it.each(small.filter(among(3)))('written out: %s', (_, cell, data) => agree(cell, [data]))

  const scored = endings.flatMap(([output, loss], index) =>
    (full ? [0.2, 0.45] : [[0.2, 0.45][index % 2]!]).map((c) => {
      const data = randomSamples(150, 3, 3, index)
      const test = randomSamples(70, 3, 3, index + 50)
      const landscape = network([3, 6, 3], data, {
        output,
        loss,
        decay: index % 2 === 0 ? 0.001 : 0,
        batch: batches(9)[index % 3]!,
        test: { hash: test.hash, rows: test.rows },
        ...(index === 0 ? { labelNoise: { sigma: 0.1 } } : index === 2 ? { dropout: [0.3] } : {}),
      })
      const cell = sketch(landscape, index, bounded(c))
      // A second gradient in a step does not change the loss of the step.
      const update = index === 4 ? { ...cell.update, sam: { rho: 0.1 } } : cell.update
      return [`${output} ${loss} ${c}`, { ...cell, update }, [data, test]] as const
    }),
  )
  it.each(scored.slice(0, full ? undefined : 1))('scores of training and test samples: %s', async (_, cell, tables) => {
    await agree(cell, tables)
    const kernel = await kernelOf(cell, tables)
    const { marks } = kernel.run(0, 40, { keep: false, horizons: [] }).tally
    for (const [mark, count] of marks.entries()) reached.set(mark, (reached.get(mark) ?? 0) + count)
  })
  it('of these, some reach each mark', () => {
    expect([...reached.values()].every((count) => count > 0 && count < 40 * scored.length)).toBe(true)
  })

  if (full)
    it('many samples: those with large losses are read first, in an order that serves several steps', async () => {
      const data = randomSamples(560, 3, 2, 7)
      const landscape = network([3, 8, 2], data, { output: 'softmax', loss: 'cross-entropy', batch: batches(9)[1]! })
      const low: Partial<Trial> = { marks: [['low', 'loss <= 0.75']], escape: exits(['', 'loss < 0.7']), steps: 75 }
      const cell = sketch(landscape, 3, low)
      await agree(cell, [data])
      const kernel = await kernelOf(cell, [data])
      const { escaped } = kernel.run(0, 40, { keep: false, horizons: [] }).tally
      expect([escaped > 0, escaped < 40]).toEqual([true, true])
    })

  it('one weight', () => {
    const data = randomSamples(5, 1, 1)
    return agree(sketch(network([1, 1], data, { biases: false, output: 'sigmoid' }), 3, watched), [data])
  })

  it('xor with an escape by the loss', () =>
    agree(sketch(network([2, 4, 1], xor), 4, { escape: exits(['', 'loss < 0.1']), steps: 60 }), [xor]))

  it('weights that run off', () => {
    const data = randomSamples(7, 2, 2)
    const landscape = network([2, 3, 2], data, { activation: 'softplus', output: 'softmax', loss: 'cross-entropy' })
    const cell = cellOf({
      landscape,
      start: randomStart(landscape.dimension, 1e150, 5),
      update: { eta: constant(1e160) },
      trial: { divergence: 1e308, steps: 8, marks: [['nan', 'loss != loss']] },
    })
    return agree(cell, [data])
  })
})

describe('populations', () => {
  it.each([
    [1, 1, 1],
    ...(full
      ? ([
          [3, 2, 4],
          [6, 6, 6],
        ] as const)
      : []),
    [5, 8, 8],
  ] as const)('%i neurons, %i teachers, %i inputs', (neurons, teachers, inputs) =>
    agree(sketch(population(neurons, teachers, inputs), neurons, watched), []),
  )

  it('a neuron of length 0, and two that point the same way', () => {
    const start = [0, 0, 0, 1, 2, 3, 2, 4, 6, -1, 0, 0]
    return agree(cellOf({ landscape: population(4, 3, 3), start, update: { drift: [] }, trial: { steps: 5 } }), [])
  })
})

describe('formulas over data', () => {
  const data = randomSamples(23, 2, 1)
  it.each(batches(7))('named coordinates, batch %j', (batch) => {
    const landscape = sampledFormula(
      ['w', 'b'],
      '(tanh(w*u + a*v + b) - t)^2 + sum(i, 1, 3, w^2*v/i)',
      ['u', 'v', 't'],
      data,
      { parameters: [['a', 0.7]], batch },
    )
    return agree(sketch(landscape, 1, { ...watched, escape: exits(['', 'w > 3 || b < -3']) }), [data])
  })
  // Batches of each sort are above: the fast tier takes one of them in each of the other two shapes.
  it.each(batches(23).filter((_, at) => full || at === 1))('few coordinates by index, batch %j', (batch) => {
    const landscape = sampledFormula(3, 'softplus(-t*(x[1]*u + x[2]*v + x[3])) + u', ['u', 'v', 't'], data, { batch })
    return agree(sketch(landscape, 2, watched), [data])
  })
  it.each(batches(5).filter((_, at) => full || at === 2))('many coordinates in a loop, batch %j', (batch) => {
    const landscape = sampledFormula(
      20,
      'sum(i, 1, 20, (x[i] - u*sin(i*v))^2)/20 + sum(i, 1, 19, x[i]*x[i+1]*t)',
      ['u', 'v', 't'],
      data,
      { batch },
    )
    return agree(sketch(landscape, 3, watched), [data])
  })
})
