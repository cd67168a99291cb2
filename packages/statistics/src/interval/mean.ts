import { studentQuantile } from '../special/beta.ts'
import { sequenceErrors } from './sequence.ts'

/** The exact sums, over all trials, of a number of steps and of its square. */
export interface Sums {
  readonly trials: number
  readonly sum: bigint
  readonly squares: bigint
}

/** Computes the numerator of the variance as an exact integer, to avoid cancellation. */
export function spreadOf({ trials, sum, squares }: Sums): number {
  if (trials < 2) return 0
  return Math.sqrt(Number(BigInt(trials) * squares - sum * sum) / trials / (trials - 1))
}

export function studentHalfWidth(sums: Sums, alpha: number): number {
  return (studentQuantile(alpha, sums.trials - 1) * spreadOf(sums)) / Math.sqrt(sums.trials)
}

export function sequenceHalfWidth(sums: Sums, alpha: number): number {
  return (spreadOf(sums) / Math.sqrt(sums.trials)) * sequenceErrors(sums.trials, alpha)
}
