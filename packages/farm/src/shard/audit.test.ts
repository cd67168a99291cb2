import { addDigests, type Digest } from '@driftfarm/kernel'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { audit, type DigestedRange } from './audit.ts'

/** The digest of a trial. */
const ofTrial = (trial: number): Digest => (BigInt(trial + 1) * 0x9e3779b97f4a7c15f39cc0605cedc834n) % (1n << 128n)
const of = (first: number, until: number, wrong = -1): DigestedRange => {
  let digest = 0n
  for (let trial = first; trial < until; trial++)
    digest = addDigests(digest, ofTrial(trial) + (trial === wrong ? 1n : 0n))
  return { first, count: until - first, digest }
}
/** Ranges from border to border. */
const between = (borders: readonly number[], wrong = -1) =>
  borders.slice(1).map((until, place) => of(borders[place]!, until, wrong))

test('sums are compared between common borders', () => {
  const stored = between([0, 10, 25, 40, 60])
  expect(audit(between([0, 5, 25, 30, 60]), stored)).toEqual({ compared: [{ first: 0, count: 60 }], differs: null })
  expect(audit(between([3, 10, 20, 40, 50]), stored)).toEqual({ compared: [{ first: 10, count: 30 }], differs: null })
  expect(audit([of(0, 40), of(60, 70)], stored).compared).toEqual([{ first: 0, count: 40 }])
})

test('nothing is compared without two common borders or without stored ranges', () => {
  expect(audit([of(1, 39)], between([0, 10, 40]))).toEqual({ compared: [], differs: null })
  expect(audit([], between([0, 10]))).toEqual({ compared: [], differs: null })
  expect(audit(between([0, 10]), [])).toEqual({ compared: [], differs: null })
  // A batch between them is missing.
  expect(audit([of(0, 30)], [of(0, 10), of(20, 30)])).toEqual({ compared: [], differs: null })
})

test('the same range twice counts once', () => {
  expect(audit([of(0, 10), of(0, 10), of(10, 20)], [of(0, 20)])).toEqual({
    compared: [{ first: 0, count: 20 }],
    differs: null,
  })
})

test('a wrong trial is found exactly if common borders enclose it', () => {
  const borders = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 12 })
  const sorted = borders.map((each) => each.sort((a, b) => a - b))
  fc.assert(
    fc.property(sorted, sorted, fc.integer({ min: 0, max: 50 }), (imported, stored, wrong) => {
      const common = imported.filter((border) => stored.includes(border))
      const enclosed = common.length > 1 && wrong >= common[0]! && wrong < common.at(-1)!
      const { differs, compared } = audit(between(imported, wrong), between(stored))
      expect(differs !== null).toBe(enclosed)
      const { compared: all } = audit(between(imported), between(stored))
      const trials = all.reduce((sum, { count }) => sum + count, 0)
      expect(trials).toBe(common.length > 1 ? common.at(-1)! - common[0]! : 0)
      if (differs !== null) expect(wrong >= differs.first && wrong < differs.first + differs.count).toBe(true)
      else expect(compared).toEqual(all)
    }),
    { seed: 4 },
  )
})
