import { elementary } from '@driftfarm/formula'
import { tailTerm } from './series.ts'

const { exp, log } = elementary

const maxTerms = 500

/**
 * P(S > x) = 1/pi sum_k (-1)^(k-1) Gamma(alpha k) / k! sin(k pi alpha / 2) x^(-alpha k), for x >= 10. The series
 * converges for alpha < 1. For larger alpha it is asymptotic, and its smallest term is below the last digit (Feller,
 * Probability Theory II, XVII.6; Bergstroem, Ark. Mat. 2, 1952).
 */
export function farTail(alpha: number, x: number): number {
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  for (let k = 1; k <= maxTerms; k++) {
    const { logSize, wave } = tailTerm(alpha, k)
    const size = exp(logSize - alpha * k * log(x))
    if (size > least || size < 1e-18 * sum) break
    least = size
    sum += size * wave
  }
  return sum / Math.PI
}
