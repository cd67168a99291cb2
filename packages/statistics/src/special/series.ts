import { elementary } from '@driftfarm/formula'

const { exp, log } = elementary

/**
 * ln(1 + t) for t > -1. All functions here use the elementary functions of `formula`, so that a stopping rule gives the
 * same decision on every machine.
 */
export function logOnePlus(t: number): number {
  return t < -0.5 || t > 0.5 ? log(1 + t) : t + logOnePlusMinus(t)
}

export function expMinusOne(v: number): number {
  return v < -0.5 || v > 0.5 ? exp(v) - 1 : v + expMinusLine(v)
}

/**
 * ln(1 + t) - t for t > -1, without the cancellation near 0.
 * With r = t / (2 + t): ln(1 + t) = 2 atanh(r) and t - 2r = t r.
 */
export function logOnePlusMinus(t: number): number {
  if (t < -0.5 || t > 0.5) return log(1 + t) - t
  const r = t / (2 + t)
  const square = r * r
  let sum = 0
  for (let k = 33; k >= 3; k -= 2) sum = sum * square + 1 / k
  return 2 * r * square * sum - t * r
}

/** e^v - 1 - v, without the cancellation near 0. */
export function expMinusLine(v: number): number {
  if (v < -0.5 || v > 0.5) return exp(v) - 1 - v
  let sum = 1
  for (let k = 16; k >= 3; k--) sum = 1 + (sum * v) / k
  return (v * v * sum) / 2
}

/** (1 + d) ln(1 + d) - d for d >= -1: half the Poisson deviance of a count (1 + d) m from its mean m, divided by m. */
export function relativeDeviance(d: number): number {
  if (d <= -1) return 1
  if (d < -0.5 || d > 0.5) return (1 + d) * log(1 + d) - d
  return (1 + d) * logOnePlusMinus(d) + d * d
}

const splitter = 134217729 // 2^27 + 1 (Dekker, 1971)

/**
 * a - n x without the rounding error of the product. If a is the integer nearest to n x, the plain difference may have
 * no correct digit.
 */
export function differenceFromProduct(a: number, n: number, x: number): number {
  const product = n * x
  const nWide = splitter * n
  const nUpper = nWide - (nWide - n)
  const nLower = n - nUpper
  const xWide = splitter * x
  const xUpper = xWide - (xWide - x)
  const xLower = x - xUpper
  const lost = nUpper * xUpper - product + nUpper * xLower + nLower * xUpper + nLower * xLower
  return a - product - lost
}

/** From this argument on, the first omitted term of the series is below 1e-17. */
const asymptotic = 16

/**
 * delta(a) = ln Gamma(a) - (a - 1/2) ln a + a - ln(2 pi) / 2 for a > 0: the error of Stirling's formula. Densities are
 * computed from delta (Loader, 2000, "Fast and accurate computation of binomial probabilities") and not from ln Gamma,
 * whose rounding error is about 1 at a = 1e15.
 */
export function stirlingError(a: number): number {
  let climbed = 0
  let at = a
  for (; at < asymptotic; at++) climbed += (at + 0.5) * logOnePlus(1 / at) - 1
  const z = 1 / (at * at)
  const series =
    1 / 12 -
    z *
      (1 / 360 -
        z * (1 / 1260 - z * (1 / 1680 - z * (1 / 1188 - z * (691 / 360360 - z * (1 / 156 - (z * 3617) / 122400))))))
  return climbed + series / at
}

/** ln Gamma(a) for a > 0, with an error of about 1e-15 max(1, |ln Gamma(a)|). */
export function logGamma(a: number): number {
  return (a - 0.5) * elementary.log(a) - a + 0.5 * elementary.log(2 * Math.PI) + stirlingError(a)
}

/** ln (Gamma(a + more) / Gamma(a)), without the cancellation of two large logarithms. */
export function logGammaRatio(a: number, more: number): number {
  if (a < 30) return logGamma(a + more) - logGamma(a)
  const b = a + more
  return (a - 0.5) * logOnePlus(more / a) - more + more * elementary.log(b) + stirlingError(b) - stirlingError(a)
}
