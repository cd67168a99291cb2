import type { Cell, Tables } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect } from 'vitest'
import { kinds } from '../agreement/randomCells.fixture.ts'
import golden from '../fixtures/golden.json'
import { formatDigest } from '../index.ts'
import { kernelsOf, tested } from './library.fixture.ts'

const horizons = [3, 7]

/** Checks that native libraries of all targets and WebAssembly give the same bits, and the golden digest of `name`. */
export async function agree(
  cell: Cell,
  tables: Tables = [],
  { first = 2 ** 33 - 4, on = tested, name = '' } = {},
): Promise<void> {
  const { ordinary, native } = await kernelsOf(cell, tables, on)
  // More trials than lanes, and then fewer.
  for (const count of [29, 3]) {
    const expected = ordinary.run(first, count, { keep: true, horizons })
    for (const kernel of native) expect(kernel.run(first, count, { keep: true, horizons })).toEqual(expected)
  }
  const kept = Object.entries(golden.cells).find(([each]) => each === name)?.[1].digest
  if (kept === undefined) return
  for (const kernel of native)
    expect(formatDigest(kernel.run(golden.first, golden.count, { keep: false, horizons: [] }).digest)).toBe(kept)
}

/** Random cells of each kind. Two are checked at a time: the compiler of one runs beside the other. */
export async function checkRandomCells(ofKind: number, seed: number): Promise<void> {
  const cells = Object.values(kinds).flatMap((kind) => fc.sample(kind, { numRuns: ofKind, seed }))
  const all = cells.map(
    ({ cell, first }, i) =>
      () =>
        agree(cell, [], { first, on: [tested[i % tested.length]!] }),
  )
  await Promise.all(
    [0, 1].map(async (half) => {
      for (let i = half; i < all.length; i += 2) await all[i]!()
    }),
  )
}
