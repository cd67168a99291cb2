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
  const { others, likeliest } = likelyFirst(all, '4')
  expect(others.map(({ id }) => id)).toEqual(['5', '3', '2', '6', '1'])
  expect(likeliest?.id).toBe('5')
  expect(likelyFirst(all, 'unknown').others).toHaveLength(6)
  expect(likelyFirst(all, '1').likeliest).toBeUndefined()
})

test('a sweep with other events is not compared unless the reader chooses it', () => {
  const sweep = (id: string, escape: string, steps = '100') => {
    const settings = [
      { path: 'trial.escape', value: escape },
      { path: 'trial.steps', value: steps },
    ]
    return { id, name: id, landscape: 'double-well', settings } as unknown as SweepListData['sweeps'][number]
  }
  const all = [sweep('a', 'x >= 0'), sweep('b', 'x >= 1'), sweep('c', 'x >= 0', '200')]
  expect(likelyFirst(all, 'a').likeliest?.id).toBe('c')
  expect(likelyFirst(all, 'b').likeliest).toBeUndefined()
})
