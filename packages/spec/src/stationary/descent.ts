import { norm } from '@driftfarm/formula'
import { addScaled, type Slopes } from './slopes.ts'

export interface DescentEnd {
  readonly theta: Float64Array
  readonly state: 'arrived' | 'on its way' | 'running off'
}

/** Tolerance for the gradient norm, relative to min(1, the gradient norm at the start). */
const arrived = 1e-9
const maxSteps = 20_000
/** Beyond this distance from the origin, the loss is assumed to decrease without limit. */
const far = 1e6

/**
 * Gradient descent that stays in the basin of its start: steps are short, and each lowers the loss. A descent takes
 * about `operations` arithmetic operations at most.
 */
export function descend(slopes: Slopes, from: Float64Array, operations: number): DescentEnd {
  const steps = Math.min(maxSteps, Math.floor(operations / (2 * slopes.cost)))
  let theta = from
  let loss = slopes.loss(theta)
  let eta = 0.01
  let enough: number | null = null
  for (let step = 0; step < steps; step++) {
    const gradient = slopes.gradient(theta)
    const slope = norm(gradient)
    enough ??= arrived * Math.min(1, slope)
    if (slope <= enough) return { theta, state: 'arrived' }
    // No step is longer than 0.1 max(1, |theta|), since a longer step could leave the basin of a narrow minimum.
    eta = Math.min(eta, (0.1 * Math.max(1, norm(theta))) / slope)
    let next = addScaled(theta, -eta, gradient)
    let nextLoss = slopes.loss(next)
    while (!(nextLoss <= loss - (eta * slope * slope) / 4) && eta * slope > 1e-14 * (1 + norm(theta))) {
      eta /= 2
      next = addScaled(theta, -eta, gradient)
      nextLoss = slopes.loss(next)
    }
    if (!(nextLoss < loss)) return { theta, state: 'arrived' }
    theta = next
    loss = nextLoss
    eta *= 1.5
    if (!(norm(theta) < far)) return { theta, state: 'running off' }
  }
  return { theta, state: 'on its way' }
}
