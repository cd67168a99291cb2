import { remembered } from '../remembered.ts'
import { betaUpperQuantile } from './betaQuantile.ts'

/**
 * t with P(|T| > t) = alpha for Student's T with `freedom` degrees of freedom: T^2 / (freedom + T^2) is Beta(1 / 2,
 * freedom / 2).
 */
export function studentQuantile(alpha: number, freedom: number): number {
  return quantile(alpha, freedom, 0)
}

const quantile = remembered((alpha, freedom) => {
  const x = betaUpperQuantile(alpha, 0.5, freedom / 2)
  return Math.sqrt((freedom * x) / (1 - x))
})
