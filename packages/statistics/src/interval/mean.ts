import { elementary } from '@driftfarm/formula'
import { studentQuantile } from '../special/student.ts'

const { log } = elementary

/** Trials at which the confidence sequence is tightest. */
const tightestAt = 10000

/** Exact sums over trials of a number of steps. */
export interface Sums {
  readonly trials: number
  readonly sum: bigint
  readonly squares: bigint
}

/** Sample standard deviation, its square exact before the last division. */
export function spreadOf({ trials, sum, squares }: Sums): number {
  if (trials < 2) return 0
  return Math.sqrt(Number(BigInt(trials) * squares - sum * sum) / trials / (trials - 1))
}

/** Half the width of Student's interval of the mean. */
export function studentHalfWidth(sums: Sums, alpha: number): number {
  return (studentQuantile(alpha, sums.trials - 1) * spreadOf(sums)) / Math.sqrt(sums.trials)
}

/** Robbins' normal mixture with the sample deviation: valid at all n together as n grows (Waudby-Smith et al., arXiv:2103.06476, eq. 1). */
export function sequenceHalfWidth(sums: Sums, alpha: number): number {
  const wish = -2 * log(alpha)
  const scaled = (sums.trials * (wish + log(wish) + 1)) / tightestAt
  return (
    (spreadOf(sums) / Math.sqrt(sums.trials)) *
    Math.sqrt(((2 * (scaled + 1)) / scaled) * (0.5 * log(scaled + 1) - log(alpha)))
  )
}
