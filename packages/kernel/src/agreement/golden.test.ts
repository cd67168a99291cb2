import { expect, it } from 'vitest'
import golden from '../fixtures/golden.json'
import { formatDigest, isComputable, kernelOf, prepare, runReference } from '../index.ts'
import { gallery } from './gallery.fixture.ts'
import { practice } from './practice.fixture.ts'

/**
 * Results are a promise: the same cell and trials give the same digest for as long as the version in the cell stays. A
 * change of bits needs a new one (`kernelVersionOf` of spec), then
 * `node --import tsx packages/kernel/src/fixtures/golden.ts` writes the new file.
 */
it.each(Object.entries(golden.cells))('%s', async (name, { kernel: version, digest }) => {
  const { cell, tables } = practice[name] ?? { cell: gallery[name]!, tables: [] }
  expect(cell.kernel).toBe(version)
  const kernel = await kernelOf(cell, tables)
  const { digest: found } = kernel.run(golden.first, golden.count, { keep: false, horizons: [] })
  expect(formatDigest(found)).toBe(digest)
})

/** The reference agrees with the kernel. Negative control: trials differ. */
it.each(Object.entries(practice))('in the reference: %s', async (_, { cell, tables }) => {
  const { digest, records } = (await kernelOf(cell, tables)).run(3, 5, { keep: true, horizons: [] })
  expect(digest).toBe(runReference(cell, 3, 5, { horizons: [], tables }).digest)
  expect(new Set(Array.from({ length: 5 }, (_, i) => records!.slice(i * 48, (i + 1) * 48).join())).size).toBe(5)
})

it('cells of an earlier version are computed, but those that a later one changed', () => {
  const basin = gallery['double well, basin']!
  expect(isComputable({ ...gallery['double well, first exit']!, kernel: 2 })).toBe(true)
  expect(isComputable({ ...basin, kernel: 2 })).toBe(false)
  expect(() => prepare({ ...basin, kernel: 2 })).toThrow(/made by version 2.*run the spec again/)
  expect(() => prepare({ ...basin, kernel: 5 })).toThrow(/use a newer driftfarm/)
})
