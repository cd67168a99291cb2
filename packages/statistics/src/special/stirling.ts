import { logOnePlus } from './series.ts'

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
