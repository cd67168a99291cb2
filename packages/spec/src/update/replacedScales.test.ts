import { expect, test } from 'vitest'
import { parseSweep } from '../parseSweep.ts'

const parsed = (drift: object, sweep: object) =>
  parseSweep(
    JSON.stringify({
      version: 1,
      name: 'scales',
      seed: 1,
      landscape: { preset: 'double-well' },
      start: [-1],
      update: { rule: 'gradient', eta: 0.1, drift },
      trial: { steps: 10, escape: 'x >= 0' },
      sweep,
      trials: 10,
    }),
    { fileName: 'scales.json', readBytes: () => new Uint8Array() },
  )

test('a swept scale takes the place of the written one, in one drift and in a list', () => {
  const entry = { form: 'additive', law: 'gaussian', temperature: 0.1 }
  const swept = parsed(entry, { 'update.drift.sigma': [0.5, 1] })
  const written = parsed({ form: 'additive', law: 'gaussian', sigma: 2 }, { 'update.drift.sigma': [0.5, 1] })
  expect([...swept.cells()].map(({ id }) => id)).toEqual([...written.cells()].map(({ id }) => id))
  const [, second] = parsed([{ form: 'flip', q: 0.1 }, entry], { 'update.drift.1.step': [0.5] }).cell(0).cell.update
    .drift
  expect(second).toMatchObject({ scale: 'step', amount: { value: 0.5 } })
})

test('two that are swept, or written, cannot be given together', () => {
  const entry = { form: 'additive', law: 'gaussian' }
  expect(() => parsed(entry, { 'update.drift.sigma': [1], 'update.drift.step': [1] })).toThrow(
    /cannot be given together/,
  )
  expect(() => parsed({ ...entry, sigma: 1, temperature: 1 }, { 'update.eta': [0.1] })).toThrow(
    /cannot be given together/,
  )
})
