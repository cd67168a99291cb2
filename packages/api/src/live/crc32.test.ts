import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crc32, joinedCrc32 } from './crc32.ts'

test('the check value of the standard', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  expect(crc32(new Uint8Array())).toBe(0)
})

test('the combined checksum of two parts is that of the whole', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), fc.uint8Array({ maxLength: 5_000 }), (first, second) => {
      const whole = Buffer.concat([first, second])
      expect(joinedCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(whole))
    }),
    { seed: 1, numRuns: 200 },
  )
})
