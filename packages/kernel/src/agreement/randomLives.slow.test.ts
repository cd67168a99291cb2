import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeOutcome, kernelOf, runReference } from '../index.ts'
import { observedIn } from './randomCells.fixture.ts'
import { lives } from './randomLives.fixture.ts'

it.each(Object.keys(lives))(
  'random lives of trials agree: %s',
  async (kind) => {
    const [cells, runs] = lives[kind]!
    await fc.assert(
      fc.asyncProperty(cells, async ({ cell, first, tables }) => {
        const observe = first % 2 === 0 ? [] : observedIn(cell)
        const kernel = await kernelOf(cell, tables, undefined, observe)
        const expected = runReference(cell, first, 13, { horizons: [10], theta: true, tables, observe, values: true })
        const found = kernel.run(first, 13, { keep: true, horizons: [10], theta: true, values: true })
        for (let i = 0; i < 13; i++) {
          const outcome = (records: Uint8Array) => decodeOutcome(records, kernel.layout, i)
          expect(outcome(found.records!)).toEqual(outcome(expected.records))
        }
        expect(found).toEqual(expected)
      }),
      { numRuns: 12 * runs, seed: 20261125 },
    )
  },
  3_600_000,
)
