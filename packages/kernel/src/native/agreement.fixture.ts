import type { Cell, Tables } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect } from 'vitest'
import { kinds } from '../agreement/randomCells.fixture.ts'
import { kernelsOf, tested } from './library.fixture.ts'

const horizons = [3, 7]

/** Checks that native libraries of all targets and WebAssembly give the same bits. */
export async function agree(cell: Cell, tables: Tables = [], first = 2 ** 33 - 4, on = tested): Promise<void> {
  const { ordinary, native } = await kernelsOf(cell, tables, on)
  // More trials than lanes, and then fewer.
  for (const count of [29, 3]) {
    const expected = ordinary.run(first, count, { keep: true, horizons })
    for (const kernel of native) expect(kernel.run(first, count, { keep: true, horizons })).toEqual(expected)
  }
}

/** Random cells of each kind. Two are checked at a time: the compiler of one runs beside the other. */
export async function checkRandomCells(ofKind: number, seed: number): Promise<void> {
  const cells = Object.values(kinds).flatMap((kind) => fc.sample(kind, { numRuns: ofKind, seed }))
  const all = cells.map(
    ({ cell, first }, i) =>
      () =>
        agree(cell, [], first, [tested[i % tested.length]!]),
  )
  await Promise.all(
    [0, 1].map(async (half) => {
      for (let i = half; i < all.length; i += 2) await all[i]!()
    }),
  )
}
