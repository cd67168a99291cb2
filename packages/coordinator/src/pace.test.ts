import type { FarmSnapshot, LiveSweep } from '@driftfarm/database'
import { expect, test } from 'vitest'
import { Pace } from './pace.ts'

const sweep = (change: Partial<LiveSweep> = {}): LiveSweep => ({
  ...{ id: 's', priority: 0, cells: 1, open: 1, submission: 1, state: 'running', out: 4 },
  ...{ budgeted: false, searching: false, continues: false },
  ...change,
})
const pulse = (change: Partial<FarmSnapshot> = {}): FarmSnapshot => ({
  ...{ threads: 2, kernels: [{ kernel: 1, threads: 2 }], workers: 1, out: 4, longOut: 0 },
  ...{ hasUpdates: false, hasLoose: false, hasUnqueued: false, outdated: false, sweeps: [sweep()] },
  ...change,
})

const pauses = { busyMs: 25, steadyMs: 300, idleMs: 250 }

/** Whether a look is due at the second of two pulses. */
function isDue(first: FarmSnapshot, second: FarmSnapshot): boolean {
  const pace = new Pace(pauses)
  expect(pace.changed(first)).toBe(true)
  return pace.changed(second)
}

test.each<[what: string, due: boolean, change: Partial<FarmSnapshot>]>([
  ['nothing', false, {}],
  ["more bundles out, which are the leader's own", false, { out: 6, longOut: 1, sweeps: [sweep({ out: 6 })] }],
  ['fewer bundles out', true, { out: 3, sweeps: [sweep({ out: 3 })] }],
  ['fewer of one sweep, more of another', true, { sweeps: [sweep({ out: 3 }), sweep({ id: 't', out: 1 })] }],
  ['pending updates', true, { hasUpdates: true }],
  ['loose batches', true, { hasLoose: true }],
  ['bundles without a job', true, { hasUnqueued: true }],
  ['another thread', true, { threads: 3 }],
  ['a new sweep', true, { sweeps: [sweep(), sweep({ id: 't', out: 0 })] }],
  ['a sweep gone', true, { out: 0, sweeps: [] }],
  ['a cell that ended', true, { sweeps: [sweep({ open: 0 })] }],
  ['another priority', true, { sweeps: [sweep({ priority: 2 })] }],
])('after %s a look is due: %s', (_, due, change) => {
  expect(isDue(pulse(), pulse(change))).toBe(due)
})

test('the end of a long bundle makes a pass due', () => {
  expect(isDue(pulse({ longOut: 1 }), pulse())).toBe(true)
})

test('a reset pulse counts as changed', () => {
  const pace = new Pace(pauses)
  pace.changed(pulse())
  pace.forget()
  expect([pace.changed(pulse()), pace.changed(pulse())]).toEqual([true, false])
})

test('the longer nothing changes, the longer the pause, up to its limit', () => {
  const pace = new Pace(pauses)
  const pausesOf = (busy: boolean) => [pace.delayMs(busy, true), ...[1, 2, 3, 4].map(() => pace.delayMs(busy, false))]
  expect([pausesOf(true), pausesOf(false)]).toEqual([
    [25, 50, 100, 200, 300],
    [25, 50, 100, 200, 250],
  ])
})
