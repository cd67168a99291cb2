import { withSign } from './bits.ts'
import { expScaled } from './exponential.ts'
import { max, min } from './selection.ts'
import { tanhTable } from './tanhTable.ts'

/** e^|x| / 2; it overflows to Infinity only where sinh and cosh do. */
function halfExp(magnitude: number): number {
  return expScaled(min(magnitude, 712), -1)
}

/**
 * Hyperbolic sine. For |x| < 1 it is an odd polynomial (fixtures/fit.py sinh), otherwise (e^x - e^-x) / 2. Largest
 * error measured: 1.60 ulp.
 */
export function sinh(x: number): number {
  const magnitude = Math.abs(x)
  if (magnitude < 1) {
    const z = x * x
    const w = z * z
    const h01 = 0.16666666666666666 + 0.008333333333333333 * z
    const h23 = 0.00019841269841269592 + 2.755731922412018e-6 * z
    const h45 = 2.5052108345654353e-8 + 1.6059050704326124e-10 * z
    const h67 = 7.646476456955315e-13 + 2.848395879113187e-15 * z
    return x + x * (z * (h01 + w * (h23 + w * (h45 + w * h67))))
  }
  const half = halfExp(magnitude)
  return withSign(half - 0.25 / half, x)
}

/** Hyperbolic cosine, (e^x + e^-x) / 2. Largest error measured: 1.06 ulp. */
export function cosh(x: number): number {
  const half = halfExp(Math.abs(x))
  return half + 0.25 / half
}

/**
 * 1.5 * 2^45 + 2440/128. If |x| < 2^43, the addition x + shift rounds x to i/128, the nearest multiple of 1/128. The
 * low bits of the sum hold i + 2440, the index in `tanhTable`.
 */
const shift = 52776558133267.06

/**
 * Hyperbolic tangent by the addition theorem, T + (1 - T^2) u / (1 + T u). Here c = i/128 is nearest to x, T = tanh c
 * is from a table, and u = tanh(d) = d (1 - z P(z)) with d = x - c and z = d^2 (fixtures/fit.py tanh). Largest error
 * measured: 1.23 ulp.
 */
export function tanh(x: number): number {
  const clamped = max(min(x, 19.0625), -19.0625)
  const nearest = clamped + shift - shift
  const d = clamped - nearest
  // If x is NaN, the table has no entry.
  const t = tanhTable[nearest * 128 + 2440] ?? Number.NaN
  const z = d * d
  const u = d * (1 - z * (0.3333333333279204 - 0.13333218679161019 * z))
  return t + ((1 - t * t) * u) / (1 + t * u)
}
