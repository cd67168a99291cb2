import { withSign } from './bits.ts'
import { expBounded, expScaled } from './exponential.ts'
import { min } from './selection.ts'

/** e^|x| / 2, Infinity only where sinh and cosh are. */
function halfExp(magnitude: number): number {
  return expScaled(min(magnitude, 712), -1)
}

/** Hyperbolic sine: an odd polynomial below 1 (fixtures/fit.py sinh), (e^x - e^-x) / 2 above. Largest error measured: 1.60 ulp. */
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
 * Hyperbolic tangent: x + x^3 P(x^2) / Q(x^2) below 0.625 (fixtures/fit.py tanh; the split of Cephes, Moshier 1989),
 * 1 - 2 / (e^2x + 1) above; both have the shape base + numerator / denominator, hence one division.
 * Largest error measured: 1.29 ulp.
 */
export function tanh(x: number): number {
  const magnitude = Math.abs(x)
  let base = 1
  let numerator = -2
  let denominator: number
  if (magnitude < 0.625) {
    const z = magnitude * magnitude
    base = magnitude
    numerator = magnitude * z * (-0.3333333333333332 + z * (-0.02049665925046905 + z * -0.0001990832952056485))
    denominator = 1 + z * (0.46148997775139117 + z * (0.023288479081681662 + z * 0.00020643226973768628))
  } else {
    denominator = expBounded(min(magnitude, 20) * 2) + 1
  }
  return withSign(base + numerator / denominator, x)
}
