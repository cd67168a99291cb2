import { expect, test } from 'vitest'
import { parseSweep } from './parseSweep.ts'

test('--trials is replicas where all cells split, and trials of the direct ones where some do', () => {
  const base = {
    version: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { eta: 0.1, drift: 'none' },
    trial: { steps: 9, escape: 'x >= 0' },
  }
  const demandWith = (method: unknown, trials: number | undefined) =>
    parseSweep(JSON.stringify({ ...base, method, trials: 50 }), {
      fileName: 'a',
      ...(trials === undefined ? {} : { trials }),
    }).demand
  expect(demandWith({ splitting: { replicas: 8 } }, undefined).trials).toBe(8)
  expect(demandWith({ splitting: { replicas: 8 } }, 3).trials).toBe(3)
  expect(demandWith('splitting', undefined).trials).toBe(50)
  expect(demandWith({ both: { replicas: 8 } }, 3)).toMatchObject({ trials: 3, replicas: 8 })
})
