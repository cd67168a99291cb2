import type { OpenDemand } from '@driftfarm/database'
import { layoutOf, zeroTally } from '@driftfarm/kernel'
import { tallyToJson } from '@driftfarm/statistics'
import { expect, test } from 'vitest'
import { specText, sweepOf } from './farm.fixture.ts'
import { spendRound } from './spend.ts'

const until = { estimate: 'escape', relative: 0.1, min: 1000, max: 100_000 }

/** Cells that wait at `trials` with so many escapes. */
function waiting(counts: readonly (readonly [escaped: number, trials: number])[], budget: number): OpenDemand[] {
  const seeds = counts.map((_, seed) => seed)
  const sweep = sweepOf(specText({ until, budget, sweep: { seed: seeds } }))
  return counts.map(([escaped, trials], index) => {
    const { cell, id } = sweep.cell(index)
    const layout = layoutOf(cell)
    const ends = [escaped, 0, 0, trials - escaped]
    const tally = { ...zeroTally(layout, []), trials, escaped, exits: [escaped], ends }
    return {
      index,
      cell: id,
      trial: cell.trial,
      layout,
      demand: sweep.demand,
      cells: counts.length,
      extended: false,
      target: trials,
      trials,
      batches: 1,
      tally: tallyToJson(tally),
      digest: 'mset128:00000000000000000000000000000001',
      cpuSeconds: 1,
      estimates: null,
      stopped: null,
      next: trials,
      missing: 0,
    }
  })
}

test('cells of about the greatest need go on together, to their next check points', () => {
  const cells = waiting(
    [
      [100, 1000],
      [10, 1000],
      [11, 1000],
      [400, 1000],
    ],
    100_000,
  )
  expect(spendRound(cells, 4000)).toEqual({
    goOn: [
      { index: 1, target: 1250 },
      { index: 2, target: 1250 },
    ],
    end: [],
  })
})

test('cells without an event come first, of those the ones with fewest trials', () => {
  const cells = waiting(
    [
      [1, 1000],
      [0, 1250],
      [0, 1000],
      [0, 1000],
    ],
    100_000,
  )
  expect(spendRound(cells, 4250).goOn).toEqual([
    { index: 2, target: 1250 },
    { index: 3, target: 1250 },
  ])
})

test('a step that is too dear is passed over; where none is cheap enough, all end with intervals that hold', () => {
  const cells = waiting(
    [
      [10, 10_000],
      [100, 1000],
      [90, 1000],
    ],
    12_600,
  )
  expect(spendRound(cells, 12_000).goOn.map(({ index }) => index)).toEqual([2, 1])
  expect(spendRound(cells, 12_300).goOn).toEqual([{ index: 2, target: 1250 }])
  const { goOn, end } = spendRound(cells, 12_400)
  expect(goOn).toEqual([])
  expect(end.map(({ settlement }) => [settlement.state, settlement.stopped, settlement.trials])).toEqual([
    ['done', { rule: 'budget' }, 10_000],
    ['done', { rule: 'budget' }, 1000],
    ['done', { rule: 'budget' }, 1000],
  ])
  expect(end[1]!.settlement.estimates!.escape!.method).toBe('clopper-pearson/22')
})
