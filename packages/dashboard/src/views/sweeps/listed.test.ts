import { expect, test } from 'vitest'
import { inOrder, type Listed, matches } from './listed.ts'

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
  tags: { part: 'first' },
  newest: true,
  differs: [],
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
  [{ state: ['running', 'paused'] as const }, true],
  [{ state: ['paused'] as const }, false],
  [{ tag: 'part' }, true],
  [{ tag: 'part:first' }, true],
  [{ tag: 'part:second' }, false],
  [{ tag: 'other' }, false],
] as const)('%j finds it: %s', (search, found) => expect(matches(sweep({}), search as never)).toBe(found))

test('by interval width: the widest first, those without an estimate last', () => {
  const of = (name: string, relative: number | null) =>
    sweep({ name, worst: relative === null ? null : { cell: 0, estimate: 'escape', relative } })
  const sorted = inOrder([of('none', null), of('good', 0.01), of('bad', 2)], 'worst')
  expect(sorted.map(({ name }) => name)).toEqual(['bad', 'good', 'none'])
})

test('by progress: the least first, also for 64-bit numbers', () => {
  const huge = sweep({ name: 'huge', trialsDone: '9000000000000000000', trialsRequested: '10000000000000000000' })
  expect(inOrder([huge, sweep({})], 'progress').map(({ name }) => name)).toEqual(['well', 'huge'])
})
