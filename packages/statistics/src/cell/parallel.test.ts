import type { StopRule, Until } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { ParallelFarm } from '../fixtures/parallelFarm.ts'
import { demand, escapes, plainLayout } from '../fixtures/samples.ts'
import { wilsonAt } from '../interval/fixedSize.ts'
import { decide } from './decide.ts'
import { estimatesOf } from './estimates.ts'
import { checkPoints } from './guard.ts'

// Farms of 64 workers in simulated time, in which a trial without the event takes twenty times as long as one with it:
// events come in first. Seeds are fixed. The fast tier runs two hundred farms a rule, the slow tier twenty times as
// many.
const farms = process.env.DRIFTFARM_TEST_TIER === 'full' ? 4000 : 200
const probability = 0.2
const farmOf = (seed: number) =>
  new ParallelFarm({ probability, workers: 64, batch: 8, cost: { event: 1, none: 20 }, seed })

interface Answer {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** By contiguous prefixes, at check points, as the coordinator does. */
function byPrefix(until: Until, seed: number): Answer {
  const farm = farmOf(seed)
  const points = checkPoints(until.min, until.max)
  let look = 0
  for (;;) {
    const { prefix } = farm.next()
    for (; look < points.length && points[look]! <= prefix; look++) {
      const tally = escapes(farm.eventsBefore(points[look]!), points[look]!)
      const decision = decide(until, tally, plainLayout)
      if (decision === null) continue
      const { stopped, atEvent } = decision
      const { events = 0 } = stopped as { events?: number }
      const ended = atEvent ? escapes(events, farm.trialsTo(events)) : tally
      const choice = { kind: 'stopped', by: stopped, checkPoints: points.length, cell: `cell ${seed}` } as const
      return estimatesOf(ended, plainLayout, { ...demand, until, estimates: ['escape'] }, choice).escape!
    }
  }
}

/** In order of completion, as soon as Wilson's interval is narrow enough: what one does who knows no better. */
function asCompleted(relative: number, seed: number): Answer {
  const farm = farmOf(seed)
  for (;;) {
    const { trials, events } = farm.next()
    const { low, high } = wilsonAt(events, trials, 1 - 0.95)
    const value = events / trials
    if (trials >= 100 && (high - low) / 2 <= relative * value) return { value, low, high }
  }
}

function summary(answer: (seed: number) => Answer): { readonly bias: number; readonly coverage: number } {
  let sum = 0
  let covered = 0
  for (let seed = 0; seed < farms; seed++) {
    const { value, low, high } = answer(seed)
    sum += value / probability
    if (low <= probability && probability <= high) covered++
  }
  return { bias: sum / farms - 1, coverage: covered / farms }
}

/** An interval that covers exactly as often as it says falls below this once in 2,000 such tests. */
const minCoverage = 0.95 - 3.3 * Math.sqrt((0.05 * 0.95) / farms)

const until = (rule: StopRule, max = 100_000): Until => ({ rules: [rule], confidence: 0.95, min: 100, max })
const rules = {
  relative: until({ rule: 'relative', estimate: 'escape', relative: 0.1 }),
  halfWidth: until({ rule: 'halfWidth', estimate: 'escape', halfWidth: 0.02 }),
  events: until({ rule: 'events', estimate: 'escape', events: 400 }),
  gbas: until({ rule: 'gbas', estimate: 'escape', relative: 0.1 }),
  'the maximum, with a width in vain': until({ rule: 'relative', estimate: 'escape', relative: 0.01 }, 2000),
  'the maximum, with events in vain': until({ rule: 'events', estimate: 'escape', events: 1000 }, 2000),
  'the maximum or gbas': until({ rule: 'gbas', estimate: 'escape', relative: 0.1 }, 1950),
}

describe('ended by contiguous prefixes in a farm of 64 workers', () => {
  // The relative deviation of a value is 5 %; of their mean four standard errors are passed once in 15,000 such tests.
  const mostBias = (4 * 0.05) / Math.sqrt(farms)
  test.each(Object.entries(rules))('by %s: unbiased, and covered as often as said', (_, until) => {
    const { bias, coverage } = summary((seed) => byPrefix(until, seed))
    expect(Math.abs(bias)).toBeLessThan(mostBias)
    expect(coverage).toBeGreaterThanOrEqual(minCoverage)
  })
})

test('in order of completion neither holds: the negative control', () => {
  const { bias, coverage } = summary((seed) => asCompleted(0.1, seed))
  // Some 4.4 % and 82 %; smaller samples or more workers are worse off.
  expect(bias).toBeGreaterThan(0.03)
  expect(coverage).toBeLessThan(minCoverage - 0.05)
})

test('the order in which workers end changes no answer of a prefix', () => {
  const slow = new ParallelFarm({ probability, workers: 1, batch: 400, cost: { event: 20, none: 1 }, seed: 7 })
  const fast = farmOf(7)
  for (let i = 0; i < 20; i++) slow.next()
  for (let i = 0; i < 2000; i++) fast.next()
  for (const point of checkPoints(100, 5000)) expect(fast.eventsBefore(point)).toBe(slow.eventsBefore(point))
})
