import type { Recommended } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { farmSeconds } from './farmSeconds.ts'

const load = { threads: 4, of: 'workers', sweeps: 1 } as const
const work = { ...load, cpuSeconds: 100, longest: 2, cells: 1, recommended: [] }
const cell = (direct: number | null, splitting: number | null = null): Recommended => ({
  cell: 0,
  method: splitting === null ? 'direct' : 'splitting',
  probability: null,
  seconds: { direct, splitting },
  reason: '',
})

test('work is divided among all threads, but a trial is not', () => {
  expect(farmSeconds(work)).toEqual({ ...load, elapsed: 25 })
  expect(farmSeconds({ ...work, longest: 30 })).toEqual({ ...load, elapsed: 30 })
  expect(farmSeconds({ ...work, cpuSeconds: 0, longest: 0 }).elapsed).toBe(0)
})

test.each([
  ['one cell', 1, [cell(8)], { direct: 2, splitting: null }],
  ['equal cells', 10, [cell(8), cell(8)], { direct: 20, splitting: null }],
  ['cells 1, 2, 4 and 8', 4, [cell(1), cell(8)], { direct: 15 / 4, splitting: null }],
  ['cells 8, 4, 2 and 1', 4, [cell(8), cell(1)], { direct: 15 / 4, splitting: null }],
  ['rare, then frequent', 2, [cell(100, 6), cell(2)], { direct: 102 / 4, splitting: 8 / 4 }],
  ['no direct estimate', 2, [cell(null, null), cell(2)], undefined],
  ['no escape that could be measured', 1, [{ ...cell(null), method: 'splitting' as const }], undefined],
  ['another method in the last cell', 2, [cell(1)], undefined],
  ['times of 0', 3, [cell(4), cell(0)], { direct: 1, splitting: null }],
])('precise times of %s', (_, cells, recommended, precise) => {
  const found = farmSeconds({ ...work, cells, recommended }).precise
  if (precise === undefined) return expect(found).toBeUndefined()
  expect(found!.direct).toBeCloseTo(precise.direct, 3)
  expect(found!.splitting).toEqual(precise.splitting === null ? null : expect.closeTo(precise.splitting, 9))
})
