import { readFileSync } from 'node:fs'
import { decodeOutcome, kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { twoSamplePValue } from './twoSamples.ts'

/** Written by noise.py. */
interface Case {
  readonly name: string
  readonly landscape: object
  readonly start: readonly number[]
  readonly eta: number
  readonly steps: number
  readonly losses: readonly number[]
  readonly wrong: Readonly<Record<string, readonly number[]>>
}

const cases = JSON.parse(readFileSync(new URL('./noise.json', import.meta.url), 'utf8')) as readonly Case[]

/**
 * With seeds fixed, the p-values are numbers that never change. A kernel and a program that agree fail a comparison
 * with probability `falseAlarm`. The negative controls show that the comparison finds a program that is wrong.
 */
const falseAlarm = 1e-3
const certain = 1e-6
const trials = 4000

describe('losses after training with dropout or label noise have the distribution of the program in NumPy', () => {
  test.each(cases.map((each) => [each.name, each] as const))(
    '%s',
    async (_, { landscape, start, eta, steps, losses, wrong }) => {
      const spec = {
        version: 1,
        name: 'noise',
        seed: 46,
        landscape,
        start,
        update: { eta },
        trial: { steps },
        trials: 1,
      }
      const { cell, tables } = parseSweep(JSON.stringify(spec), { fileName: 'noise.json' }).cell(0)
      const kernel = await kernelOf(cell, tables)
      const { records } = kernel.run(0, trials, { keep: true, horizons: [] })
      const own = Array.from({ length: trials }, (_, i) => decodeOutcome(records!, kernel.layout, i).loss)
      expect(twoSamplePValue(own, losses)).toBeGreaterThan(falseAlarm)
      for (const [name, others] of Object.entries(wrong))
        expect(twoSamplePValue(own, others), name).toBeLessThan(certain)
    },
  )
})
