import type { SweepListData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { likelyFirst } from './likelyFirst.ts'

test('the likeliest sweep to compare with is a changed copy, then one over the same cells', () => {
  const eta = { path: 'update.eta', from: 0.1, to: 0.2, count: 3 }
  const sweep = (id: string, name: string, axes: readonly object[], landscape = 'double-well') =>
    ({ id, name, axes, landscape }) as SweepListData['sweeps'][number]
  const all = [
    sweep('1', 'other', [], 'quadratic'),
    sweep('2', 'wide', [{ ...eta, to: 1 }]),
    sweep('3', 'laplace', [eta]),
    sweep('4', 'wells', [eta]),
    sweep('5', 'wells-2', [{ ...eta, to: 1 }]),
    sweep('6', 'well', []),
  ]
  expect(likelyFirst(all, '4').map(({ id }) => id)).toEqual(['5', '3', '2', '6', '1'])
  expect(likelyFirst(all, 'unknown')).toHaveLength(6)
})
