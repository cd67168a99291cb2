import { type Matrix, zeros } from '../linear/matrix.ts'
import type { LinearForm, LinearRule } from './linearRule.ts'

/** The standard deviations of the two independent kinds of noise that drift adds to one coordinate in one step. */
export interface StepNoise {
  readonly gradient: number
  /** Standard deviation of the noise that is added after the rule has computed the new theta. */
  readonly theta: number
}

/**
 * The recursion z' = A z + noise near a minimum, along one coordinate, for z = (theta, states). `matrix` is A, and
 * `covariance` is that of the noise. The curvature along the coordinate is h, so the gradient is g = h theta.
 */
export interface Recursion {
  readonly matrix: Matrix
  readonly covariance: Matrix
}

export function recursionOf({ next, theta }: LinearRule, curvature: number, noise: StepNoise): Recursion {
  const size = 1 + next.length
  const row = ({ g, theta: own, xi, states }: LinearForm) => ({
    over: [g * curvature + own, ...states],
    gradient: g * noise.gradient,
    xi,
  })
  const states = next.map(row)
  const last = row(theta)
  // The rule gives the new theta as a combination of new states. Each new state is replaced by its combination of old
  // values.
  const through = (of: (state: (typeof states)[number]) => number) =>
    theta.states.reduce((sum, weight, k) => sum + weight * of(states[k]!), 0)
  const first = {
    over: Array.from({ length: size }, (_, j) => (j === 0 ? last.over[0]! : 0) + through(({ over }) => over[j]!)),
    gradient: last.gradient + through(({ gradient }) => gradient),
    xi: last.xi + through(({ xi }) => xi),
  }
  const rows = [first, ...states]
  const matrix = zeros(size)
  const covariance = zeros(size)
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      matrix.values[i * size + j] = rows[i]!.over[j]!
      covariance.values[i * size + j] = rows[i]!.gradient * rows[j]!.gradient + rows[i]!.xi * rows[j]!.xi
    }
  covariance.values[0]! += noise.theta * noise.theta
  return { matrix, covariance }
}
