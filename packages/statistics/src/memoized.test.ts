import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoized } from './memoized.ts'

const number = fc.oneof(
  fc.integer({ min: 0, max: 20 }),
  fc.constantFrom(1e15, 2 ** 53, 0.05, 0.05 / 3, 1e-12, 1e-12 / 3, -1, Number.POSITIVE_INFINITY),
  fc.double({ noNaN: true }),
)

test('gives what the function gives, for numbers that come again and numbers that share a place', () => {
  const known = memoized((a, b, c) => `${a} ${b} ${c}`)
  const triple = fc.tuple(number, number, number)
  fc.assert(
    fc.property(fc.array(triple, { maxLength: 300 }), (triples) => {
      // Zeros of either sign are one number here, as they are among counts.
      const plain = triples.map((triple) => triple.map((x) => x + 0) as typeof triple)
      for (const [a, b, c] of [...plain, ...plain]) expect(known(a, b, c)).toBe(`${a} ${b} ${c}`)
    }),
  )
})

test('computes equal calls once, and throws each time what was thrown', () => {
  let calls = 0
  const known = memoized((a) => {
    calls++
    if (a < 0) throw new RangeError('below 0')
    return [a]
  })
  expect(known(1, 2, 3)).toBe(known(1, 2, 3))
  expect(calls).toBe(1)
  for (let i = 0; i < 2; i++) expect(() => known(-1, 2, 3)).toThrow(RangeError)
  expect(calls).toBe(3)
})

test('many different numbers push one another out and stay right', () => {
  const known = memoized((a, b, c) => a + b + c)
  for (let round = 0; round < 2; round++)
    for (let a = 0; a < 200; a++) for (let b = 0; b < 200; b++) expect(known(a, b, 0.5)).toBe(a + b + 0.5)
})
