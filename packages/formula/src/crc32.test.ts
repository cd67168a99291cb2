import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32 } from './crc32.ts'

test('the check value of the standard', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array())).toBe(0)
})

test('the checksum of two parts, one after the other, is that of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.uint8Array({ maxLength: 5_000 }), (first, second) => {
      expect(crc32(second, crc32(first))).toBe(crc32(Buffer.concat([first, second])))
    }),
    { seed: 1, numRuns: 200 },
  )
})
