import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstPlaces, nextPlaces, type ThresholdSide } from './search.ts'

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
