import { KERNEL_VERSION } from '@driftfarm/spec'
import { expect, it } from 'vitest'
import { gallery } from './cells.fixture.ts'
import golden from './fixtures/golden.json'
import { compile, formatDigest, Kernel, prepare } from './index.ts'

/**
 * Results are a promise: the same cell and trials give the same digest for as long as the kernel's version stays. A
 * change of bits needs a new KERNEL_VERSION, then `node --import tsx packages/kernel/golden.ts` writes the new file.
 */
it.each(Object.entries(golden.digests))('%s', async (name, digest) => {
  expect(golden.kernel).toBe(KERNEL_VERSION)
  const prepared = prepare(gallery[name]!)
  const kernel = Kernel.create(new WebAssembly.Module((await compile(prepared.source)) as BufferSource), prepared)
  const { digest: found } = kernel.run(golden.first, golden.count, { keep: false, horizons: [] })
  expect(formatDigest(found)).toBe(digest)
})
