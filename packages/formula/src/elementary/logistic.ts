import { expScaled } from './exponential.ts'
import { logOnePlus } from './logarithm.ts'
import { max, relu } from './selection.ts'

/** exp(-|x|), in (0, 1]. */
function decay(x: number): number {
  return expScaled(max(-Math.abs(x), -746), 0)
}

/**
 * 1 / (1 + e^-x). For x < 0 it is computed as d - d (d / (1 + d)) with d = e^x. If d is small, the error of this
 * expression is little more than the error of d. Largest error measured: 1.60 ulp.
 */
export function sigmoid(x: number): number {
  const e = decay(x)
  const quotient = (x < 0 ? e : 1) / (1 + e)
  return x < 0 ? e - e * quotient : quotient
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). Largest error measured: 1.48 ulp. */
export function softplus(x: number): number {
  return relu(x) + logOnePlus(decay(x))
}
