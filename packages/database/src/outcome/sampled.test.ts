import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sampled } from './encode.ts'

/** The definition, in bigint: murmur3's fmix64. */
function finalise(index: number): bigint {
  const mask = (1n << 64n) - 1n
  let x = BigInt(index)
  x ^= x >> 33n
  x = (x * 0xff51afd7ed558ccdn) & mask
  x ^= x >> 33n
  x = (x * 0xc4ceb9fe1a85ec53n) & mask
  return x ^ (x >> 33n)
}

it('compares the upper half of the murmur finaliser with the share', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1e15 }), (index) => {
      const upper = Number(finalise(index) >> 32n)
      expect(sampled(index, (upper + 0.5) / 2 ** 32)).toBe(true)
      expect(sampled(index, upper / 2 ** 32)).toBe(false)
    }),
    { numRuns: 5_000 },
  )
})

it('keeps all for 1, none for 0, and about the share between', () => {
  const kept = (share: number) => Array.from({ length: 100_000 }, (_, i) => i).filter((i) => sampled(i, share)).length
  expect(kept(1)).toBe(100_000)
  expect(kept(0)).toBe(0)
  // 5 standard deviations of a binomial: no hash of these indices may be off by more.
  expect(Math.abs(kept(0.01) - 1_000)).toBeLessThan(5 * Math.sqrt(990))
})
