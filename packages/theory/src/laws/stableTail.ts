import { elementary } from '@driftfarm/formula'
import type { Law } from '@driftfarm/spec'
import { incompleteBeta } from '@driftfarm/statistics'
import { tailTerm } from '../stable/series.ts'

const { atan, exp, log } = elementary

/** P(xi > x), x > 0, of one coordinate of a law with tails like a power; null for a law that has none. */
export function heavyTailOf(law: Law): ((x: number) => number) | null {
  switch (law.kind) {
    case 'cauchy':
      return cauchyTail
    case 'student':
      // T^2 / (nu + T^2) is Beta(1/2, nu/2).
      return (x) => incompleteBeta(law.nu / (law.nu + x * x), law.nu / 2, 0.5) / 2
    case 'stable':
      if (law.alpha === 2) return null
      return law.alpha === 1 ? cauchyTail : (x) => stableTail(law.alpha, x)
    default:
      return null
  }
}

const cauchyTail = (x: number) => atan(1 / x) / Math.PI

const mostTerms = 500

/**
 * P(S > x) of the symmetric stable law with characteristic function exp(-|t|^alpha), for x of 10 and more:
 * 1/pi sum_k (-1)^(k-1) Gamma(alpha k) / k! sin(k pi alpha / 2) x^(-alpha k), which converges for alpha < 1 and is asymptotic above, its
 * least term being below the last digit at such x (Feller, Probability Theory II, XVII.6; Bergstroem, Ark. Mat. 2, 1952).
 */
export function stableTail(alpha: number, x: number): number {
  let sum = 0
  let least = Number.POSITIVE_INFINITY
  for (let k = 1; k <= mostTerms; k++) {
    const { logSize, wave } = tailTerm(alpha, k)
    const size = exp(logSize - alpha * k * log(x))
    if (size > least || size < 1e-18 * sum) break
    least = size
    sum += size * wave
  }
  return sum / Math.PI
}
