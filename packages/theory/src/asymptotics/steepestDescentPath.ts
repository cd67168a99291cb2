import type { LandscapeFunction } from '@driftfarm/kernel'
import { norm } from '../linear/matrix.ts'

/** The longest step, in units of 1 + |theta|: short compared with the wells that asymptotics describe. */
const longest = 0.02
const maxSteps = 5000

/** Follows steepest descent in steps so short that the path stays in its basin. */
export function steepestDescentPath(landscape: LandscapeFunction, start: Float64Array): readonly Float64Array[] {
  const path = [Float64Array.from(start)]
  const gradient = new Float64Array(landscape.dimension)
  let theta = path[0]!
  let loss = landscape.loss(theta)
  let rate = 1
  let steepest = 0
  for (let step = 0; step < maxSteps; step++) {
    landscape.gradient(theta, gradient)
    const slope = norm(gradient)
    steepest = Math.max(steepest, slope)
    if (!(slope > 1e-3 * steepest) || !Number.isFinite(slope)) break
    rate = Math.min(2 * rate, (longest * (1 + norm(theta))) / slope)
    let next = theta
    let lower = loss
    for (; rate * slope > 1e-12; rate /= 2) {
      next = theta.map((x, i) => x - rate * gradient[i]!)
      lower = landscape.loss(next)
      if (lower <= loss - 0.3 * rate * slope * slope) break
    }
    if (!(lower < loss)) break
    theta = next
    loss = lower
    path.push(theta)
  }
  return path
}
