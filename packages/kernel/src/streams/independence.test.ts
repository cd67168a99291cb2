import { describe, expect, it } from 'vitest'
import { gallery } from '../agreement/gallery.fixture.ts'
import { chiSquareTail, twoSided } from './normality.fixture.ts'
import { type StreamSelector, Streams } from './streams.fixture.ts'
import { type StreamKey, streamKey } from './streams.ts'
import { Xoshiro } from './xoshiro.ts'

/**
 * Streams that lie side by side have nothing to do with each other. Each relation is judged by three statistics over a
 * million pairs of words, each of which fails by chance with 1e-6; the streams are fixed.
 */
const falseAlarm = 1e-6
const pairs = 2048
const draws = 512

const cell = gallery['double well, first exit']!
const key = streamKey(cell)
const slot = (trial: number, purpose: StreamSelector['purpose'] = 'drift', own: StreamKey = key): StreamSelector => ({
  key: own,
  trial,
  purpose,
})
const numbered = <T>(of: (i: number) => T) => Array.from({ length: pairs }, (_, i) => of(i))

const relations: Readonly<Record<string, () => readonly (readonly [StreamSelector, StreamSelector])[]>> = {
  'trials t and t + 1': () => numbered((i) => [slot(2 * i), slot(2 * i + 1)]),
  'trials t and t + 2^32': () => numbered((i) => [slot(i), slot(i + 2 ** 32)]),
  'trials that differ in one bit': () => numbered((i) => [slot(i), slot(i + 2 ** (11 + (i % 38)))]),
  'drift and start of a trial': () => numbered((i) => [slot(i, 'drift'), slot(i, 'start')]),
  'drift and data of a trial': () => numbered((i) => [slot(i, 'drift'), slot(i, 'data')]),
  'data and auxiliary of a trial': () => numbered((i) => [slot(i, 'data'), slot(i, 'auxiliary')]),
  'seeds s and s + 1': () =>
    numbered((i) => [
      slot(7, 'drift', streamKey({ ...cell, seed: String(2 * i) })),
      slot(7, 'drift', streamKey({ ...cell, seed: String(2 * i + 1) })),
    ]),
  'cells that differ in a step': () =>
    numbered((i) => [
      slot(7, 'drift', streamKey({ ...cell, trial: { ...cell.trial, steps: 100 + 2 * i } })),
      slot(7, 'drift', streamKey({ ...cell, trial: { ...cell.trial, steps: 101 + 2 * i } })),
    ]),
  'keys that differ in one bit': () =>
    numbered((i) => {
      const other = [...key] as [number, number, number]
      const word = i % 3
      other[word] = (other[word]! ^ (1 << (Math.floor(i / 3) % 32))) >>> 0
      return [slot(i), slot(i, 'drift', other)]
    }),
}

/** `draws` words of both streams of every pair: high and low half of the first, then of the second. */
type Words = (visit: (high: number, low: number, otherHigh: number, otherLow: number) => void) => void

async function wordsOf(both: readonly (readonly [StreamSelector, StreamSelector])[]): Promise<Words> {
  const streams = await Streams.of(both.flat())
  return (visit) => {
    for (let round = 0; round < draws; round += 16) {
      const words = streams.words(16)
      for (let i = 0; i < words.length; i += 4) visit(words[i + 1]!, words[i]!, words[i + 3]!, words[i + 2]!)
    }
  }
}

/** The p-value of each check: correlation, pairs of the upper 4 bits, each of the 64 bits of the exclusive or. */
function relate(words: Words): Readonly<Record<string, number>> {
  let [n, products] = [0, 0]
  const table = new Float64Array(256)
  const bits = new Float64Array(64)
  words((high, low, otherHigh, otherLow) => {
    n += 1
    products += (high / 2 ** 32 - 0.5) * (otherHigh / 2 ** 32 - 0.5)
    table[(high >>> 28) * 16 + (otherHigh >>> 28)]! += 1
    const [upper, lower] = [high ^ otherHigh, low ^ otherLow]
    for (let bit = 0; bit < 32; bit++) {
      bits[bit]! += (lower >>> bit) & 1
      bits[32 + bit]! += (upper >>> bit) & 1
    }
  })
  const chiSquare = (counts: Float64Array, expected: number, variance: number) =>
    counts.reduce((sum, count) => sum + (count - expected) ** 2 / variance, 0)
  return {
    correlation: twoSided((products * 12) / Math.sqrt(n)),
    'upper bits': chiSquareTail(chiSquare(table, n / 256, n / 256), 255),
    'exclusive or': chiSquareTail(chiSquare(bits, n / 2, n / 4), 64),
  }
}

describe('streams side by side are independent', () => {
  it.each(Object.keys(relations))('%s', async (name) => {
    for (const [check, p] of Object.entries(relate(await wordsOf(relations[name]!())))) {
      expect(p, check).toBeGreaterThan(falseAlarm)
    }
  })

  it('the first words of trials in a row are uniform and uncorrelated', async () => {
    const streams = await Streams.of(Array.from({ length: 65_536 }, (_, trial) => slot(trial)))
    const words = streams.words(1).slice()
    const p = relate((visit) => {
      for (let i = 0; i < words.length; i += 4) visit(words[i + 1]!, words[i]!, words[i + 3]!, words[i + 2]!)
    })
    for (const [check, value] of Object.entries(p)) expect(value, check).toBeGreaterThan(falseAlarm)
  })
})

describe('dependence is seen', () => {
  const smallest = (words: Words) => Math.min(...Object.values(relate(words)))

  it('of a stream on itself', async () => {
    expect(smallest(await wordsOf(numbered((i) => [slot(i), slot(i)])))).toBeLessThan(falseAlarm)
  })

  it('where the index itself is the state of the generator', () => {
    const state = (trial: number) => new Xoshiro(Uint32Array.of(trial, 0, 1, 0, 2, 0, 3, 0))
    const words: Words = (visit) => {
      for (let i = 0; i < pairs; i++) {
        const [one, other] = [state(2 * i + 1), state(2 * i + 2)]
        for (let draw = 0; draw < 16; draw++) {
          one.next()
          other.next()
          visit(one.high, one.low, other.high, other.low)
        }
      }
    }
    expect(smallest(words)).toBeLessThan(falseAlarm)
  })

  it('where one word in fifty is shared', async () => {
    const words = await wordsOf(numbered((i) => [slot(2 * i), slot(2 * i + 1)]))
    let count = 0
    const shared: Words = (visit) =>
      words((high, low, otherHigh, otherLow) => {
        count += 1
        if (count % 50 === 0) visit(high, low, high, low)
        else visit(high, low, otherHigh, otherLow)
      })
    expect(smallest(shared)).toBeLessThan(falseAlarm)
  })
})
