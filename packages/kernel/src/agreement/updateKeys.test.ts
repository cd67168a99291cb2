import type { DataTable, Landscape, Trial, Update } from '@driftfarm/spec'
import { describe, expect, it } from 'vitest'
import { kernelOf, runReference } from '../index.ts'
import { agree } from './agree.fixture.ts'
import { cellOf, constant, doubleWell, drift, indexed, quadratic } from './cells.fixture.ts'
import { batches, network, population, randomSamples, randomStart, sampledFormula } from './networks.fixture.ts'

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8 } as const
const rate = { form: 'rate', law: { kind: 'gaussian' }, amount: constant(0.2), when: null, every: 1 } as const
/** The norm of the gradient is an event, so that the gradient at the new theta is used again in the next step. */
const watched: Partial<Trial> = {
  steps: 12,
  marks: [
    ['low', 'loss < 0.2'],
    ['flat', 'gradnorm < 0.5'],
  ],
}
const all: Partial<Update> = { sam: { rho: 0.3 }, clip: 0.4, decoupledDecay: 0.5, warmup: 7, eta: constant(0.2) }

const sampled = randomSamples(23, 2, 1)
const samples = randomSamples(21, 3, 2)
const [, replacement, shuffle] = batches(6)
const byLayer: Partial<Update> = { ...all, etaByLayer: [0.5, 0, 2] }
const layers = [3, 4, 3, 2]
const sampledLoss = (batch: typeof shuffle) =>
  sampledFormula(['w', 'b'], '(tanh(w*u + v + b) - t)^2', ['u', 'v', 't'], sampled, { batch: batch! })

const cases: readonly (readonly [string, Landscape, Partial<Update>, Partial<Trial>, DataTable | null])[] = [
  ['in locals', doubleWell, { ...all, drift: [rate, drift('gaussian', 'step', 0.1)] }, watched, null],
  ['in loops', quadratic(12), { ...all, drift: [drift('gaussian', 'temperature', 0.1)] }, watched, null],
  ['in loops, without drift', quadratic(9), { ...all, rule: adam, drift: [] }, {}, null],
  ['as functions', indexed(3, 'prod(i, 1, 3, prod(j, 1, 9, cos(x[i] + j)))'), all, watched, null],
  ['samples, replacement', sampledLoss(replacement), { ...all, rule: adam }, watched, sampled],
  ['samples, shuffle', sampledLoss(shuffle), { sam: { rho: 0.3 } }, {}, sampled],
  ['a population', population(2, 2, 2), all, watched, null],
  ['a network', network(layers, samples), { ...byLayer, drift: [rate] }, watched, samples],
  [
    'a network, shuffle',
    network([3, 9, 9, 2], samples, { batch: shuffle!, output: 'softmax', loss: 'cross-entropy' }),
    { ...byLayer, rule: adam, drift: [drift('gaussian', 'temperature', 0.1), drift('uniform', 'step', 0.1)] },
    { ...watched, warmup: 5 },
    samples,
  ],
]

describe('keys of the update: the kernel agrees with the reference', () => {
  it.each(cases)('%s', (_, landscape, update, trial, data) =>
    agree(
      cellOf({ landscape, start: randomStart(landscape.dimension, 1.5, 7), update, trial }),
      data === null ? [] : [data],
    ),
  )
})

describe('values that change nothing give the same bits as no key', () => {
  const landscape = network([3, 9, 2], samples, { batch: shuffle! })
  const digestOf = async (update: Partial<Update>) => {
    const start = randomStart(landscape.dimension, 1.5, 7)
    const cell = cellOf({ landscape, start, update, trial: { steps: 20 }, streams: 'common' })
    const { digest } = (await kernelOf(cell, [samples])).run(0, 9, { keep: false, horizons: [] })
    expect(runReference(cell, 0, 9, { tables: [samples], horizons: [] }).digest).toBe(digest)
    return digest
  }

  it.each<Partial<Update>>([
    { clip: 1e300 },
    { decoupledDecay: 0 },
    { sam: { rho: 0 } },
    { warmup: 1 },
    { etaByLayer: [1, 1] },
  ])('%j', async (update) => expect(await digestOf(update)).toBe(await digestOf({})))

  it.each<Partial<Update>>([
    { clip: 1e-3 },
    { decoupledDecay: 0.1 },
    { sam: { rho: 0.1 } },
    { warmup: 10 },
    { etaByLayer: [1, 0.9] },
  ])('but not %j', async (update) => expect(await digestOf(update)).not.toBe(await digestOf({})))
})
