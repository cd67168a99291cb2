import type { Descent } from '@driftfarm/spec'
import type { LossFunction } from './loss.ts'

export type Arrival = 'reached' | 'not finite' | 'out of steps'

/** Moves theta by noise-free steps over all samples. */
export function descend(
  loss: Pick<LossFunction, 'gradient'>,
  theta: Float64Array,
  { gradient, eta, steps }: Descent,
): Arrival {
  const slope = new Float64Array(theta.length)
  for (let taken = 0; ; taken++) {
    loss.gradient(theta, slope)
    const square = slope.reduce((total, g, i) => (i === 0 ? g * g : total + g * g), 0)
    if (!theta.every(Number.isFinite)) return 'not finite'
    if (square <= gradient * gradient) return 'reached'
    if (taken === steps) return 'out of steps'
    for (let i = 0; i < theta.length; i++) theta[i] = theta[i]! - eta * slope[i]!
  }
}
