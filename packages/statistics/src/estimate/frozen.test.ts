import { createHash } from 'node:crypto'
import type { RecordLayout } from '@driftfarm/kernel'
import { describe, expect, test } from 'vitest'
import type { How } from '../stopping/how.ts'
import { type TallyJson, tallyFromJson } from '../tallyJson.ts'
import { estimatesOf } from './estimatesOf.ts'
import frozen from './fixtures/frozen.json'

// Digests of JSON of all estimates, as they were when each number was computed anew for every cell: of double wells
// with 10, 100 and 1000 trials, with one exit and with several, in all ways in which trials come to be as many as they
// are. Estimates are stored and compared by `verify`, so that a changed bit is a change of the program's results.

const digestOf = ([tally, demand, how]: readonly (string | number)[]): string => {
  const { layout, trial, tally: counts } = frozen.tallies[Number(tally)]!
  const shape = frozen.layouts[layout] as RecordLayout
  const ways = { ...frozen.hows[Number(how)], trial } as unknown as How
  const asked = frozen.demands[Number(demand)] as Parameters<typeof estimatesOf>[2]
  const estimates = estimatesOf(tallyFromJson(counts as unknown as TallyJson, shape), shape, asked, ways)
  return createHash('sha256').update(JSON.stringify(estimates)).digest('hex').slice(0, 16)
}

describe('estimates keep every bit', () => {
  test('one after the other', () => {
    expect(frozen.cases.map(digestOf)).toEqual(frozen.cases.map(([, , , digest]) => digest))
  })

  test('and in another order, when limits of equal counts are known already', () => {
    const turned = frozen.cases.toReversed()
    expect(turned.map(digestOf)).toEqual(turned.map(([, , , digest]) => digest))
  })
})
