import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDigests, formatDigest, parseDigest, recordDigest, subtractDigests } from './digest.ts'

const digest = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n })

describe('digests', () => {
  it('add and subtract modulo 2^128', () => {
    fc.assert(
      fc.property(digest, digest, (a, b) => {
        expect(subtractDigests(addDigests(a, b), b)).toBe(a)
        expect(addDigests(a, b)).toBe(addDigests(b, a))
      }),
    )
  })

  it('print and parse', () => {
    fc.assert(
      fc.property(digest, (d) => {
        expect(parseDigest(formatDigest(d))).toBe(d)
      }),
    )
    expect(formatDigest(1n)).toBe('mset128:00000000000000000000000000000001')
    expect(parseDigest('mset128:1')).toBeNull()
  })

  it('change about half their bits with any bit of record or index', () => {
    const record = new Uint8Array(48).fill(7)
    const before = recordDigest(12, record)
    const distance = (after: bigint) => (before ^ after).toString(2).split('1').length - 1
    const distances = [distance(recordDigest(13, record))]
    for (let bit = 0; bit < 384; bit += 5) {
      const other = record.slice()
      other.set([other[bit >> 3]! ^ (1 << (bit & 7))], bit >> 3)
      distances.push(distance(recordDigest(12, other)))
    }
    // 128 fair bits: mean 64, standard deviation 5.7; seven of them either way.
    expect(Math.min(...distances)).toBeGreaterThan(24)
    expect(Math.max(...distances)).toBeLessThan(104)
  })
})
