import { expect, test } from 'vitest'
import { inOrder, type Listed, matches, sweepsSearch } from './listed.ts'

const sweep = (change: Partial<Listed>): Listed => ({
  id: 'a'.repeat(32),
  name: 'well',
  state: 'running',
  cells: 1,
  trialsDone: '1',
  trialsRequested: '10',
  submittedAt: '2026-11-27T10:00:00Z',
  stopsByRule: false,
  worst: null,
  tags: { part: 'first', time: '12:30' },
  title: 'The Title',
  notes: 'to remember',
  newest: true,
  differs: [{ path: 'trial.steps', value: '500' }],
  axes: [{ path: 'update.drift.sigma', from: 1, to: 2, count: 3 }],
  submittedBy: 'ada',
  landscape: 'quartic',
  settings: [
    { path: 'update.drift.law', value: 'laplace' },
    { path: 'update.eta', value: '0.25' },
  ],
  ...change,
})

test.each([
  [{}, true],
  [{ q: 'WEL' }, true],
  [{ q: 'well -double' }, true],
  [{ q: '-well' }, false],
  [{ q: '-' }, false],
  [{ q: 'aaaa' }, true],
  [{ q: 'other' }, false],
  [{ q: 'title' }, true],
  [{ q: 'remember' }, true],
  [{ q: 'laplace -gaussian' }, true],
  [{ q: 'quartic' }, true],
  [{ q: 'sigma' }, true],
  [{ q: 'eta 0.25' }, true],
  [{ q: 'steps' }, true],
  [{ q: 'first' }, true],
  [{ q: 'part: first' }, true],
  [{ q: 'part:first' }, true],
  [{ q: 'ada' }, true],
  [{ state: ['running', 'paused'] as const }, true],
  [{ state: ['paused'] as const }, false],
  [{ tag: 'part' }, true],
  [{ tag: 'part:first' }, true],
  [{ tag: 'part:second' }, false],
  [{ tag: 'part: first' }, true],
  [{ tag: 'part:' }, true],
  [{ tag: 'time: 12:30' }, true],
  [{ tag: 'other' }, false],
  [{ tag: 'constructor' }, false],
] as const)('%j finds it: %s', (search, found) => expect(matches(sweep({}), search as never)).toBe(found))

test('by precision: the least precise first, and before them sweeps without a finished cell', () => {
  const of = (name: string, precise: number | null) =>
    sweep({ name, ...(precise !== null && { precision: { finished: 10, precise, widest: null } }) })
  const all = [of('good', 9), of('none', null), of('bad', 0)]
  expect(inOrder(all, 'precise').map(({ name }) => name)).toEqual(['none', 'bad', 'good'])
  expect(inOrder(all, '-precise').map(({ name }) => name)).toEqual(['good', 'bad', 'none'])
})

test('each column sorts both ways, and an unknown order of an old address is ignored', () => {
  const old = { submittedAt: '2026-11-27T10:00:00Z', finishedAt: '2026-11-27T11:00:00Z' }
  const all = [
    sweep({ name: 'b', title: 'B', landscape: 'banana', submittedBy: 'ada', state: 'complete', ...old }),
    sweep({ name: 'c', title: 'A title', axes: [{ path: 'update.eta', from: 0, to: 1, count: 3 }], cells: 3 }),
  ]
  for (const order of ['newest', 'name', 'landscape', 'axes', 'state', 'trials', 'by', 'took'] as const)
    expect(inOrder(all, `-${order}`), order).toEqual([...inOrder(all, order)].reverse())
  expect(inOrder(all, 'name').map(({ name }) => name)).toEqual(['c', 'b'])
  expect(inOrder(all, 'took').map(({ name }) => name)).toEqual(['b', 'c'])
  expect(inOrder([], 'name')).toEqual([])
  expect(sweepsSearch.parse({ order: 'worst' }).order).toBeUndefined()
})

test('by trials: the fewest first, whatever share is done, also for 64-bit numbers', () => {
  const huge = sweep({ name: 'huge', trialsDone: '9000000000000000000', trialsRequested: '1000000000000000000000' })
  expect(inOrder([huge, sweep({})], 'trials').map(({ name }) => name)).toEqual(['well', 'huge'])
})
