import type { LandscapeFunction } from '@driftfarm/kernel'
import { hessian } from '../minima/curvature.ts'
import { integral } from '../quadrature.ts'

/**
 * Returns the coefficient of eta^2 in the quasi-potential V(eta) of the chain in one dimension. For weak noise, the
 * mean exit time grows like exp(V(eta) / T). Between a minimum and a maximum of the loss,
 * V(eta) = dL + eta^2/12 int (L')^2 L''' dx + ..., without a term of order eta. Integration by parts turns the
 * coefficient into -1/6 int L' (L'')^2 dx, because L' vanishes at both ends.
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
