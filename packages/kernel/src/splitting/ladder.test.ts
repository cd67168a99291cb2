import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ladder } from './replica.ts'

// 0 and -0 are one level, whichever of them is told: only one of them is drawn.
const peak = fc
  .oneof(fc.integer({ min: 0, max: 6 }), fc.constant(Number.POSITIVE_INFINITY), fc.double({ noNaN: true }))
  .map((value) => value + 0)

describe('the ladder', () => {
  it('gives what sorting gives, ties together, while places come back higher', () => {
    const cases = fc.record({
      peaks: fc.array(peak, { minLength: 1, maxLength: 40 }),
      rounds: fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.array(peak, { minLength: 40, maxLength: 40 })), {
        maxLength: 6,
      }),
    })
    fc.assert(
      fc.property(cases, ({ peaks, rounds }) => {
        const mine = [...peaks]
        const ladder = new Ladder([...peaks])
        for (const [k, fresh] of rounds) {
          const sorted = [...mine].sort((a, b) => a - b)
          const level = sorted[Math.min(k, mine.length) - 1]!
          const places = [...mine.keys()].filter((place) => mine[place]! <= level)
          const found = ladder.lowest(k, Number.POSITIVE_INFINITY)
          expect(found).toEqual(level === Number.POSITIVE_INFINITY ? null : { level, places })
          if (found === null) return
          for (const place of places) {
            mine[place] = fresh[place]!
            ladder.put(place, fresh[place]!)
          }
        }
      }),
    )
  })
})
