import { elementary } from '@driftfarm/formula'
import { halfLine, integral } from '../quadrature.ts'

const { log, power } = elementary

/** A random factor A, by the moments of its size. */
export interface Factor {
  /** E log |A|; -Infinity where A may be 0. */
  readonly expectedLog: number
  /** E A^2; Infinity where the law has no variance. */
  readonly meanSquare: number
  /** E |A|^power for power > 0; Infinity from the power on that the law has no moment of. */
  moment(power: number): number
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

export interface SmoothFactor {
  /** A = mean + spread xi, spread > 0. */
  readonly mean: number
  readonly spread: number
  /** Of xi. */
  readonly density: (x: number) => number
  /** Of xi; Infinity where there is none. */
  readonly variance: number
  /** The power from which on xi has no moment; Infinity where it has all. */
  readonly moments: number
}

/** By quadrature, cut at 0 of A, where the logarithm is singular, and at 0 of xi, where the density has a kink. */
export function byDensity({ mean, spread, density, variance, moments }: SmoothFactor): Factor {
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
