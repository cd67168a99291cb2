import { describe, expect, it } from 'vitest'
import { decodeRecord, kernelOf, layoutOf, runReference } from '../index.ts'
import { cellOfSpec, resolvedOf } from './replicas.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const gaussian = (sigma: number) => ({ form: 'additive', law: 'gaussian', sigma })
const well = { landscape: { preset: 'double-well' }, start: [-1] }
const xor = { network: { layers: [2, 2, 1], activation: 'tanh', data: { preset: 'xor' } } }
const small = (more: Record<string, unknown> = {}) => ({ splitting: { particles: 24, kill: 3, ...more } })

/** Every part of a state that a branch must take over. */
const specs: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  [
    'plain descent',
    { ...well, update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.9) }, trial: { steps: 60, escape: 'x >= 0' } },
  ],
  [
    'the memory of momentum',
    {
      ...well,
      update: { rule: 'momentum', beta: 0.7, eta: 0.05, drift: gaussian(0.8) },
      trial: { steps: 60, escape: 'x >= 0.5' },
    },
  ],
  [
    'the memory and the steps of adam',
    { ...well, update: { rule: 'adam', eta: 0.05, drift: gaussian(2) }, trial: { steps: 60, escape: 'x >= 0.2' } },
  ],
  [
    'a count of steps held',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(1) },
      trial: { steps: 60, escape: 'x >= 0', converge: { within: 0.12, of: 'left', hold: 9 } },
    },
  ],
  [
    'named exits',
    {
      landscape: { preset: 'three-hole' },
      start: { minimum: 'left' },
      update: { rule: 'gradient', eta: 0.05, drift: { form: 'additive', law: 'gaussian', temperature: 0.5 } },
      trial: { steps: 40, escape: { upper: 'x >= 0 && y >= 0.6', lower: 'x >= 0' } },
    },
  ],
  [
    'schedules',
    {
      ...well,
      update: {
        rule: 'gradient',
        eta: { power: { initial: 0.2, offset: 10, exponent: 0.5 } },
        drift: { form: 'additive', law: 'gaussian', sigma: { exponential: { initial: 2, rate: 0.97 } } },
      },
      trial: { steps: 50, escape: 'x >= 0' },
    },
  ],
  [
    'starts at random',
    {
      landscape: { preset: 'double-well' },
      start: { gaussian: { mean: -1, sigma: 0.4 } },
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.7) },
      trial: { steps: 30, escape: 'x >= 0' },
    },
  ],
  [
    'a warm-up',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.9) },
      trial: { warmup: 15, steps: 40, escape: 'x >= 0' },
    },
  ],
  [
    'the order of shuffled samples',
    {
      landscape: { network: { ...xor.network, batch: 3, sampling: 'shuffle' } },
      start: { gaussian: { mean: 0, sigma: 0.5 } },
      update: { rule: 'gradient', eta: 0.3, drift: gaussian(0.4) },
      trial: { steps: 30, escape: 'loss >= 1' },
    },
  ],
  [
    'shuffled samples that each step evaluates twice',
    {
      landscape: { network: { ...xor.network, batch: 3, sampling: 'shuffle' } },
      start: { gaussian: { mean: 0, sigma: 0.5 } },
      update: { rule: 'gradient', eta: 0.3, sam: { rho: 0.3 }, clip: 0.5, warmup: 9, drift: gaussian(0.4) },
      trial: { steps: 30, escape: 'loss >= 1' },
    },
  ],
  [
    'masks and labels',
    {
      landscape: {
        network: {
          layers: [2, 3, 1],
          data: { preset: 'xor' },
          batch: 3,
          dropout: 0.3,
          labelNoise: { flip: 0.1 },
        },
      },
      start: { init: 'xavier' },
      update: { rule: 'gradient', eta: 0.2, drift: gaussian(0.2) },
      trial: { steps: 15, escape: 'distance >= 1.2' },
    },
  ],
  [
    'the look at a basin',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(1.2) },
      trial: { steps: 40, escape: { basin: true, every: 4 } },
      method: small({ score: 'x' }),
    },
  ],
  [
    'drift at some steps',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: { ...gaussian(1.6), every: 3 } },
      trial: { steps: 60, escape: 'x >= 0' },
    },
  ],
  [
    'ties',
    {
      landscape: { formula: { variables: ['x'], expression: 'x' } },
      start: [3],
      update: { rule: 'gradient', eta: 1, drift: { form: 'flip', q: 0.3 } },
      trial: { steps: 60, escape: 'x >= 8', converge: { when: 'x <= 0', hold: 1 } },
    },
  ],
  [
    'a score that is no number at times',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.9) },
      trial: { steps: 60, escape: 'x >= 0' },
      method: small({ score: 'log(x + 1)' }),
    },
  ],
  [
    'a target below the event',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.9) },
      trial: { steps: 60, escape: 'x >= 0' },
      method: small({ score: 'x', target: -0.4 }),
    },
  ],
  [
    'many coordinates',
    {
      landscape: { preset: 'quadratic', dimension: 12 },
      start: new Array(12).fill(0),
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(0.5) },
      trial: { steps: 40, escape: 'distance >= 1' },
    },
  ],
  [
    'conditions with every',
    {
      ...well,
      update: { rule: 'gradient', eta: 0.1, drift: gaussian(1) },
      trial: {
        steps: 60,
        escape: { far: { when: 'x >= 0.3', every: 4 }, near: { when: 'x >= 0', every: 7 } },
        converge: { when: 'x < -1.1', every: 3, hold: 5 },
      },
    },
  ],
]

/** The reference takes most of the time; a replica has many levels, each with its branches. */
const replicas = process.env.DRIFTFARM_TEST_TIER === 'full' ? 4 : 2

describe('splitting by the kernel and by the reference', () => {
  it.each(specs.filter((_, at) => full || at % 2 === 0))('agrees bit for bit: %s', async (_, spec) => {
    const { cell, tables } = resolvedOf({ method: small(), ...spec })
    const fast = (await kernelOf(cell, tables)).run(5, replicas, { keep: true, horizons: [] })
    const slow = runReference(cell, 5, replicas, { horizons: [], tables })
    expect(Buffer.from(fast.records!).equals(Buffer.from(slow.records))).toBe(true)
    expect(fast.digest).toBe(slow.digest)
    expect(fast.tally).toEqual(slow.tally)
    // The case is none if no branch was ever made.
    expect(fast.tally.values!.levels).toBeGreaterThan(4)
  })

  it('gives each replica alone what it gives it among others', async () => {
    const cell = cellOfSpec({ method: small(), ...specs[0]![1] })
    const kernel = await kernelOf(cell)
    const together = kernel.run(0, 3, { keep: true, horizons: [] })
    const alone = kernel.run(2, 1, { keep: true, horizons: [] })
    expect(together.records!.subarray(2 * alone.records!.length)).toEqual(alone.records)
  })

  it('ends when it is told to', async () => {
    const stop = new Int32Array(new SharedArrayBuffer(4)).fill(1)
    const cell = cellOfSpec({ ...specs[0]![1], trial: { steps: 1_000_000, escape: 'x >= 9' }, method: small() })
    expect((await kernelOf(cell)).run(0, 1, { keep: false, horizons: [], stop }).completed).toBe(false)
  })

  it('ends between rounds too short to look at the flag', async () => {
    const stop = new Int32Array(new SharedArrayBuffer(4)).fill(1)
    const kernel = await kernelOf(cellOfSpec({ method: small(), ...specs[0]![1] }))
    expect(kernel.run(0, 1, { keep: false, horizons: [], stop }).completed).toBe(false)
  })

  it('shows of one replica what its record says', async () => {
    const cell = cellOfSpec({ method: small(), ...specs[4]![1] })
    const kernel = await kernelOf(cell)
    const replica = kernel.replica(3)
    const { records } = kernel.run(3, 1, { keep: true, horizons: [] })
    expect(decodeRecord(records!, layoutOf(cell), 0)).toEqual({
      kind: 'replica',
      estimate: replica.estimate,
      weight: replica.weight,
      levels: replica.levels.length,
      escaped: replica.exits[0]! + replica.exits[1]!,
      exits: { upper: replica.exits[0], lower: replica.exits[1] },
      steps: replica.steps,
    })
    expect(replica.levels.at(-1)!.weight).toBe(replica.weight)
  })
})
