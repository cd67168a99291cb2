import { betaLowerQuantile } from './betaQuantile.ts'

/** t with P(|T| > t) = alpha for Student's T with `freedom` degrees of freedom: freedom / (freedom + T^2) is Beta(freedom / 2, 1 / 2). */
export function studentQuantile(alpha: number, freedom: number): number {
  const x = betaLowerQuantile(alpha, freedom / 2, 0.5)
  return Math.sqrt((freedom * (1 - x)) / x)
}
