import { encodeRecord, type Outcome } from '@driftfarm/kernel'
import { atHorizons, probabilityNames } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eventNamesIn } from '../evidence/evidence.ts'
import { layout } from '../fixtures/samples.ts'
import { countBits, countPairs, eventAt, eventBits } from './events.ts'

const sometimes = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: null })
const outcomes: fc.Arbitrary<Outcome[]> = fc.array(
  fc.record({
    end: fc.constantFrom('escaped', 'converged', 'diverged', 'undecided'),
    exit: fc.constantFrom('upper', 'lower', null),
    settled: fc.constantFrom('left', 'right', 'other', null),
    class: fc.constantFrom('good', 'other'),
    escapedAt: sometimes,
    convergedAt: sometimes,
    steps: fc.integer({ min: 1, max: 2 ** 40 }),
    loss: fc.constant(0.5),
    distance: fc.constant(1),
    marks: fc.record({ m2: sometimes }),
  }) as fc.Arbitrary<Outcome>,
  { minLength: 1, maxLength: 40 },
)

test('a bit says of each trial what eventAt says, for every event at every horizon', () => {
  const names = probabilityNames(eventNamesIn(layout))
  fc.assert(
    fc.property(outcomes, (some) => {
      const records = new Uint8Array(
        some.flatMap((outcome) => [...encodeRecord({ kind: 'trial', ...outcome }, layout)]),
      )
      for (const name of [...names, ...atHorizons(names, [10, 500])]) {
        const bits = eventBits(name, records, layout)
        const had = some.map((outcome) => eventAt(name, outcome))
        expect(had.map((_, i) => ((bits[i >> 3]! >> (i & 7)) & 1) === 1)).toEqual(had)
        expect(countBits(bits)).toBe(had.filter(Boolean).length)
      }
    }),
  )
})

test('an event that the cell has not is refused', () => {
  for (const name of ['exit:left', 'class:bad', 'settle:top', 'mark:m3', 'escapeStep'])
    expect(() => eventBits(name, new Uint8Array(layout.bytes), layout)).toThrow(name)
})

const packed = (had: readonly boolean[]) => {
  const bits = new Uint8Array(Math.ceil(had.length / 8))
  had.forEach((each, i) => {
    if (each) bits[i >> 3]! |= 1 << (i & 7)
  })
  return bits
}

test('pairs are counted over any range, whatever trials the two begin with', () => {
  const had = fc.array(fc.boolean(), { minLength: 1, maxLength: 90 })
  const start = fc.integer({ min: 0, max: 30 })
  // Indices beyond 2^31 too.
  const far = fc.constantFrom(0, 3_000_000_001)
  fc.assert(
    fc.property(had, had, start, start, start, start, far, (a, b, ofA, ofB, skip, less, base) => {
      const from = Math.max(ofA, ofB) + skip
      const to = Math.min(ofA + a.length, ofB + b.length) - less
      const [first, second] = [ofA, ofB].map((of, place) => {
        const list = place === 0 ? a : b
        return { first: base + of, count: list.length, bits: packed(list) }
      })
      const expected = { first: 0, second: 0, both: 0 }
      for (let trial = from; trial < to; trial++) {
        const [one, other] = [a[trial - ofA]!, b[trial - ofB]!]
        if (one) expected.first++
        if (other) expected.second++
        if (one && other) expected.both++
      }
      expect(countPairs(first!, second!, base + from, base + to)).toEqual(expected)
    }),
  )
})
