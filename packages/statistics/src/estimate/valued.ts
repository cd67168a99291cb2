import {
  fromUnits,
  quotient,
  type RecordLayout,
  type Tally,
  type ValueSums,
  type ValueTally,
  valueBinStart,
} from '@driftfarm/kernel'
import type { Interval } from '../interval/interval.ts'
import { studentQuantile } from '../special/student.ts'
import type { Guard } from '../stopping/guard.ts'
import type { Estimate, Spread } from './estimate.ts'
import { described } from './probability.ts'

/** The probabilities that the values of replicas tell: escape, and each named exit. */
export function valuedNames(layout: RecordLayout): string[] {
  return ['escape', ...layout.marks.map((name) => `exit:${name}`)]
}

/**
 * The mean of independent replicas, which is unbiased, with Student's interval. Where all died out there is no spread: then an upper
 * limit of the chance that a replica has a value at all, which is never below the probability itself times its largest
 * value 1. null: no such estimate.
 */
export function valuedEstimate(name: string, tally: Tally, layout: RecordLayout, guard: Guard): Estimate | null {
  const { values, trials, marks, escaped } = tally
  if (values === undefined) return null
  const exit = layout.marks.findIndex((each) => `exit:${each}` === name)
  if (name !== 'escape' && exit < 0) return null
  const sums = exit < 0 ? values.all : values.exits[exit]!
  const events = exit < 0 ? escaped : marks[exit]!
  const value = mean(sums, trials)
  const alpha = guard.alpha / guard.divisor
  const { method, ...interval } = limitsOf(sums, trials, value, alpha)
  return {
    value,
    ...interval,
    ...described(method, guard),
    events,
    ...(exit < 0 ? { replicas: spreadOf(values, trials) } : {}),
  }
}

function limitsOf(sums: ValueSums, n: number, value: number, alpha: number): Interval & { readonly method: string } {
  if (value === 0) return { low: 0, high: 1 - alpha ** (1 / n), method: 'extinct' }
  if (n < 2) return { low: 0, high: 1, method: 'one-replica' }
  const half = value * studentQuantile(alpha, n - 1) * Math.sqrt(relativeVariance(sums, n) / n)
  return { low: Math.max(0, value - half), high: Math.min(1, value + half), method: 'replicas' }
}

function mean({ sum }: ValueSums, n: number): number {
  return quotient(sum, BigInt(n) << 1074n)
}

/** Sample variance over the square of the mean; exact before the last division. */
export function relativeVariance({ sum, squares }: ValueSums, n: number): number {
  if (sum === 0n || n < 2) return 0
  const count = BigInt(n)
  return quotient((count * squares - sum * sum) * count, sum * sum * (count - 1n))
}

/** How far the replicas lie apart. */
function spreadOf({ all, extinct, levels, histogram, decades }: ValueTally, n: number): Spread {
  const largest = histogram.at(-1)
  return {
    count: n,
    extinct,
    relativeVariance: relativeVariance(all, n),
    largestShare: largest === undefined ? 0 : valueBinStart(largest[0]) / fromUnits(all.sum),
    levels: levels / n,
    ladder: decades.map(([decade, count, scores]) => [
      Number(`1e-${decade}`),
      count,
      quotient(scores, BigInt(count) << 1074n),
    ]),
  }
}
