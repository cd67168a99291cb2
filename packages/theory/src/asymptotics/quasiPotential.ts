import type { LandscapeFunction } from '@driftfarm/kernel'
import { hessian } from '../minima/curvature.ts'
import { integral } from '../quadrature.ts'

/**
 * Returns the coefficient of eta^2 in the exponent of the chain in one dimension, for weak noise. Between a minimum and
 * a maximum of the loss, the exponent in units of the loss is V(eta) = dL + eta^2/12 int (L')^2 L''' dx + ..., without
 * a term of order eta. By parts, the coefficient is -1/6 int L' (L'')^2 dx, because L' vanishes at both ends.
 */
export function quasiPotentialCurvature(landscape: LandscapeFunction, minimum: number, saddle: number): number {
  const slope = new Float64Array(1)
  const side = saddle > minimum ? 1 : -1
  const sum = integral(Math.min(minimum, saddle), Math.max(minimum, saddle), (x) => {
    const theta = Float64Array.of(x)
    landscape.gradient(theta, slope)
    const curvature = hessian(landscape, theta).values[0]!
    return slope[0]! * curvature * curvature
  })
  return (-side * sum) / 6
}
