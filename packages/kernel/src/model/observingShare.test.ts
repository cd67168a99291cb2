import { type Cell, parseSweep } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { observingShare, stepCost, trialCost } from './cost.ts'

const network = (method?: object): Cell => {
  const rows = Array.from({ length: 400 }, (_, i) => [i / 400, (i * 7) % 3, i % 2])
  const spec = {
    version: 1,
    landscape: {
      network: {
        layers: [2, 8, 1],
        activation: 'tanh',
        data: { inputs: rows.map(([a, b]) => [a, b]), targets: rows.map(([, , t]) => [t]) },
        batch: 2,
      },
    },
    start: { init: 'he' },
    update: { rule: 'gradient', eta: 0.1 },
    trial: { steps: 1000, escape: 'distance > 1' },
    ...(method && { method }),
    trials: 1,
  }
  return parseSweep(JSON.stringify(spec), { fileName: 'a.json' }).cell(0).cell
}

test('a value costs a trial as much as a condition that is evaluated as often', () => {
  const cell = network()
  const marks = [['up', 'sharpness > 1', 100]] as const
  const looked = trialCost({ ...cell, trial: { ...cell.trial, marks } }) / trialCost(cell) - 1
  // A series has a point at step 0 too.
  expect(observingShare(cell, ['sharpness@every:100'])).toBeCloseTo(looked * 1.1, 6)
  expect(observingShare(cell, ['sharpness@escape', 'sharpness@horizon'])).toBeCloseTo(looked * 0.2, 6)
  expect(stepCost(cell)).toEqual(stepCost(network()))
})

test('nothing, cheap values and the replicas of splitting cost nothing', () => {
  expect(observingShare(network(), [])).toBe(0)
  expect(observingShare(network(), ['x[1]@every:10'])).toBe(0)
  expect(observingShare(network({ splitting: { particles: 10, replicas: 2 } }), ['sharpness@horizon'])).toBe(0)
})
