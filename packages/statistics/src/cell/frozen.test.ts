import { describe, expect, test } from 'vitest'
import { cases, digestOf } from './frozen.fixture.ts'

// Digests of JSON of all estimates, as they were when each number was computed anew for every cell: of double wells
// with 10, 100 and 1000 trials, with one exit and with several, in all ways in which trials come to be as many as they
// are. Estimates are stored and compared by `verify`, so that a changed bit is a change of the program's results.
// `node --import tsx packages/statistics/freeze.ts` writes those of new cases.

describe('estimates keep every bit', () => {
  test('one after the other', () => {
    expect(cases.map(digestOf)).toEqual(cases.map(([, , , digest]) => digest))
  })

  test('and in another order, when limits of equal counts are known already', () => {
    const turned = cases.toReversed()
    expect(turned.map(digestOf)).toEqual(turned.map(([, , , digest]) => digest))
  })
})
