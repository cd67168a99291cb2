import type { Estimate, Spread } from '../evidence/estimate.ts'
import { type Check, check } from '../finding/check.ts'
import { studentTail } from '../special/beta.ts'
import { normalQuantile } from '../special/normal.ts'

/** Limit for the p-value. If both methods are correct, the p-value is below it in one of a thousand cells. */
const least = 1e-3

/** A method's estimate of a probability in one cell. An exact answer has an interval of width 0. */
export interface MethodEstimate {
  readonly by: string
  readonly estimate: Pick<Estimate, 'value' | 'low' | 'high' | 'confidence' | 'simultaneous'> & {
    readonly replicas?: Pick<Spread, 'count' | 'relativeVariance'>
  }
}

/**
 * Checks whether two methods give the same probability, by Welch's t-test. The methods are assumed to be independent;
 * shared noise makes the test more lenient. The verdict is `doubtful` if the p-value is below 1e-3. The verdict is
 * `wrong` if the p-value times `pairs`, the number of comparisons, is below 1e-3 (Bonferroni).
 */
export function agreement(first: MethodEstimate, second: MethodEstimate, pairs = 1): Check {
  const [a, b] = [first.estimate, second.estimate]
  const apart = Math.abs(a.value - b.value)
  const [one, other] = [errorOf(a, b.value), errorOf(b, a.value)]
  const variance = one.error ** 2 + other.error ** 2
  const freedom = variance ** 2 / (one.error ** 4 / one.freedom + other.error ** 4 / other.freedom)
  const pValue = apart === 0 ? 1 : variance === 0 ? 0 : 2 * studentTail(apart / Math.sqrt(variance), freedom)
  const values = `${first.by} ${a.value.toPrecision(3)}, ${second.by} ${b.value.toPrecision(3)}`
  const p = `(p = ${pValue.toPrecision(2)})`
  if (pValue >= least) return check('agreement', 'good', `${values}: they agree ${p}`)
  return check(
    'agreement',
    pValue * pairs < least ? 'wrong' : 'doubtful',
    `${values}: they disagree ${p}`,
    'see the check `spread` of the cell that uses splitting or tilt. Use more `particles`, or another `score` or ' +
      '`shift`',
  )
}

/**
 * For replicas, the standard error is the relative standard error times the larger of the two estimates, because the
 * spread grows with the probability. For counts, the standard error is computed from the half of the interval that
 * extends towards `other`, because the two halves may differ in length.
 */
function errorOf(estimate: MethodEstimate['estimate'], other: number) {
  const { value, low, high, confidence, simultaneous = 1, replicas } = estimate
  if (replicas !== undefined && replicas.relativeVariance > 0) {
    const { count, relativeVariance } = replicas
    return { error: Math.max(value, other) * Math.sqrt(relativeVariance / count), freedom: count - 1 }
  }
  const z = -normalQuantile((1 - confidence) / simultaneous / 2)
  return { error: (value <= other ? high - value : value - low) / z, freedom: Number.POSITIVE_INFINITY }
}
