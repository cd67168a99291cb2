import { expect, test } from 'vitest'
import type { Region } from '../question/course.ts'
import { Places } from './places.ts'

const region = (key: string, finite = true): Region => ({
  key,
  finite,
  marks: [],
  exit: null,
  diverged: !finite,
  converges: false,
  centre: null,
  class: null,
})
const [inside, outside, nowhere] = [region('inside'), region('outside'), region('nowhere', false)]
const places = (limit = Number.POSITIVE_INFINITY) =>
  new Places((theta) => (!Array.from(theta).every(Number.isFinite) ? nowhere : theta[0]! >= limit ? outside : inside))
const at = (...x: number[]) => Float64Array.from(x)

test('points are one within a part in 1e12 of their size, wherever they are', () => {
  const known = places()
  let x = 1e-8
  for (let i = 0; i < 2000; i++) {
    x *= 1.0137
    const place = known.reach(at(x, -x), [0.9 * x, 1])
    expect(place).toBe(2 * i)
    // Either side of it, and so of the bound of any cell that it may be near.
    for (const factor of [1 - 9e-13, 1 + 9e-13]) {
      const [a, b] = [x * factor, -x / factor]
      expect(known.reach(at(a, b), [0.9 * x, 1])).toBe(place)
    }
    expect(known.reach(at(x * (1 + 2e-12), -x), [0.9 * x, 1])).toBe(place + 1)
  }
  expect(known.apart).toBeGreaterThan(8.9e-13)
  expect(known.apart).toBeLessThan(1e-12)
})

test('what cancels is nothing beside what it was', () => {
  const known = places()
  const zero = known.reach(at(0), [0.1])
  expect(known.reach(at(2.7755575615628914e-17), [0.1])).toBe(zero)
  expect(known.reach(at(-0), [-0.1])).toBe(zero)
  expect(known.reach(at(2.7755575615628914e-17), [1e-16])).not.toBe(zero)
})

test('a move that is as small as rounding leads elsewhere all the same', () => {
  const known = places()
  const one = known.begin([1])
  expect(known.reach(at(1), [1])).toBe(one)
  const next = known.reach(at(1 + 1e-13), [1])
  expect(next).not.toBe(one)
  expect(known.reach(at(1 + 1e-13), [1 + 2e-13])).toBe(next)
})

test('a number that is none is one place', () => {
  const known = places()
  const none = known.reach(at(Number.NaN), [1])
  expect(known.reach(at(Number.POSITIVE_INFINITY), [2])).toBe(none)
})

test('an event must not tell apart what is one', () => {
  const torn = places(3)
  torn.reach(at(2.9999999999999996), [2])
  expect(() => torn.reach(at(3), [2])).toThrow(/\(3\) and \(2\.9999999999999996\) differ only by rounding/)
  // No such point has come, but some are off by rounding, so that one may.
  const near = places(3)
  near.reach(at(3), [2])
  near.requireOffBoundary()
  near.reach(at(2), [1])
  near.reach(at(2.0000000000000004), [1])
  expect(() => near.requireOffBoundary()).toThrow(/\(3\) differ only by rounding/)
  const apart = places(3.0001)
  for (const x of [3, 2, 2.0000000000000004]) apart.reach(at(x), [1])
  apart.requireOffBoundary()
})
