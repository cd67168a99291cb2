import { elementary } from '@driftfarm/formula'
import { halfLine, integral } from '../quadrature.ts'

const { log, power } = elementary

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
