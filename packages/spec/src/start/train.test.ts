import { describe, expect, test } from 'vitest'
import { cellId, trainingCell } from '../index.ts'
import { cellOf, mistakeOf, plan } from '../plan/plan.fixture.ts'

const network = { network: { layers: [2, 2, 1], data: { preset: 'xor' }, batch: 2 } }
const train = { update: { eta: 0.2 }, until: 'loss <= 0.1', steps: 500 }
const startOf = (change: object, more: object = {}) =>
  cellOf({ landscape: network, start: { train: { ...train, ...change } }, ...more }).start

const gradient = {
  rule: { kind: 'gradient' },
  eta: { kind: 'constant', value: 0.2 },
  drift: [],
}

test('a network is trained from he, once for all trials', () => {
  expect(startOf({})).toEqual({
    kind: 'train',
    from: { kind: 'init', law: 'he' },
    update: gradient,
    until: 'loss <= 0.1',
    steps: 500,
    per: 'cell',
  })
})

test('without a condition, training takes all its steps', () => {
  expect(startOf({ until: undefined, per: 'trial' })).toMatchObject({ until: null, per: 'trial' })
})

test('a condition may be evaluated at some steps only', () => {
  const when = 'loss <= 0.1'
  expect(startOf({ until: { when, every: 20 } })).toMatchObject({ until: when, every: 20 })
  expect(startOf({ until: { when, every: 1 } })).toEqual(startOf({}))
  const cell = cellOf({ landscape: network, start: { train: { ...train, until: { when, every: 20 } } } })
  expect(trainingCell(cell)).toMatchObject({ kernel: 4, trial: { converge: { when, every: 20, hold: 1 } } })
})

test('training begins anywhere else', () => {
  const descend = { from: { init: 'lecun' }, steps: 5 }
  expect(startOf({ from: { init: 'xavier' } })).toMatchObject({ from: { kind: 'init', law: 'xavier' } })
  expect(startOf({ from: { descend } })).toMatchObject({ from: { kind: 'descend', from: { law: 'lecun' } } })
})

test('steps and eta are those of the training run', () => {
  const update = { eta: 0.2, drift: { sigma: '= s * eta / steps' } }
  expect(startOf({ update }, { let: { s: 3 } })).toMatchObject({
    update: { drift: [{ amount: { value: (3 * 0.2) / 500 } }] },
  })
})

test('training depends on what it does, and on nothing else', () => {
  const sweep = (axes: object) => {
    const cells = [...plan({ landscape: network, start: { train }, sweep: axes }).cells()]
    return new Set(cells.map(({ cell }) => cellId(trainingCell(cell)!))).size
  }
  const drift = [{ sigma: 1 }, { sigma: 2 }]
  expect(sweep({ 'update.drift': drift, 'update.eta': [0.1, 0.2], 'trial.steps': [5, 6] })).toBe(1)
  expect(sweep({ 'start.train.per': ['cell', 'trial'] })).toBe(1)
  expect(sweep({ 'start.train.update.eta': [0.1, 0.2], 'start.train.steps': [10, 20], seed: [1, 2] })).toBe(8)
})

test('cells with a trained start need version 4 of the kernel', () => {
  expect(cellOf({ landscape: network, start: { train } }).kernel).toBe(4)
  expect(trainingCell(cellOf({ landscape: network, start: { train } }))!.kernel).toBe(2)
})

describe('mistakes', () => {
  const wrong = (change: object, more: object = {}) =>
    mistakeOf({ landscape: network, start: { train: { ...train, ...change } }, ...more })
  test.each([
    ['a key of the update', { update: { eta: -1 } }, 'start.train.update.eta', 'a number > 0'],
    ['a drift', { update: { eta: 1, drift: { sigma: 1, every: 501 } } }, 'start.train.update.drift.every', '500'],
    ['a condition', { until: 'los <= 1' }, 'start.train.until', 'did you mean loss?'],
    ['a rare condition', { until: { when: 'loss <= 1', every: 501 } }, 'start.train.until.every', 'from 1 to 500'],
    ['a condition without when', { until: { every: 5 } }, 'start.train.until.when', 'a condition such as'],
    ['a late condition', { until: 'step > 500' }, 'start.train.until', 'is false at every step from 1 to'],
    ['no steps', { steps: undefined }, 'start.train', 'steps'],
    ['training before', { from: { train } }, 'start.train.from', 'training cannot start from other training'],
  ])('%s', (_what, change, path, words) => {
    const message = wrong(change)
    expect(message).toContain(path)
    expect(message).toContain(words)
  })

  test('a landscape without a usual start', () => {
    expect(mistakeOf({ start: { train } })).toContain('start.train.from: is missing')
  })

  test('a descent from training', () => {
    expect(mistakeOf({ landscape: network, start: { descend: { from: { train } } } })).toContain(
      'a descent cannot start from training',
    )
  })

  test('a replica has one start', () => {
    const splitting = { method: 'splitting', trial: { steps: 9, escape: 'loss > 9' } }
    expect(wrong({ per: 'trial' }, splitting)).toContain(
      'start.train.per: "per: trial" cannot be used with this method',
    )
    expect(wrong({}, splitting)).toBe('nothing was thrown')
  })
})
