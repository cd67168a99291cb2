import { expect, test } from 'vitest'
import { demand, layout, tallyOf, undecided } from '../fixtures/samples.ts'
import { clopperPearson } from '../interval/clopperPearson.ts'
import type { Events } from './defined.ts'
import { estimatesOf } from './estimatesOf.ts'

const descent = { gradient: 1e-5, eta: 0.1, steps: 100 }
const events: Events = { escape: null, converge: null, quench: null, afterEscape: 'stop', afterConverge: 'stop' }
const escaped = { ...undecided, end: 'escaped', exit: 'upper', escapedAt: 7, steps: 7 } as const
/** 3 escapes, 2 trials whose looks at the basin decided nothing, 15 that stayed. */
const tally = { ...tallyOf([...Array(3).fill(escaped), ...Array(17).fill(undecided)], []), unreached: 2 }
const of = (trial: Events) => estimatesOf(tally, layout, demand, { kind: 'fixed', trial })

test('trials that a look at the basin left undecided may have escaped or stayed', () => {
  const { escape, stay, diverge } = of({ ...events, escape: { kind: 'basin', every: 10, descent } })
  expect(escape).toMatchObject({ value: 0.15, events: 3 })
  expect(escape!.low).toBe(clopperPearson(3, 20, 0.95).low)
  expect(escape!.high).toBe(clopperPearson(5, 20, 0.95).high)
  expect(stay!.low).toBe(clopperPearson(15, 20, 0.95).low)
  expect(stay!.high).toBe(clopperPearson(17, 20, 0.95).high)
  expect(diverge).toMatchObject(clopperPearson(0, 20, 0.95))
})

test('those of a quench may have settled anywhere, and say nothing of escapes by a condition', () => {
  const estimates = of({ ...events, quench: descent })
  expect(estimates['settle:left']).toMatchObject({ low: 0, high: clopperPearson(2, 20, 0.95).high })
  expect(estimates.escape).toMatchObject(clopperPearson(3, 20, 0.95))
})
