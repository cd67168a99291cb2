import type { StopRule, Until } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { binomialMass } from '../fixtures/binomialMass.ts'
import { demand, escapes, plainLayout } from '../fixtures/samples.ts'
import { wilsonAt } from '../interval/fixedSize.ts'
import { decide, needOf } from './decide.ts'
import { estimatesOf } from './estimates.ts'
import { checkPoints } from './guard.ts'
import type { Stopped } from './stopped.ts'

const relative: StopRule = { rule: 'relative', estimate: 'escape', relative: 0.5 }
const halfWidth: StopRule = { rule: 'halfWidth', estimate: 'escape', halfWidth: 0.1 }
const events = (count: number): StopRule => ({ rule: 'events', estimate: 'escape', events: count })
const at = (stopped: object, atEvent = false) => ({ stopped, atEvent })
const untilOf = (rules: readonly StopRule[], min = 100, max = 1000): Until => ({ rules, confidence: 0.95, min, max })

test('half the reported interval against the value', () => {
  const until = untilOf([relative])
  const looks = checkPoints(100, 1000).length
  for (let k = 0; k <= 100; k++) {
    const decision = decide(until, escapes(k, 100), plainLayout)
    const choice = { kind: 'stopped', by: relative, checkPoints: looks } as const
    const { value, low, high, method } = estimatesOf(escapes(k, 100), plainLayout, { ...demand, until }, choice).escape!
    expect(method).toBe(`clopper-pearson/${looks}`)
    expect(decision).toEqual(k > 0 && (high - low) / 2 <= 0.5 * value ? at(relative) : null)
  }
})

test('the first rule met is named; the maximum where none is', () => {
  expect(decide(untilOf([halfWidth, relative]), escapes(50, 1000), plainLayout)).toEqual(at(halfWidth))
  expect(decide(untilOf([relative, halfWidth]), escapes(50, 1000), plainLayout)).toEqual(at(relative))
  expect(decide(untilOf([relative]), escapes(0, 1000), plainLayout)).toEqual(at({ rule: 'max' }))
  expect(decide(untilOf([relative]), escapes(0, 932), plainLayout)).toBeNull()
})

test('the k-th event ends a cell at its own index, unless the minimum came later', () => {
  const rule = events(10)
  expect(decide(untilOf([rule]), escapes(9, 125), plainLayout)).toBeNull()
  expect(decide(untilOf([rule]), escapes(12, 125), plainLayout)).toEqual(at(rule, true))
  expect(decide(untilOf([rule]), escapes(12, 100), plainLayout)).toEqual(at(rule))
})

test('gamma times end a cell at their event, however early; more of them where more must hold', () => {
  const rule: StopRule = { rule: 'gbas', estimate: 'escape', relative: 0.5 }
  expect(decide(untilOf([rule]), escapes(16, 125), plainLayout)).toBeNull()
  const ended = at({ ...rule, events: 17 }, true)
  expect(decide(untilOf([rule]), escapes(17, 125), plainLayout)).toEqual(ended)
  expect(decide(untilOf([rule]), escapes(40, 100), plainLayout)).toEqual(ended)
  expect(decide(untilOf([rule, halfWidth]), escapes(17, 125), plainLayout)).toBeNull()
  expect(decide({ ...untilOf([rule]), budget: 5000 }, escapes(17, 125), plainLayout)).toBeNull()
  expect(decide(untilOf([rule]), escapes(17, 125), plainLayout, { cells: 10 })).toBeNull()
})

test('a test of a threshold says on which side of it the probability lies', () => {
  const rule: StopRule = { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.2 }
  expect(decide(untilOf([rule]), escapes(40, 125), plainLayout)).toEqual(at({ ...rule, decision: 'above' }))
  expect(decide(untilOf([rule]), escapes(0, 125), plainLayout)).toEqual(at({ ...rule, decision: 'below' }))
  expect(decide(untilOf([rule]), escapes(12, 125), plainLayout)).toBeNull()
})

test('the need of a cell is above 1 until its rule is met, and falls with the half-width', () => {
  const above: StopRule = { rule: 'above', estimate: 'escape', above: 0.1, indifference: 0.2 }
  const gbas: StopRule = { rule: 'gbas', estimate: 'escape', relative: 0.5 }
  for (const rule of [relative, halfWidth, events(40), above, gbas])
    for (let k = 0; k <= 125; k++) {
      const met = decide(untilOf([rule]), escapes(k, 125), plainLayout) !== null
      expect(needOf(untilOf([rule]), escapes(k, 125), plainLayout) > 1).toBe(!met)
    }
  const need = (k: number, n: number) => needOf(untilOf([relative]), escapes(k, n), plainLayout)
  expect(need(0, 100)).toBe(Number.POSITIVE_INFINITY)
  expect(need(5, 100) / need(20, 400)).toBeCloseTo(2, 0)
  expect(needOf(untilOf([relative, events(40)]), escapes(10, 125), plainLayout)).toBe(2)
})

test('simultaneous cells stop later', () => {
  const tally = escapes(50, 306)
  expect(decide(untilOf([relative]), tally, plainLayout)).toEqual(at(relative))
  expect(decide(untilOf([relative]), tally, plainLayout, { cells: 1e6 })).toBeNull()
})

test('only at check points, only of known estimates', () => {
  expect(() => decide(untilOf([relative]), escapes(0, 101), plainLayout)).toThrow('101 trials')
  expect(() => decide(untilOf([{ ...relative, estimate: 'exit:up' }]), escapes(0, 100), plainLayout)).toThrow('exit:up')
})

/** A way a cell can end, with its exact probability. */
interface Ending {
  readonly k: number
  readonly n: number
  readonly mass: number
  readonly by: Stopped
}

/**
 * All endings of a rule on escapes of probability p: the walk of the count from check point to check point, an `events`
 * rule cut at its event.
 */
function* endings(until: Until, p: number): Generator<Ending> {
  const points = checkPoints(until.min, until.max)
  let walking = new Map([[0, 1]])
  let before = 0
  for (const n of points) {
    const next = new Map<number, number>()
    for (const [from, mass] of walking)
      for (let more = 0; more <= n - before; more++) {
        const k = from + more
        next.set(k, (next.get(k) ?? 0) + mass * binomialMass(more, n - before, p))
      }
    for (const [k, mass] of [...next]) {
      const decision = decide(until, escapes(k, n), plainLayout)
      if (decision === null) continue
      next.delete(k)
      if (!decision.atEvent) yield { k, n, mass, by: decision.stopped }
    }
    // Those cut at the event come to it trial by trial.
    const rule = until.rules.find((each) => each.rule === 'events')
    if (rule?.rule === 'events' && before > 0)
      for (const [from, mass] of walking)
        for (let at = before + 1; at <= n; at++) {
          const missing = rule.events - 1 - from
          if (missing >= 0 && missing <= at - before - 1)
            yield {
              k: rule.events,
              n: at,
              mass: mass * binomialMass(missing, at - before - 1, p) * p,
              by: rule as Stopped,
            }
        }
    walking = next
    before = n
  }
}

function estimateAt(until: Until, { k, n, by }: Ending) {
  const choice = { kind: 'stopped', by, checkPoints: checkPoints(until.min, until.max).length } as const
  return estimatesOf(escapes(k, n), plainLayout, { ...demand, until, estimates: ['escape'] }, choice).escape!
}

const probabilities = [0.003, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.5, 0.8].filter(
  (p) => process.env.DRIFTFARM_TEST_TIER === 'full' || [0.003, 0.04, 0.15, 0.8].includes(p),
)

/** Exact, so no seed and no false alarm: every ending by its probability. */
describe.each([
  ['relative', untilOf([relative], 20, 400)],
  ['half width', untilOf([halfWidth], 20, 400)],
  ['events', untilOf([events(5)], 20, 400)],
  ['relative or events', untilOf([relative, events(8)], 20, 400)],
])('exact coverage when stopped by %s', (_, until) => {
  test.each(probabilities)('p = %d', (p) => {
    let covered = 0
    let total = 0
    for (const ending of endings(until, p)) {
      const { low, high } = estimateAt(until, ending)
      total += ending.mass
      if (low <= p && p <= high) covered += ending.mass
    }
    expect(total).toBeCloseTo(1, 9)
    expect(covered).toBeGreaterThanOrEqual(0.95)
  })
})

test.each(probabilities)('ended by the fifth event, the minimum or the maximum, the value is unbiased: p = %d', (p) => {
  const until = untilOf([events(5)], 20, 400)
  let mean = 0
  let naive = 0
  for (const ending of endings(until, p)) {
    mean += ending.mass * estimateAt(until, ending).value
    naive += (ending.mass * ending.k) / ending.n
  }
  expect(mean / p).toBeCloseTo(1, 9)
  // k / n, had it been reported: the negative control.
  if (p === 0.04) expect(naive / p).toBeGreaterThan(1.1)
})

test('stopping as soon as the plain interval is short is not covered, at check points and alpha / J it is', () => {
  const p = 0.1
  const wide: StopRule = { ...relative, relative: 0.8 }
  expect(missedAsSoonAsShort(p, 1500, 0.8)).toBeGreaterThan(0.1)
  let missed = 0
  const until = untilOf([wide], 10, 1500)
  for (const ending of endings(until, p)) {
    const { low, high } = estimateAt(until, ending)
    if (p < low || high < p) missed += ending.mass
  }
  expect(missed).toBeLessThan(0.05)
})

/**
 * Exact probability that Wilson's interval misses p when one stops, at any trial from 10 on, as soon as half of it is
 * within `share` of the value.
 */
function missedAsSoonAsShort(p: number, most: number, share: number): number {
  let walking = [1]
  let missed = 0
  for (let n = 1; n <= most; n++) {
    walking = Array.from({ length: n + 1 }, (_, k) => {
      const mass = (walking[k] ?? 0) * (1 - p) + (walking[k - 1] ?? 0) * p
      if (n < 10 || mass < 1e-15) return mass
      const { low, high } = wilsonAt(k, n, 1 - 0.95)
      if (n < most && (high - low) / 2 > (share * k) / n) return mass
      if (p < low || high < p) missed += mass
      return 0
    })
  }
  return missed
}
