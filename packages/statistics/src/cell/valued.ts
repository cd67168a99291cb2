import { elementary } from '@driftfarm/formula'
import {
  exactUnits,
  fromUnits,
  namedExits,
  quotient,
  type RecordLayout,
  type Tally,
  type ValueSums,
  type ValueTally,
  valueBinStart,
} from '@driftfarm/kernel'
import { type EstimateName, isEstimatedByValues, probabilityNames } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'
import type { Estimate, Spread, Weights } from '../evidence/estimate.ts'
import { type EstimateEntry, type Evidence, eventNamesIn } from '../evidence/evidence.ts'
import { described } from '../evidence/probability.ts'
import { alphaIn, fixedGuard, isFixed, type MadeInterval } from '../interval/guard.ts'
import type { Interval } from '../interval/interval.ts'
import { sequenceErrors } from '../interval/sequence.ts'
import { studentQuantile } from '../special/beta.ts'

const { exp, log } = elementary

export function valuedNames(layout: RecordLayout): string[] {
  return probabilityNames(eventNamesIn(layout)).filter(isEstimatedByValues)
}

/** Null if the cell has no such estimate. */
function valuedEstimate({ kind, name }: EstimateName, evidence: Evidence): Estimate | null {
  const { tally, layout, guard } = evidence
  const { values, trials, escaped } = tally
  if (values === undefined) return null
  const exit = kind === 'exit' ? namedExits(layout).indexOf(name) : -1
  if (kind !== 'escape' && exit < 0) return null
  const sums = exit < 0 ? values.all : values.exits[exit]!
  const { method, ...estimate } = meanOf(sums, trials, layout.valued, evidence)
  return {
    ...estimate,
    ...described(method, guard),
    events: exit < 0 ? escaped : eventsOf(tally, layout, exit),
    ...(exit >= 0
      ? {}
      : layout.valued === 'weights'
        ? { weights: weightsOf(values, trials) }
        : { replicas: spreadOf(values, trials) }),
  }
}

function meanOf(
  sums: ValueSums,
  n: number,
  valued: RecordLayout['valued'],
  { guard, original = 0 }: Pick<Evidence, 'guard' | 'original'>,
) {
  const mean = quotient(sums.sum, BigInt(n) << 1074n)
  // The mean of weights may exceed 1, but a probability cannot.
  const value = Math.min(1, mean)
  const alpha = alphaIn(guard)
  if (value === 0) {
    const none = 1 - exp(log(alpha) / n)
    if (valued === 'replicas') return { value, low: 0, high: none, method: 'extinct' }
    // All values are 0, so `none` is an upper limit of the probability that a value is positive. A share `original` of
    // the trials keeps the original noise. These trials escape with the estimated probability p, and each of their
    // escapes gives a positive value. So `none` is also an upper limit of `original` times p.
    return original > 0
      ? { value, low: 0, high: Math.min(1, none / original), method: 'original-noise' }
      : { value, low: 0, high: 1, method: 'no-weight' }
  }
  const variance = relativeVariance(sums, n)
  if (variance === 0) {
    // All n values are equal. `alike` is the lower limit of the probability that a value equals the first one. If
    // this probability is at its limit, all of the other n - 1 values equal the first one with probability alpha.
    const alike = exp(log(alpha) / (n - 1))
    const high = valued === 'weights' ? 1 : value * alike + 1 - alike
    return { value, low: value * alike, high, method: 'alike' }
  }
  const fixed = isFixed(guard)
  const errors = fixed ? studentQuantile(alpha, n - 1) : sequenceErrors(n, alpha)
  const { low, high } = around(mean, errors * Math.sqrt(variance / n))
  return { value, low: Math.min(1, low), high: Math.min(1, high), method: fixed ? valued! : 'asymptotic-sequence' }
}

/**
 * The limits of a mean of skewed values. `half` is relative to the mean. The upper limit assumes that the spread is
 * proportional to the mean, as is nearly true in splitting (relative variance about -ln p / particles). If a constant
 * spread were assumed, the upper limit would too often be too low: a sample without the rare large values has both a
 * small mean and a small spread.
 */
function around(mean: number, half: number): Interval {
  return half < 1 ? { low: mean * (1 - half), high: mean / (1 - half) } : { low: 0, high: Number.POSITIVE_INFINITY }
}

/**
 * The probability estimated by independent replicas of splitting: the mean of their estimates, with its interval.
 * `estimates` has one number for each replica, 0 or greater, as in the column `estimate` of `results --rows`. Throws a
 * StatisticsError if `estimates` is empty, or if a number in it is negative or not finite.
 */
export function splitting(estimates: ArrayLike<number>, confidence = 0.95): MadeInterval {
  const values = Array.from(estimates)
  const wrong = values.find((value) => !(value >= 0 && Number.isFinite(value)))
  if (values.length === 0 || wrong !== undefined)
    throw new StatisticsError(
      'REPLICAS',
      values.length === 0 ? 'none' : String(wrong),
      'give one finite, nonnegative estimate for each replica',
    )
  const sums = values
    .map(exactUnits)
    .reduce((all, units) => ({ sum: all.sum + units, squares: all.squares + units * units }), { sum: 0n, squares: 0n })
  return meanOf(sums, values.length, 'replicas', { guard: fixedGuard(confidence) })
}

/** In splitting, `marks` counts, for each exit, the replicas in which at least one particle took the exit. */
function eventsOf({ marks, exits }: Tally, layout: RecordLayout, exit: number): number {
  return layout.marks.length > 0 ? marks[exit]! : exits[exit]!
}

/** Sample variance divided by the squared mean, exact up to the last division; 0 for fewer than two values. */
export function relativeVariance({ sum, squares }: ValueSums, n: number): number {
  if (sum === 0n || n < 2) return 0
  const count = BigInt(n)
  return quotient((count * squares - sum * sum) * count, sum * sum * (count - 1n))
}

function spreadOf(values: ValueTally, n: number): Spread {
  const { all, extinct, levels, decades } = values
  return {
    count: n,
    extinct,
    relativeVariance: relativeVariance(all, n),
    largestShare: largestShare(values),
    levels: levels / n,
    ladder: decades.map(([decade, count, scores]) => [
      Number(`1e-${decade}`),
      count,
      quotient(scores, BigInt(count) << 1074n),
    ]),
  }
}

function weightsOf(values: ValueTally, n: number): Weights {
  const { sum, squares } = values.all
  return {
    relativeVariance: relativeVariance(values.all, n),
    largestShare: largestShare(values),
    effectiveEvents: sum === 0n ? 0 : quotient(sum * sum, squares),
  }
}

function largestShare({ all, histogram }: ValueTally): number {
  const largest = histogram.at(-1)
  return largest === undefined ? 0 : valueBinStart(largest[0]) / fromUnits(all.sum)
}

/** Cells of splitting and tilt use this entry for all estimates. */
export const valued: EstimateEntry = {
  make: valuedEstimate,
  saysWhichEscape: true,
  fit: 'binomial',
}
