import { type ExactSum, type ObservedTally, observedBinLimits, quotient } from '@driftfarm/kernel'
import { observedKeyOf, printEstimate } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import { noSuchEstimate } from '../evidence/event.ts'
import type { EstimateEntry } from '../evidence/evidence.ts'
import { described } from '../evidence/probability.ts'
import { alphaIn, type IntervalGuard, isFixed } from '../interval/guard.ts'
import { sequenceErrors } from '../interval/sequence.ts'
import { studentQuantile } from '../special/beta.ts'

const shares = [0.05, 0.25, 0.5, 0.75, 0.95]

/**
 * The mean of an observed value over the trials that have it and in which it is finite. Null if there are none. With a
 * fixed number of trials, the limits are those of Student; otherwise those of an asymptotic confidence sequence.
 */
export function observedMean(tally: ObservedTally, guard: IntervalGuard): Estimate | null {
  const { finite: n, notFinite, sum, squares, min, max } = tally
  if (n === 0) return null
  const value = numberOf(sum, n)
  const deviation = n < 2 ? Number.POSITIVE_INFINITY : Math.sqrt(variance(n, sum, squares))
  const alpha = alphaIn(guard)
  const factor = n < 2 ? 1 : isFixed(guard) ? studentQuantile(alpha, n - 1) : sequenceErrors(n, alpha)
  const half = (factor * deviation) / Math.sqrt(n)
  return {
    value,
    low: value - half,
    high: value + half,
    ...described(isFixed(guard) ? 'student' : 'asymptotic-sequence', guard),
    events: n,
    observed: {
      ...(n >= 2 && { deviation }),
      min,
      max,
      ...(notFinite > 0 && { notFinite }),
      quantiles: Object.fromEntries(shares.map((share) => [String(share), quantile(tally, share)])),
    },
  }
}

/** digits * 2^exponent / n, rounded once. */
function numberOf([digits, exponent]: ExactSum, n: number | bigint): number {
  return quotient(digits << BigInt(Math.max(exponent, 0)), BigInt(n) << BigInt(Math.max(-exponent, 0)))
}

/** The sample variance. Its numerator is exact, to avoid cancellation. */
function variance(n: number, [sum, p]: ExactSum, [squares, q]: ExactSum): number {
  const least = Math.min(q, 2 * p)
  const spread = BigInt(n) * (squares << BigInt(q - least)) - ((sum * sum) << BigInt(2 * p - least))
  return numberOf([spread, least], BigInt(n) * BigInt(n - 1))
}

/** The middle of the bin that contains the quantile: its relative error is below 1 %. */
function quantile({ histogram, finite, min, max }: ObservedTally, share: number): number {
  const rank = Math.max(1, Math.ceil(share * finite))
  let below = 0
  for (const [bin, count] of histogram) {
    below += count
    if (below < rank) continue
    const [low, high] = observedBinLimits(bin)
    return Math.min(Math.max(low / 2 + high / 2, min), max)
  }
  return max
}

export const observe: EstimateEntry = {
  make: ({ name }, { tally, guard, observe }) => {
    const key = observedKeyOf(name, observe)
    if (key === null) throw noSuchEstimate(printEstimate({ kind: 'observe', name }))
    const points = tally.observed?.[key]
    return points === undefined ? null : observedMean(points[0]!, guard)
  },
  fit: () => 'it is a mean of values, not a count of events; fit the probability of a class or a mark instead',
}
