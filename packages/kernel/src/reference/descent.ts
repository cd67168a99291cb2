import type { Descent } from '@driftfarm/spec'
import type { LossFunction } from './loss.ts'

/** Takes theta down noise-free steps over all samples, until it is flat enough, not finite, or out of steps. */
export function descend(loss: LossFunction, theta: Float64Array, { gradient, eta, steps }: Descent): void {
  const slope = new Float64Array(theta.length)
  for (let taken = 0; ; taken++) {
    loss.gradient(theta, slope)
    const square = slope.reduce((total, g, i) => (i === 0 ? g * g : total + g * g), 0)
    if (square <= gradient * gradient || !theta.every(Number.isFinite) || taken === steps) return
    for (let i = 0; i < theta.length; i++) theta[i] = theta[i]! - eta * slope[i]!
  }
}
