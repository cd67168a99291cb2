import { elementary } from '@driftfarm/formula'
import { logGamma, logGammaRatio, normalTail, relativeDeviance, stirlingError } from '@driftfarm/statistics'
import { type DriftLaw, shapeUpTo, usual } from '../distribution/driftLaw.ts'
import { type Factor, wrapped } from '../distribution/factor.ts'
import type { ScalarLaw } from '../distribution/scalarLaw.ts'

const { exp, log } = elementary
const rootTwoPi = 2.5066282746310002
const eulerGamma = 0.5772156649015329

/** Beyond 13 the density is below exp(-13^2 / 2) = 2e-37. */
export const normal: ScalarLaw = {
  density: (z) => exp(-0.5 * z * z) / rootTwoPi,
  upper: normalTail,
  kinks: [],
  breaks: [],
  reach: 13,
  detail: 1,
}

export const gaussian: DriftLaw = {
  ...usual,
  variance: 1,
  isNormal: true,
  isStandardNormal: true,
  isSubGaussian: true,
  scalar: () => normal,
  // For |xi| from 13 to 38, the relative error of the quadrature is below 1e-7.
  shape: {
    ...shapeUpTo(38, { slope: (z, f) => -z * f, steepest: 1, reach: 14 }),
    far: { from: 13, error: 1e-7 },
  },
  sumExponent: 2,
  factor: gaussianFactor,
  moment: { of: moment, text: 'closed form (1F1)' },
  angle: (sigma) => wrapped((k) => exp(-(k * sigma * k * sigma) / 2)),
}

/** If w = mean^2 / (2 spread^2) is larger than this, the series in spread / mean is accurate to the last digit. */
const narrow = 400

/**
 * For A ~ N(mean, spread^2) and w = mean^2 / (2 spread^2), A^2 / spread^2 is a noncentral chi-square. It is a
 * Poisson(w) mixture of chi-squares with 1 + 2 j degrees of freedom. Hence
 *
 *     E log |A| = log spread + (log 2 + sum_j Poisson(j; w) psi(1/2 + j)) / 2,
 *     E |A|^p = spread^p 2^(p/2) sum_j Poisson(j; w) Gamma((p + 1)/2 + j) / Gamma(1/2 + j).
 */
export function gaussianFactor(mean: number, spread: number): Factor {
  const half = (mean * mean) / (2 * spread * spread)
  return {
    expectedLog: half > narrow ? narrowLog(mean, spread) : log(spread) + (Math.LN2 + expectedDigamma(half)) / 2,
    meanSquare: mean * mean + spread * spread,
    moment: (power) => momentFromZero(power, half, spread),
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

/** The asymptotic series log |mean| - sum_k (2k - 1)!! (spread / mean)^(2k) / (2k). Twelve terms are enough. */
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

function momentFromZero(power: number, w: number, spread: number): number {
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

/**
 * E |c + b xi|^alpha = b^alpha 2^(alpha/2) Gamma((alpha+1)/2) / sqrt(pi) 1F1(-alpha/2; 1/2; -z), z = c^2 / (2 b^2).
 * Kummer's transformation turns this into the mixture of `gaussianFactor`, in which all terms are positive. The sum
 * begins at the largest term, so that it loses no digits even if the distribution is narrow. `momentFromZero` begins
 * the same sum at the term j = 0, so the last digits of the two functions differ. Change neither of them: stored
 * documents contain all digits of their results.
 */
function moment(alpha: number, c: number, b: number): number {
  const z = (c * c) / (2 * b * b)
  if (z > narrowest) return narrowMoment(alpha, c, b)
  const ratio = (j: number) => (z * (j + (alpha + 1) / 2)) / ((j + 1) * (j + 0.5))
  const top = Math.floor(z)
  let sum = 1
  for (let j = top, term = 1; ; j++) {
    term *= ratio(j)
    sum += term
    if (term <= 1e-17 * sum && ratio(j) < 1) break
  }
  for (let j = top - 1, term = 1; j >= 0 && term > 1e-17 * sum; j--) {
    term /= ratio(j)
    sum += term
  }
  const logWeight =
    top === 0 ? -z : -stirlingError(top) - z * relativeDeviance((top - z) / z) - 0.5 * log(2 * Math.PI * top)
  return exp(logWeight + logGammaRatio(top + 0.5, alpha / 2) + alpha * (log(b) + Math.LN2 / 2)) * sum
}

/**
 * Above this z, the mixture would need more than 10^6 terms. The asymptotic series is accurate there, because alpha^2 /
 * z is below 2e-5 for every alpha up to 400.
 */
const narrowest = 1e10

/** The asymptotic series |c|^alpha sum_k (alpha choose 2k) (2k - 1)!! (b / c)^(2k). Eight terms are enough. */
function narrowMoment(alpha: number, c: number, b: number): number {
  const square = (b / c) * (b / c)
  let term = 1
  let sum = 1
  for (let k = 1; k <= 8; k++) {
    term *= (((alpha - 2 * k + 2) * (alpha - 2 * k + 1)) / (2 * k)) * square
    sum += term
  }
  return exp(alpha * log(Math.abs(c))) * sum
}
