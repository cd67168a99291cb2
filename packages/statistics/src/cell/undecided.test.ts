import { expect, test } from 'vitest'
import type { Events } from '../evidence/evidence.ts'
import { demand, layout, tallyOf, undecided } from '../fixtures/samples.ts'
import { clopperPearson, poissonAt } from '../interval/fixedSize.ts'
import { escapeCurve } from './curves.ts'
import { estimatesOf } from './estimates.ts'

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

test('rate, mean step, its quantiles and the curve allow for them too, and a condition leaves them as they are', () => {
  const basin: Events = { ...events, escape: { kind: 'basin', every: 10, descent } }
  const open = of(basin)
  const shut = estimatesOf({ ...tally, unreached: 0 }, layout, demand, { kind: 'fixed', trial: basin })
  const N = layout.horizon
  const atRisk = 3 * 7 + 17 * N
  // 3 and at most 2 more, each of which was at risk for one step at least.
  expect(open.escapeRate!.high).toBeCloseTo(poissonAt(5, 0.05).high / (atRisk - 2 * (N - 1)), 12)
  expect(open.escapeRate).toMatchObject({ value: shut.escapeRate!.value, low: shut.escapeRate!.low })
  expect(open.escapeStep!.low).toBe(N - clopperPearson(5, 20, 0.95).high * (N - 1))
  expect(open.escapeStep!.high).toBe(N)
  expect(of({ ...events, quench: descent }).escapeRate).toEqual(shut.escapeRate)
  // With all of them undecided nothing is known but that the rate is at most one a step.
  const all = estimatesOf({ ...tallyOf(Array(4).fill(undecided), []), unreached: 4 }, layout, demand, {
    kind: 'fixed',
    trial: basin,
  })
  expect(all.escape).toMatchObject({ low: 0, high: 1 })
  expect(all.escapeRate!.high).toBeGreaterThan(1)
  expect(all.escapeStep!.low).toBe(1)
  expect(all.escapeStep!.quantileLimits).toMatchObject({ '0.5': [1, null] })

  const guard = {
    kind: 'fixed',
    interval: 'clopper-pearson',
    confidence: 0.95,
    alpha: 0.05,
    divisor: 1,
    simultaneous: null,
  } as const
  const [known, wide] = [0, 2].map((more) => escapeCurve(tally, layout, guard, more).points.at(-1)!)
  expect(wide).toMatchObject({ value: known!.value, low: known!.low })
  expect(wide!.high).toBeCloseTo(clopperPearson(5, 20, 0.95).high, 12)
  expect(wide!.bandHigh).toBeCloseTo(Math.min(1, known!.bandHigh + 0.1), 12)
})
