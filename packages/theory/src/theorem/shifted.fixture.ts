import { expMinusOne, gammaUpperTail, logOnePlus } from '@driftfarm/statistics'
import type { BallStart, Contraction } from '../ball/contraction.ts'

/** The bound that was published first: central chi-square tails at (r - D_0 prod rho)^2 / v_n. */
export function shiftedBound({ dimension, rho, scale }: Contraction, { radius, start, steps }: BallStart) {
  let mean = start
  let variance = 0
  let union = 0
  let logStay = 0
  for (let n = 0; n < steps; n++) {
    mean *= rho(n)
    variance = rho(n) ** 2 * variance + scale(n) ** 2
    const tail = gammaUpperTail(Math.max(0, radius - mean) ** 2 / (2 * variance), dimension / 2)
    union += tail
    logStay += logOnePlus(-tail)
  }
  return { union, escape: -expMinusOne(logStay) }
}
