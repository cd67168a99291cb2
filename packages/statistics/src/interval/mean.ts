import { studentQuantile } from '../special/student.ts'
import { sequenceErrors } from './asymptoticSequence.ts'

/** The exact sums, over all trials, of a number of steps and of its square. */
export interface Sums {
  readonly trials: number
  readonly sum: bigint
  readonly squares: bigint
}

/** Sample standard deviation. The numerator of the variance is computed as an exact integer. */
export function spreadOf({ trials, sum, squares }: Sums): number {
  if (trials < 2) return 0
  return Math.sqrt(Number(BigInt(trials) * squares - sum * sum) / trials / (trials - 1))
}

/** Half-width of Student's interval of the mean. */
export function studentHalfWidth(sums: Sums, alpha: number): number {
  return (studentQuantile(alpha, sums.trials - 1) * spreadOf(sums)) / Math.sqrt(sums.trials)
}

export function sequenceHalfWidth(sums: Sums, alpha: number): number {
  return (spreadOf(sums) / Math.sqrt(sums.trials)) * sequenceErrors(sums.trials, alpha)
}
