import { elementary } from '@driftfarm/formula'
import { describe, expect, it } from 'vitest'
import { chiSquareTail, normalityTests, poissonTest, upperTail } from './normality.fixture.ts'
import { type Distortion, type StreamSelector, Streams } from './streams.fixture.ts'
import { trialStream } from './streams.ts'

/**
 * The normals of the drift over 10^8 draws (10^10 by `npm run test:random`). Thirteen checks, each fails by chance with
 * 1e-6; the streams are fixed, so it does not change from run to run.
 */
const falseAlarm = 1e-6
const key = [20261125, 1, 2] as const
const slots = Array.from({ length: 8 }, (_, trial): StreamSelector => ({ key, trial, purpose: 'drift' }))

async function smallest(n: number, distortion?: Distortion): Promise<readonly [name: string, p: number]> {
  const tests = normalityTests((await Streams.of(slots)).count(n, distortion))
  return [...tests].reduce((least, one) => (one[1] >= least[1] ? least : one))
}

describe('normals', () => {
  it('have the moments, tails and bins of the standard normal', async () => {
    const [name, p] = await smallest(1e8)
    expect(p, name).toBeGreaterThan(falseAlarm)
  })

  it.each<[string, Distortion]>([
    ['scale wrong by a thousandth', { scale: 1.001 }],
    ['tails cut off at 5', { most: 5 }],
  ])('%s is seen', async (_, distortion) => {
    const [, p] = await smallest(1e8, distortion)
    expect(p).toBeLessThan(falseAlarm)
  })

  it('follow the distribution function (Kolmogorov and Smirnov, a million)', async () => {
    const streams = await Streams.of(slots)
    const values = Float64Array.from({ length: 1_000_000 })
    for (let at = 0; at < values.length; at += 8000) values.set(streams.normals(1000), at)
    const distance = (scale: number) => {
      const sorted = values.map((x) => x * scale).sort()
      const n = sorted.length
      return sorted.reduce((most, x, i) => {
        const p = 0.5 + 0.5 * elementary.erf(x / Math.SQRT2)
        return Math.max(most, p - i / n, (i + 1) / n - p)
      }, 0)
    }
    // sqrt(n) D exceeds 2.694 with probability 2 exp(-2 2.694^2) = 1e-6.
    const limit = 2.694 / Math.sqrt(values.length)
    expect(distance(1)).toBeLessThan(limit)
    // Another scale by two per cent is seen.
    expect(distance(1.02)).toBeGreaterThan(limit)
  })
})

describe('what they are judged by', () => {
  it('is right at known values', () => {
    // SciPy 1.17: stats.norm.sf(3), stats.norm.sf(6), stats.chi2.sf(300, 255).
    expect(upperTail(3) / 1.3498980316300933e-3).toBeCloseTo(1, 12)
    expect(upperTail(6) / 9.865876450376946e-10).toBeCloseTo(1, 12)
    expect(chiSquareTail(300, 255)).toBeCloseTo(0.02773, 4)
    // 2 * stats.poisson.cdf(3, 10).
    expect(poissonTest(3, 10)).toBeCloseTo(0.0206721, 6)
  })

  it('are words of the streams of trials', async () => {
    const words = (await Streams.of(slots)).words(3, 2)
    for (const [slot, { trial, purpose }] of slots.entries()) {
      const stream = trialStream(key, trial, purpose)
      for (let round = 0; round < 3; round++) {
        for (let i = 0; i < 2; i++) {
          stream.next()
          const at = 2 * ((round * 8 + slot) * 2 + i)
          expect([words[at], words[at + 1]]).toEqual([stream.low, stream.high])
        }
      }
    }
  })
})
