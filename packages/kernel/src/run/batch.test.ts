import { describe, expect, it } from 'vitest'
import { newOrder, nextBatch } from '../scalar/lossFunction.ts'
import { below, Xoshiro } from '../streams/xoshiro.ts'

function stream(seed: number): Xoshiro {
  const words = new Xoshiro(Uint32Array.from([seed, 2, 3, 4, 5, 6, 7, 8]))
  for (let i = 0; i < 20; i++) words.next()
  return words
}

function chiSquare(values: Iterable<number>, classes: number): number {
  const counts = new Array<number>(classes).fill(0)
  let total = 0
  for (const value of values) {
    counts[value]!++
    total++
  }
  const expected = total / classes
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

function* times<T>(count: number, value: () => T): Generator<T> {
  for (let i = 0; i < count; i++) yield value()
}

/** Exceeded with probability 1e-6: scipy.stats.chi2.isf(1e-6, 36), (1e-6, 2). */
const limit36 = 91.5
const limit2 = 27.63

describe('the law of an index', () => {
  it('is uniform over 37 samples', () => {
    const words = stream(1)
    expect(
      chiSquare(
        times(74_000, () => below(words, 37)),
        37,
      ),
    ).toBeLessThan(limit36)
  })

  it('and seven bits modulo 37 are seen to be not', () => {
    const words = stream(1)
    const biased = () => {
      words.next()
      return (words.high >>> 25) % 37
    }
    expect(chiSquare(times(74_000, biased), 37)).toBeGreaterThan(limit36)
  })

  it('draws again where a plain product would favour some', () => {
    const n = 3 * 2 ** 30
    const words = stream(2)
    expect(
      chiSquare(
        times(20_000, () => below(words, n) % 3),
        3,
      ),
    ).toBeLessThan(limit2)
    const plain = () => {
      words.next()
      return Math.floor((words.high * n) / 2 ** 32) % 3
    }
    expect(chiSquare(times(20_000, plain), 3)).toBeGreaterThan(limit2)
  })

  it('of the last of a permutation is uniform too', () => {
    const words = stream(3)
    const order = newOrder(37)
    const last = () => nextBatch({ size: 37, sampling: 'shuffle' }, words, order)[36]!
    expect(chiSquare(times(7_400, last), 37)).toBeLessThan(limit36)
  })
})

it('shuffled batches visit every sample once in each round, across batches that divide no round', () => {
  const words = stream(4)
  const order = newOrder(10)
  const seen = Array.from({ length: 10 }, () => [...nextBatch({ size: 7, sampling: 'shuffle' }, words, order)]).flat()
  const rounds = Array.from({ length: 7 }, (_, round) => seen.slice(10 * round, 10 * round + 10))
  for (const round of rounds) expect(round.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(new Set(rounds.map(String)).size).toBe(7)
})

it('batches with replacement repeat samples', () => {
  const drawn = nextBatch({ size: 1000, sampling: 'replacement' }, stream(5), newOrder(10))
  expect(new Set(drawn).size).toBe(10)
})
