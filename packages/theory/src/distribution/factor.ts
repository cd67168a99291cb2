import { elementary } from '@driftfarm/formula'
import { growUntil } from '../bisect.ts'
import { halfLine, integral } from './quadrature.ts'

const { cos, log, power } = elementary

/** Moments of |A| for a random factor A. */
export interface Factor {
  /** E log |A|; -Infinity if A is 0 with positive probability. */
  readonly expectedLog: number
  /** E A^2, which may be Infinity. */
  readonly meanSquare: number
  /** E |A|^power for power > 0, which may be Infinity. */
  moment(power: number): number
}

export function atoms(values: readonly (readonly [value: number, mass: number])[]): Factor {
  const over = (f: (size: number) => number) =>
    values.reduce((sum, [value, mass]) => (mass === 0 ? sum : sum + mass * f(Math.abs(value))), 0)
  return {
    expectedLog: over((size) => (size === 0 ? Number.NEGATIVE_INFINITY : log(size))),
    meanSquare: over((size) => size * size),
    moment: (p) => over((size) => power(size, p)),
  }
}

export interface SmoothFactor {
  /** A = mean + spread xi, spread > 0. */
  readonly mean: number
  readonly spread: number
  readonly density: (x: number) => number
  /** The variance of xi; Infinity if it is infinite or undefined. */
  readonly variance: number
  /** The lowest order at which the absolute moment of xi is infinite; Infinity if all moments exist. */
  readonly moments: number
}

/** The integrals are cut where A = 0 (the logarithm is singular) and where xi = 0 (the density has a kink). */
export function byDensity({ mean, spread, density, variance, moments }: SmoothFactor): Factor {
  const zero = -mean / spread
  const [left, right] = [Math.min(zero, 0), Math.max(zero, 0)]
  const over = (f: (size: number) => number) => {
    // |A| is `spread` times the distance of x from the zero of A, which is one end of the interval. `integral` passes
    // this distance, because computing it from x would lose digits.
    const between = integral(
      left,
      right,
      (x, fromLeft, fromRight) => density(x) * f(spread * (zero < 0 ? fromLeft : fromRight)),
    )
    const gap = right - left
    const above = halfLine((v) => density(right + v) * f(spread * (zero > 0 ? v : v + gap)))
    const below = halfLine((v) => density(left - v) * f(spread * (zero < 0 ? v : v + gap)))
    return below + between + above
  }
  return {
    expectedLog: over(log),
    meanSquare: mean * mean + spread * spread * variance,
    moment: (p) => (p >= moments ? Number.POSITIVE_INFINITY : over((size) => power(size, p))),
  }
}

/** The distribution of a random angle phi in which phi and -phi are equally likely. */
export interface AngleLaw {
  /** E cos(k phi) for k = 1, 2, .. */
  readonly share: (k: number) => number
  /** The density of phi on (-reach, reach). An unbounded distribution is wrapped round the circle. */
  readonly density: (phi: number) => number
  readonly reach: number
}

/** Wraps a distribution on the whole line round the circle by its Fourier series. */
export function wrapped(share: (k: number) => number): AngleLaw {
  const shares: number[] = []
  for (let k = 1; k <= 2000; k++) {
    const one = share(k)
    if (one < 1e-17) break
    shares.push(one)
  }
  return {
    share,
    density: (phi) => shares.reduce((sum, one, k) => sum + 2 * one * cos((k + 1) * phi), 1) / (2 * Math.PI),
    reach: Math.PI,
  }
}

/**
 * Returns the factor |A| = |1 - z e^(i phi)| by which a step changes |theta| if the loss is quadratic and isotropic,
 * and the gradient is turned by the random angle phi = sigma xi. Here z is eta times the curvature.
 * Let c_k = E cos(k phi). Then E log |A| is -sum_k z^k c_k / k for z <= 1, and log z - sum_k z^-k c_k / k for z > 1.
 * Returns null if the distribution has no elementary characteristic function.
 */
export function rotationFactor(
  law: { readonly isSign: boolean; angle(sigma: number): AngleLaw | null },
  z: number,
  sigma: number,
): Factor | null {
  const sizeAt = (phi: number) => Math.sqrt(1 + z * z - 2 * z * cos(phi))
  if (law.isSign) return atoms([[sizeAt(sigma), 1]])
  const angle = law.angle(sigma)
  if (angle === null) return null
  const { share, density, reach } = angle
  return {
    expectedLog: (z <= 1 ? 0 : log(z)) - series(z <= 1 ? z : 1 / z, share),
    meanSquare: 1 + z * z - 2 * z * share(1),
    moment: (p) => 2 * integral(0, reach, (phi) => density(phi) * power(sizeAt(phi), p)),
  }
}

const maxTerms = 200_000

function series(inner: number, share: (k: number) => number): number {
  let sum = 0
  let factor = 1
  for (let k = 1; k <= maxTerms; k++) {
    factor *= inner
    if (factor < 1e-18) break
    sum += (factor * share(k)) / k
  }
  return sum
}

/**
 * Returns the power alpha > 0 at which E |A|^alpha = 1, for a factor A. Returns null if E log |A| is not negative, or
 * if the search finds no such power. Under theta' = A theta, the probability that |theta| ever exceeds r falls like
 * r^-alpha. With additive drift, the tails of the stationary distribution of theta also fall like r^-alpha. Only one
 * such power exists, because E |A|^p is convex in p, equals 1 at p = 0 and decreases there.
 */
export function tailExponent(factor: Factor): number | null {
  if (!(factor.expectedLog < 0)) return null
  const found = growUntil((power) => factor.moment(power) > 1, { from: 5e-4, growth: 2, most: steepest })
  return found && (found[0] + found[1]) / 2
}

/** The search tries no larger power, because a tail that falls so fast does not count as a power tail. */
const steepest = 1000
