import { scaleFunction } from '@driftfarm/kernel'
import type { Drift, Schedule } from '@driftfarm/spec'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { scalesAt } from './stepNoise.ts'

const positive = fc.double({ min: 1e-9, max: 1e9, noNaN: true })
const schedule = fc.oneof(
  positive.map((value): Schedule => ({ kind: 'constant', value })),
  fc.record({ kind: fc.constant('exponential' as const), initial: positive, rate: fc.double({ min: 0.5, max: 1 }) }),
)
const additive = { form: 'additive', law: { kind: 'gaussian' }, isotropic: false, when: null, every: 1 } as const
const drift = fc.oneof(
  fc
    .record({ scale: fc.constantFrom('sigma' as const, 'step' as const, 'temperature' as const), amount: schedule })
    .map((rest): Drift => ({ ...additive, ...rest })),
  schedule.map((amount): Drift => ({ form: 'flip', amount, when: null, every: 1 })),
)

test('step size and scales are those of trials, bit for bit, with and without schedules', () => {
  const cell = cellOf('double-well', {}, 1)
  fc.assert(
    fc.property(schedule, fc.array(drift, { maxLength: 3 }), fc.nat(1000), (eta, drift, n) => {
      const varied = { ...cell, update: { ...cell.update, eta, drift } }
      expect(scalesAt(varied, n)).toEqual(scaleFunction(varied)(n))
    }),
  )
})
