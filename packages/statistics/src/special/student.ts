import { memoized } from '../memoized.ts'
import { betaUpperQuantile, incompleteBeta } from './beta.ts'
import { normalQuantile, normalTail } from './normal.ts'

/**
 * t with P(|T| > t) = alpha, for 1 to infinitely many degrees of freedom f. The variable T^2 / (f + T^2) has the
 * distribution Beta(1/2, f/2).
 */
export function studentQuantile(alpha: number, freedom: number): number {
  return freedom === Number.POSITIVE_INFINITY ? -normalQuantile(alpha / 2) : quantile(alpha, freedom, 0)
}

/** P(T > t) for t >= 0. */
export function studentTail(t: number, freedom: number): number {
  return freedom === Number.POSITIVE_INFINITY
    ? normalTail(t)
    : incompleteBeta(freedom / (freedom + t * t), freedom / 2, 0.5) / 2
}

const quantile = memoized((alpha, freedom) => {
  const x = betaUpperQuantile(alpha, 0.5, freedom / 2)
  return Math.sqrt((freedom * x) / (1 - x))
})
