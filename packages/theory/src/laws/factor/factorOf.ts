import { elementary } from '@driftfarm/formula'
import type { Law } from '@driftfarm/spec'
import { halfLine, integral } from '../quadrature.ts'
import type { Factor } from './factor.ts'
import { gaussianFactor } from './gaussian.ts'
import { studentDensity } from './student.ts'

const { acos, cos, exp, log, power } = elementary

/** A = mean + spread xi for a law of xi of one coordinate; null for a law without a closed density. spread > 0. */
export function factorOf(law: Law, mean: number, spread: number): Factor | null {
  switch (law.kind) {
    case 'gaussian':
      return gaussianFactor(mean, spread)
    case 'rademacher':
    case 'sphere':
      return atoms([
        [mean + spread, 0.5],
        [mean - spread, 0.5],
      ])
    case 'uniform':
    case 'ball':
      return uniform(mean - Math.sqrt(3) * spread, mean + Math.sqrt(3) * spread)
    case 'laplace':
      return byDensity(mean, spread, 1, (x) => exp(-Math.SQRT2 * Math.abs(x)) / Math.SQRT2, Number.POSITIVE_INFINITY)
    case 'student':
      return byDensity(
        mean,
        spread,
        law.nu > 2 ? law.nu / (law.nu - 2) : Number.POSITIVE_INFINITY,
        studentDensity(law.nu),
        law.nu,
      )
    case 'cauchy':
      return cauchy(mean, spread)
    case 'stable':
      // The standard form of alpha = 2 has variance 2.
      if (law.alpha === 2) return gaussianFactor(mean, Math.SQRT2 * spread)
      return law.alpha === 1 ? cauchy(mean, spread) : null
  }
}

/** Of values with their probabilities. */
export function atoms(values: readonly (readonly [value: number, mass: number])[]): Factor {
  const over = (f: (size: number) => number) =>
    values.reduce((sum, [value, mass]) => (mass === 0 ? sum : sum + mass * f(Math.abs(value))), 0)
  return {
    expectedLog: over((size) => (size === 0 ? Number.NEGATIVE_INFINITY : log(size))),
    meanSquare: over((size) => size * size),
    moment: (p) => over((size) => power(size, p)),
  }
}

/** On [low, high]: the antiderivatives of log |a| and |a|^p are a log |a| - a and a |a|^p / (p + 1). */
function uniform(low: number, high: number): Factor {
  const mean = (antiderivative: (a: number) => number) => (antiderivative(high) - antiderivative(low)) / (high - low)
  return {
    expectedLog: mean((a) => (a === 0 ? 0 : a * log(Math.abs(a)) - a)),
    meanSquare: mean((a) => (a * a * a) / 3),
    moment: (p) => mean((a) => (a * power(Math.abs(a), p)) / (p + 1)),
  }
}

/** |a|^p at mean + spread C is the harmonic function r^p cos(p (angle - pi/2)) / cos(p pi/2) of the point mean + i spread. */
function cauchy(mean: number, spread: number): Factor {
  const radius = Math.sqrt(mean * mean + spread * spread)
  const angle = acos(mean / radius)
  return {
    expectedLog: log(radius),
    meanSquare: Number.POSITIVE_INFINITY,
    moment: (p) =>
      p >= 1 ? Number.POSITIVE_INFINITY : (power(radius, p) * cos(p * (angle - Math.PI / 2))) / cos((p * Math.PI) / 2),
  }
}

/** By quadrature, cut at 0 of A, where the logarithm is singular, and at 0 of xi, where the density has a kink. Moments exist below `moments`. */
function byDensity(
  mean: number,
  spread: number,
  variance: number,
  density: (x: number) => number,
  moments: number,
): Factor {
  const zero = -mean / spread
  const [left, right] = [Math.min(zero, 0), Math.max(zero, 0)]
  const over = (f: (size: number) => number) => {
    // Distances of xi from the zero of A, where no difference may cancel.
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
