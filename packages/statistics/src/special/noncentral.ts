import { elementary } from '@driftfarm/formula'
import { gammaLowerTail, gammaUpperTail, logGammaDensity } from './gamma.ts'
import { normalTail } from './normal.ts'
import { relativeDeviance, stirlingError } from './series.ts'

const { exp, log } = elementary

/**
 * The functions of this file sum products of a Poisson weight and a factor. On one side of the mode of the weights,
 * both weights and factors decrease. On that side, a sum ends this many standard deviations of the weights from the
 * mode. Terms farther away are below 1e-17 of the sum.
 */
const wide = 10

/**
 * The noncentrality is ignored if the relative change that it makes to a tail is at most this. A noncentrality lambda
 * changes a tail by at most the relative amount (lambda / 2) (1 + x^2 / 2).
 */
const central = 1e-18

/** exp of anything less than this is 0 in double precision. */
const vanishing = -746

/** Above this mean of the Poisson weights, a full sum would have more than about ten thousand terms. */
const sampledFrom = 1e6
/** The number of terms that a sampled sum evaluates per standard deviation of the Poisson weights. */
const samples = 3
/** Like `wide`, but on the side of the mode where the factors grow. Terms farther away are negligible. */
const far = 60

/**
 * Sums Poisson weights times smooth factors up to 1 by the trapezoidal rule. If the terms have a Gaussian shape, the
 * relative error is about exp(-2 pi^2 samples^2), below 1e-60. `side` is the side of the mode on which the factors
 * grow.
 */
function sampledSum(mean: number, side: 1 | -1, factor: (j: number) => number): number {
  const mode = Math.floor(mean)
  const stride = Math.floor(Math.sqrt(mean) / samples)
  let sum = 0
  for (let k = -wide * samples; k <= far * samples; k++) {
    const j = mode + side * k * stride
    sum += poisson(j, mean) * factor(j)
  }
  return Math.min(1, sum * stride)
}

/** Beyond this many standard deviations, a Gaussian tail is below half a unit in the last place of 1. */
const certain = 9

/**
 * An upper bound on ln P(|xi| >= gap) for a standard Gaussian vector xi in `dimension` coordinates. It is Chernoff's
 * bound on a chi-square tail, or 0 where Chernoff's bound does not apply.
 */
function logBeyond(gap: number, dimension: number): number {
  const square = gap > 0 ? Math.min((gap * gap) / dimension, Number.MAX_VALUE) : 0
  return square > 1 ? (dimension / 2) * (1 + log(square) - square) : 0
}

/**
 * P(|m + xi| >= x) for a standard Gaussian vector xi in `dimension` coordinates and any m of length `shift`: the upper
 * tail of the noncentral chi-square distribution at x^2, with noncentrality shift^2. Only positive numbers are added,
 * so results down to 1e-290 have a relative accuracy of 1e-12.
 */
export function noncentralUpperTail(x: number, dimension: number, shift: number): number {
  if (!(x > 0)) return 1
  if (dimension === 1) return Math.min(1, normalTail(x - shift) + normalTail(x + shift))
  if (logBeyond(x - shift, dimension) < vanishing) return 0
  if (shift - x > certain) return 1
  const half = (x * x) / 2
  const mean = (shift * shift) / 2
  if (mean * (1 + half) <= central) return gammaUpperTail(half, dimension / 2)
  if (mean > sampledFrom) return sampledSum(mean, 1, (j) => gammaUpperTail(half, dimension / 2 + j))
  const mode = Math.floor(mean)
  const first = Math.max(0, Math.floor(mean - wide * Math.sqrt(mean + 1) - wide))
  let weight = poisson(first, mean)
  let a = dimension / 2 + first
  let tail = gammaUpperTail(half, a)
  // The tail grows by half^a e^-half / Gamma(a + 1) when a grows by 1.
  let step = exp(logGammaDensity(a, half)) / a
  let sum = 0
  for (let j = first; ; j++) {
    const term = weight * tail
    sum += term
    if (j > mode && ((a > half && Math.min(term, weight) <= 1e-18 * sum) || weight === 0)) break
    tail = Math.min(1, tail + step)
    a += 1
    // After an underflow, the recurrence would stay at 0, so the step is computed directly.
    step = step > 1e-290 ? (step * half) / a : exp(logGammaDensity(a, half)) / a
    weight = weight > 1e-290 ? (weight * mean) / (j + 1) : poisson(j + 1, mean)
  }
  return Math.min(1, sum)
}

/** The lower tail P(|m + xi| < x). A small lower tail has the same relative accuracy as a small upper tail. */
export function noncentralLowerTail(x: number, dimension: number, shift: number): number {
  if (!(x > 0)) return 0
  const half = (x * x) / 2
  const mean = (shift * shift) / 2
  if (mean * (1 + half) <= central) return gammaLowerTail(half, dimension / 2)
  if (mean > sampledFrom) return sampledSum(mean, -1, (j) => gammaLowerTail(half, dimension / 2 + j))
  const mode = Math.floor(mean)
  const last = Math.ceil(mean + wide * Math.sqrt(mean + 1) + wide)
  let weight = poisson(last, mean)
  let a = dimension / 2 + last
  let tail = gammaLowerTail(half, a)
  let sum = 0
  for (let j = last; j >= 0; j--) {
    const term = weight * tail
    sum += term
    if (j < mode && a < half && Math.min(term, weight) <= 1e-18 * sum) break
    if (j === 0) break
    // If X_a has the gamma distribution with shape a, P(X_{a-1} <= half) exceeds P(X_a <= half) by
    // half^(a-1) e^-half / Gamma(a).
    tail = Math.min(1, tail + exp(logGammaDensity(a, half)) / half)
    a -= 1
    weight = weight > 1e-290 ? (weight * j) / mean : poisson(j - 1, mean)
  }
  return Math.min(1, sum)
}

/** Loader's form is accurate where ln k! would lose digits. */
function poisson(k: number, mean: number): number {
  if (k === 0) return exp(-mean)
  return exp(-stirlingError(k) - mean * relativeDeviance((k - mean) / mean)) / Math.sqrt(2 * Math.PI * k)
}
