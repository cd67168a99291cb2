import { elementary } from '@driftfarm/formula'
import type { Update } from '@driftfarm/spec'
import type { ScalarLandscape } from './landscape.ts'
import { dot } from './lossFunction.ts'

/** The gradient that a step uses before drift, made from `gradient`, the gradient at theta over the same samples. */
export function ruleGradient(landscape: ScalarLandscape, { sam, clip }: Update, gradient: Float64Array): Float64Array {
  const used = sam === undefined ? gradient : landscape.stepGradient(sharpPoint(landscape.theta, gradient, sam.rho))
  if (clip === undefined) return used
  const norm = elementary.sqrt(dot(used, used))
  const factor = norm > clip ? clip / norm : 1
  return used.map((g) => g * factor)
}

/** theta + rho g/|g|; theta itself if |g| is 0. */
function sharpPoint(theta: Float64Array, gradient: Float64Array, rho: number): Float64Array {
  const norm = elementary.sqrt(dot(gradient, gradient))
  const scale = norm === 0 ? 0 : rho / norm
  return theta.map((x, i) => x + gradient[i]! * scale)
}
