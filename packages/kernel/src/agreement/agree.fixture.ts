import type { Cell, Tables } from '@driftfarm/spec'
import { expect } from 'vitest'
import { addDigests, kernelOf, runReference } from '../index.ts'

const horizons = [3, 7]
const first = 2 ** 33 - 4
const count = 9

/** Checks that the kernel and the reference give the same bits, whichever trials run beside each other. */
export async function agree(cell: Cell, tables: Tables): Promise<void> {
  const kernel = await kernelOf(cell, tables)
  const expected = runReference(cell, first, count, { horizons, tables })
  // Beside a lane that never had a trial.
  const alone = kernel.run(first, 1, { keep: true, horizons })
  expect(alone.records).toEqual(expected.records.subarray(0, kernel.layout.bytes))
  const whole = kernel.run(first, count, { keep: true, horizons })
  expect(whole.records).toEqual(expected.records)
  expect(whole.tally).toEqual(expected.tally)
  expect(whole.digest).toBe(expected.digest)
  const parts = [kernel.run(first, 4, { keep: false, horizons }), kernel.run(first + 4, 5, { keep: false, horizons })]
  expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(expected.digest)
}
