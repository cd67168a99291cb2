import { expect, test } from 'vitest'
import { cell, results } from '../fixtures/results.ts'
import { integer, real } from './fields.ts'
import { resultsData } from './results.ts'
import { statusData } from './status.ts'
import { sweepListData } from './sweepList.ts'

test('counts add up and are named', () => {
  expect(results.cells[0]).toMatchObject({
    trials: 10000,
    counts: {
      escaped: 12,
      ends: { escaped: 12, converged: 9988, diverged: 0, undecided: 0 },
      exits: { upper: 12, lower: 0 },
      settled: { left: 9988, right: 0, other: 0 },
      classes: {},
      marks: { m2: 0 },
    },
    stopped: { rule: 'trials' },
    steps: '998920',
  })
  expect(results.sweep).toMatchObject({ cells: 3, trials: 30000 })
})

test('integers are numbers if a double holds them exactly; reals that JSON lacks are text', () => {
  expect(integer(2n ** 53n - 1n)).toBe(9007199254740991)
  expect(integer(2n ** 53n)).toBe('9007199254740992')
  expect([real(1.5), real(Number.NaN), real(-Infinity)]).toEqual([1.5, 'NaN', '-Infinity'])
  const large = { ...cell(0, {}, 0, 10), trials: 9e15 }
  expect(resultsData({ id: '', name: '', state: 'complete', seed: '0' }, [large, large]).sweep.trials).toBe(
    '18000000000000000',
  )
})

test('counts over a whole sweep are decimal text, however large', () => {
  const counts = { done: 0, open: 0, failed: 0 }
  const sweep = { id: '', name: '', state: 'running', reason: null, cells: counts }
  const more = { steps: '0', worst: null, stopsByRule: false, rulesUnmet: 0, workers: 0, threads: 0, farm: null }
  const batches = { ready: 0, leased: 0, done: 0, failed: 0 }
  const trials = { done: 12, requested: 10n ** 18n }
  expect(statusData({ ...sweep, ...more, batches, trials, events: 2n ** 53n + 1n })).toMatchObject({
    trials: { done: '12', requested: '1000000000000000000' },
    events: '9007199254740993',
  })
  const line = {
    id: '',
    name: '',
    state: 'complete',
    cells: 1,
    submittedAt: '',
    stopsByRule: false,
    worst: null,
    tags: {},
    newest: true,
    differs: [],
  }
  expect(sweepListData([{ ...line, trialsDone: 7, trialsRequested: 10n ** 18n }]).sweeps).toEqual([
    { ...line, trialsDone: '7', trialsRequested: '1000000000000000000' },
  ])
})
