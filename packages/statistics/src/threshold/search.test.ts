import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPoints } from '../cell/guard.ts'
import { uniforms } from '../fixtures/draws.ts'
import { clopperPearson } from '../interval/fixedSize.ts'
import { crossingsOf, firstPlaces, nextPlaces, type ThresholdSide, type VisitedPoint } from './search.ts'

type Sides = (place: number) => ThresholdSide

/** Follows a search to its end; `pick` chooses which of the open points is decided next. */
function visited(points: number, side: Sides, pick: (open: readonly number[]) => number = ([first]) => first!) {
  const line = new Map<number, ThresholdSide | 'open'>()
  for (;;) {
    for (const place of nextPlaces({ points }, line)) line.set(place, 'open')
    const open = [...line].flatMap(([place, known]) => (known === 'open' ? [place] : []))
    if (open.length === 0) return [...line.keys()].sort((a, b) => a - b)
    const place = pick(open)
    line.set(place, side(place))
  }
}

const risingAt =
  (at: number): Sides =>
  (place) =>
    place >= at ? 'above' : 'below'

describe('the search of a line', () => {
  test('begins at the ends and at seven points between them, or at all of a coarse grid', () => {
    expect(firstPlaces({ points: 129 })).toEqual([0, 16, 32, 48, 64, 80, 96, 112, 128])
    expect(firstPlaces({ points: 9 })).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(firstPlaces({ points: 2 })).toEqual([0, 1])
  })

  test('halves the interval that holds the crossing', () => {
    expect(visited(129, risingAt(37))).toEqual([0, 16, 32, 36, 37, 38, 40, 48, 64, 80, 96, 112, 128])
    expect(visited(2, risingAt(1))).toEqual([0, 1])
  })

  test('looks no further where nothing crosses, and where nothing can be decided', () => {
    for (const side of ['above', 'below', 'undecided'] as const)
      expect(visited(1025, () => side)).toEqual([...firstPlaces({ points: 1025 })])
  })

  test('looks on both sides of what is undecided', () => {
    const side: Sides = (place) => (place === 37 ? 'undecided' : place > 37 ? 'above' : 'below')
    expect(visited(129, side)).toEqual([0, 16, 32, 36, 37, 38, 40, 48, 64, 80, 96, 112, 128])
  })

  test('visits the same places in whatever order they are decided', () => {
    const sides = fc.array(fc.constantFrom('above', 'below', 'undecided' as const), { minLength: 65, maxLength: 65 })
    fc.assert(
      fc.property(sides, fc.array(fc.nat(), { minLength: 1, maxLength: 20 }), (of, picks) => {
        let turn = 0
        const any = (open: readonly number[]) => open[picks[turn++ % picks.length]! % open.length]!
        expect(visited(65, (place) => of[place]!, any)).toEqual(visited(65, (place) => of[place]!))
      }),
      { seed: 20261127, numRuns: 300 },
    )
  })

  test('a monotone line takes nine points and one for each halving of an eighth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: 14 }), fc.double({ min: 0, max: 1, noNaN: true }), (k, share) => {
        const points = 2 ** k + 1
        const at = 1 + Math.floor(share * (points - 2))
        const places = visited(points, risingAt(at))
        expect(places).toHaveLength(9 + (k - 3))
        expect(places).toContain(at)
        expect(places).toContain(at - 1)
      }),
      { seed: 20261127, numRuns: 200 },
    )
  })
})

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
