import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { binStart, stepBin } from './tally.ts'

const step = fc.oneof(
  fc.integer({ min: 1, max: 5000 }),
  fc.maxSafeInteger().map((n) => 1 + (Math.abs(n) % 10 ** 12)),
)

describe('bins of steps', () => {
  it('hold the steps between their starts', () => {
    fc.assert(
      fc.property(step, (n) => {
        const bin = stepBin(n)
        expect(binStart(bin)).toBeLessThanOrEqual(n)
        expect(binStart(bin + 1)).toBeGreaterThan(n)
      }),
    )
  })

  it('are single steps below 64 and at most 1/32 wide after that', () => {
    for (let n = 1; n < 64; n++) expect([stepBin(n), binStart(n)]).toEqual([n, n])
    for (let bin = 64; bin < 1150; bin++)
      expect((binStart(bin + 1) - binStart(bin)) * 32).toBeLessThanOrEqual(binStart(bin))
  })
})
