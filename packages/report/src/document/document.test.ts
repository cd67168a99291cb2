import { expect, test } from 'vitest'
import { cell, results, resultsData } from '../fixtures/results.ts'
import { integer, real } from './fields.ts'

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
