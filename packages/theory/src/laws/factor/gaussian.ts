import { elementary } from '@driftfarm/formula'
import { logGamma } from '@driftfarm/statistics'
import type { Factor } from './factor.ts'

const { exp, log } = elementary
const eulerGamma = 0.5772156649015329

/** From this half squared ratio on, series in the ratio of spread and mean are exact to the last digit. */
const narrow = 400

/**
 * A ~ N(mean, spread^2). With w = mean^2 / (2 spread^2), A^2 / spread^2 is a noncentral chi-square, a Poisson(w) mixture of
 * chi-squares with 1 + 2 j degrees of freedom:
 * E log |A| = log spread + (log 2 + sum_j Poisson(j; w) psi(1/2 + j)) / 2,
 * E |A|^p = spread^p 2^(p/2) sum_j Poisson(j; w) Gamma((p + 1)/2 + j) / Gamma(1/2 + j).
 */
export function gaussianFactor(mean: number, spread: number): Factor {
  const half = (mean * mean) / (2 * spread * spread)
  return {
    expectedLog: half > narrow ? narrowLog(mean, spread) : log(spread) + (Math.LN2 + expectedDigamma(half)) / 2,
    meanSquare: mean * mean + spread * spread,
    moment: (power) => moment(power, half, spread),
  }
}

/** sum_j Poisson(j; w) psi(1/2 + j). */
function expectedDigamma(w: number): number {
  let mass = exp(-w)
  let digamma = -eulerGamma - 2 * Math.LN2
  let sum = mass * digamma
  for (let j = 0; j < w || mass > 1e-18; j++) {
    mass *= w / (j + 1)
    digamma += 1 / (0.5 + j)
    sum += mass * digamma
  }
  return sum
}

/** log |mean| - sum_k (2k - 1)!! (spread / mean)^(2k) / (2k): asymptotic, cut off where it is below the last digit. */
function narrowLog(mean: number, spread: number): number {
  const square = (spread / mean) * (spread / mean)
  let term = 1
  let sum = 0
  for (let k = 1; k <= 12; k++) {
    term *= (2 * k - 1) * square
    sum += term / (2 * k)
  }
  return log(Math.abs(mean)) - sum
}

function moment(power: number, w: number, spread: number): number {
  let logTerm = logGamma((power + 1) / 2) - logGamma(0.5) - w
  const scale = power * (log(spread) + Math.LN2 / 2)
  let sum = 0
  let last = Number.NEGATIVE_INFINITY
  for (let j = 0; j < 1e6; j++) {
    const term = exp(logTerm + scale)
    sum += term
    if (logTerm < last && term <= 1e-17 * sum) break
    last = logTerm
    logTerm += log((w / (j + 1)) * (((power + 1) / 2 + j) / (0.5 + j)))
  }
  return sum
}
