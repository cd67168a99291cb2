import { describe, expect, test } from 'vitest'
import { checkPoints } from '../cell/checkPoints.ts'
import { uniforms } from '../fixtures/draws.ts'
import { clopperPearson } from '../interval/fixedSize.ts'
import { crossingsOf, type VisitedPoint } from './crossings.ts'
import { nextPlaces, type ThresholdSide } from './search.ts'

const point = (place: number, side: ThresholdSide, estimate: number): VisitedPoint => ({
  place,
  at: place / 8,
  side,
  estimate,
})

describe('the crossings of a line', () => {
  test('one, between the last point below and the first one above', () => {
    const found = crossingsOf([point(0, 'below', 0.1), point(3, 'below', 0.4), point(4, 'above', 0.6)], 0.5)
    expect(found).toEqual({
      found: 'one',
      side: null,
      isLocated: true,
      crossings: [{ value: (3 + 0.5) / 8, low: 3 / 8, high: 4 / 8, direction: 'rising' }],
    })
  })

  test('an undecided point lies inside a crossing; two of them are too many to be located', () => {
    const line = [point(3, 'below', 0.4), point(4, 'undecided', 0.49), point(5, 'above', 0.6)]
    expect(crossingsOf(line, 0.5)).toMatchObject({
      found: 'one',
      isLocated: true,
      crossings: [{ low: 3 / 8, high: 5 / 8 }],
    })
    const wide = [...line.slice(0, 2), point(5, 'undecided', 0.52), point(6, 'above', 0.6)]
    expect(crossingsOf(wide, 0.5)).toMatchObject({ found: 'one', isLocated: false })
    expect(crossingsOf(wide, 0.5).crossings[0]!.value).toBeCloseTo((4 + 1 / 3) / 8, 12)
  })

  test('several, none and undecided are told apart', () => {
    const there = [point(0, 'below', 0.1), point(4, 'above', 0.9), point(8, 'below', 0.2)]
    expect(crossingsOf(there, 0.5)).toMatchObject({
      found: 'several',
      crossings: [{ direction: 'rising' }, { direction: 'falling' }],
    })
    expect(crossingsOf([point(0, 'above', 0.7), point(8, 'above', 0.9)], 0.5)).toMatchObject({
      found: 'none',
      side: 'above',
      isLocated: true,
    })
    for (const line of [[], [point(0, 'undecided', 0.5)], [point(0, 'below', 0.1), point(8, 'undecided', 0.5)]])
      expect(crossingsOf(line, 0.5)).toMatchObject({ found: 'undecided', isLocated: false, crossings: [], side: null })
  })
})

const points = 65
const most = 2000
const looks = checkPoints(100, most)

/** Whether the crossing of a logistic curve lies outside what a search finds with intervals at this share of alpha. */
function misses(crossing: number, alpha: number, draw: () => number): boolean {
  const probability = (place: number) => 1 / (1 + Math.exp(-0.05 * (place - crossing)))
  const line = new Map<number, ThresholdSide>()
  const estimates = new Map<number, number>()
  for (;;) {
    const next = nextPlaces({ points }, line)
    if (next.length === 0) break
    for (const place of next) {
      let events = 0
      let trials = 0
      let side: ThresholdSide = 'undecided'
      for (const look of looks) {
        for (; trials < look; trials++) if (draw() < probability(place)) events++
        const { low, high } = clopperPearson(events, trials, 1 - alpha)
        if (low > 0.5) side = 'above'
        else if (high < 0.5) side = 'below'
        if (side !== 'undecided') break
      }
      line.set(place, side)
      estimates.set(place, events / trials)
    }
  }
  const visited = [...line].map(([place, side]) => ({ place, side, at: place, estimate: estimates.get(place)! }))
  const { crossings, found } = crossingsOf(
    visited.sort((a, b) => a.place - b.place),
    0.5,
  )
  return found !== 'one' || !(crossings[0]!.low < crossing && crossing < crossings[0]!.high)
}

test('crossings of logistic curves lie in their intervals; sides taken at 95 % a look do not hold them', () => {
  const runs = 200
  const count = (alpha: number) => {
    const draw = uniforms(20261127)
    let missed = 0
    for (let run = 0; run < runs; run++) if (misses(8 + 48 * draw(), alpha, draw)) missed++
    return missed
  }
  // At most 5 % of the lines may miss: more than 20 of 200 has a probability below 0.002. The union bound over all
  // points and looks is far on the safe side, so that none is expected.
  expect(count(0.05 / looks.length / points)).toBeLessThanOrEqual(20)
  expect(count(0.05)).toBeGreaterThan(20)
}, 60_000)
