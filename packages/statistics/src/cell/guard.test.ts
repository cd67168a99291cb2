import type { Demand, Until } from '@driftfarm/spec'
import { expect, test } from 'vitest'
import { demand, escapes, plainLayout } from '../fixtures/samples.ts'
import { decide } from './decide.ts'
import { estimatesOf } from './estimates.ts'
import { sampleSizeChoiceOf } from './guard.ts'
import type { Stopped } from './stopped.ts'

const trial = { escape: null, converge: null } as never
const limits = (requested: Demand, stopped: Stopped, extended: boolean, k: number, n: number) =>
  estimatesOf(
    escapes(k, n),
    plainLayout,
    requested,
    sampleSizeChoiceOf({ demand: requested, cells: 1, extended, trial, cell: 'c', samples: 1, original: 0 }, stopped),
  ).escape!

const at = (n: number): Until => ({
  rules: [{ rule: 'halfWidth', estimate: 'escape', halfWidth: 0.4 }],
  confidence: 0.95,
  min: n,
  max: n,
})
const fixed = (n: number): Demand => ({ ...demand, trials: n, until: null })
const ruled = (n: number): Demand => ({ ...demand, trials: null, until: at(n) })

/** Probability that whoever reads every trial finds an n to ask for whose interval misses p, by an exact walk. */
function misses(p: number, most: number, limitsAt: (k: number, n: number) => { low: number; high: number }): number {
  let held = [1]
  for (let n = 1; n <= most; n++) {
    held = Array.from({ length: n + 1 }, (_, k) => {
      const mass = (held[k] ?? 0) * (1 - p) + (held[k - 1] ?? 0) * p
      if (mass < 1e-15) return mass
      const { low, high } = limitsAt(k, n)
      return low <= p && p <= high ? mass : 0
    })
  }
  return 1 - held.reduce((sum, mass) => sum + mass, 0)
}

// Exact: no seed and no false alarm. The intervals of a choice before the look are the control that must fail.
test.each([
  ['a number of trials', fixed, { rule: 'trials' }],
  ['a stopping rule', ruled, { rule: 'max' }],
] as const)(
  '%s that is chosen after a look at the trials keeps 95 percent only as such',
  (_what, requested, stopped) => {
    const of = (extended: boolean) => (k: number, n: number) => limits(requested(n), stopped as Stopped, extended, k, n)
    expect(misses(0.5, 120, of(true))).toBeLessThan(0.05)
    expect(misses(0.5, 120, of(false))).toBeGreaterThan(0.07)
  },
)

test('a rule that was chosen after a look is met by the interval that is shown', () => {
  const rule = { rule: 'halfWidth', estimate: 'escape', halfWidth: 0.1 } as const
  const until: Until = { rules: [rule], confidence: 0.95, min: 100, max: 100 }
  const requested: Demand = { ...demand, trials: null, until }
  for (const extended of [false, true]) {
    const { low, high, method } = limits(requested, rule, extended, 30, 100)
    expect(method).toBe(extended ? 'beta-binomial' : 'clopper-pearson')
    const decision = decide(until, escapes(30, 100), plainLayout, { extended })
    expect(decision).toMatchObject({ stopped: (high - low) / 2 <= 0.1 ? rule : { rule: 'max' } })
    expect(decision!.stopped).toEqual(extended ? { rule: 'max' } : rule)
  }
})
