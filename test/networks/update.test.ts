import { readFileSync } from 'node:fs'
import { decodeOutcome, kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { twoSamplePValue } from './twoSamples.ts'

interface Fixture {
  readonly layers: readonly number[]
  readonly inputs: readonly (readonly number[])[]
  readonly targets: readonly (readonly number[])[]
  readonly start: readonly number[]
  readonly keep: readonly number[]
  readonly exact: readonly { readonly update: object; readonly thetas: readonly (readonly number[])[] }[]
  readonly steps: number
  readonly batch: number
  readonly sampled: readonly {
    readonly update: object
    readonly losses: readonly number[]
    readonly wrong: Readonly<Record<string, readonly number[]>>
  }[]
}

/** Written by update.py. */
const fixture = JSON.parse(readFileSync(new URL('./update.json', import.meta.url), 'utf8')) as Fixture

const rows = fixture.inputs.map((inputs, i) => [...inputs, ...fixture.targets[i]!].join(','))
const csv = new TextEncoder().encode(['a,b,c,t,u', ...rows].join('\n'))

function kernelWith(update: object, steps: number, batch: number | 'full') {
  const spec = {
    version: 1,
    name: 'update',
    seed: 977,
    landscape: {
      network: {
        layers: fixture.layers,
        activation: 'tanh',
        output: 'identity',
        loss: 'mse',
        data: { csv: 'samples.csv', inputs: ['a', 'b', 'c'], targets: ['t', 'u'] },
        batch,
      },
    },
    start: fixture.start,
    update,
    trial: { steps },
    trials: 1,
  }
  const sweep = parseSweep(JSON.stringify(spec), { fileName: 'update.json', readBytes: () => csv })
  const { cell, tables } = sweep.cell(0)
  return kernelOf(cell, tables)
}

describe('without randomness, steps are those of the program in NumPy', () => {
  const cases = fixture.exact.map(({ update, thetas }) => [JSON.stringify(update), update, thetas] as const)
  test.each(cases)('%s', async (_, update, thetas) => {
    for (const [at, steps] of fixture.keep.entries()) {
      const kernel = await kernelWith(update, steps, 'full')
      const { theta } = kernel.run(0, 1, { keep: false, horizons: [], theta: true })
      for (const [i, x] of thetas[at]!.entries()) expect(Math.abs(theta![i]! - x)).toBeLessThan(1e-12)
    }
  })
})

/**
 * With seeds fixed, the p-values are numbers that never change. A kernel and a program that agree fail a comparison
 * with probability `falseAlarm`. The negative controls show that the comparison finds a program that is wrong.
 */
const falseAlarm = 1e-3
const certain = 1e-6
const trials = 4000

describe('with mini-batches and injected noise, losses have the distribution of the program in NumPy', () => {
  const cases = fixture.sampled.map((each) => [JSON.stringify(each.update), each] as const)
  test.each(cases)('%s', async (_, { update, losses, wrong }) => {
    const kernel = await kernelWith(update, fixture.steps, fixture.batch)
    const { records } = kernel.run(0, trials, { keep: true, horizons: [] })
    const own = Array.from({ length: trials }, (_, i) => decodeOutcome(records!, kernel.layout, i).loss)
    expect(twoSamplePValue(own, losses)).toBeGreaterThan(falseAlarm)
    for (const [name, others] of Object.entries(wrong)) expect(twoSamplePValue(own, others), name).toBeLessThan(certain)
  })
})
