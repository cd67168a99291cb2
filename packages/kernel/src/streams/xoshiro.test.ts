import { describe, expect, it } from 'vitest'
import { Xoshiro } from './xoshiro.ts'

describe('Xoshiro', () => {
  it('gives the outputs of the authors’ xoshiro256plusplus.c from the state 1, 2, 3, 4', () => {
    const stream = new Xoshiro(Uint32Array.of(1, 0, 2, 0, 3, 0, 4, 0))
    const drawn = Array.from({ length: 10 }, () => {
      stream.next()
      return (BigInt(stream.high) << 32n) | BigInt(stream.low)
    })
    expect(drawn).toEqual([
      41943041n,
      58720359n,
      3588806011781223n,
      3591011842654386n,
      9228616714210784205n,
      9973669472204895162n,
      14011001112246962877n,
      12406186145184390807n,
      15849039046786891736n,
      10450023813501588000n,
    ])
  })

  it('makes uniforms of 53 bits in [0, 1)', () => {
    const stream = new Xoshiro(Uint32Array.of(5, 6, 7, 8, 9, 10, 11, 12))
    for (let i = 0; i < 1000; i++) {
      const u = stream.uniform()
      expect(u >= 0 && u < 1 && Number.isInteger(u * 2 ** 53)).toBe(true)
    }
  })
})
