import { cholesky, largestEntry, norm, solve } from '@driftfarm/formula'
import type { LandscapeFunction } from '@driftfarm/kernel'
import { hessian } from './curvature.ts'

export interface PolishOptions {
  /**
   * While the gradient is longer than this, each step must lower the loss. Once the gradient is shorter, Newton's
   * method solves for the nearby critical point.
   */
  readonly near: number
  /** The largest number of Newton steps, in both phases together. */
  readonly steps: number
}

export interface Polished {
  readonly theta: Float64Array
  /** |grad L| at theta. */
  readonly gradnorm: number
  readonly steps: number
  /** Whether some step needed a shift of the Hessian. */
  readonly damped: boolean
}

/** With the last shift, about 10^8 times the largest entry of the Hessian, a step no longer moves theta. */
const maxDampings = 20

/**
 * Moves `start` to the nearby critical point, to full precision. While |grad L| > near, it takes Levenberg-Marquardt
 * steps -(H + shift I)^-1 grad L that lower the loss, so that the point stays in its basin. Then it takes Newton steps
 * for grad L = 0, which find minima and saddles alike. Polishing ends where no step makes the gradient shorter. Source:
 * Nocedal and Wright, Numerical Optimization, 2nd ed., 3.4 and 11.2.
 */
export function polish(landscape: LandscapeFunction, start: Float64Array, { near, steps }: PolishOptions): Polished {
  let theta = Float64Array.from(start)
  let gradient = gradientAt(landscape, theta)
  let gradnorm = norm(gradient)
  let damped = false
  let taken = 0
  for (; taken < steps && gradnorm > 0 && Number.isFinite(gradnorm); taken++) {
    const curvature = hessian(landscape, theta)
    if (!curvature.values.every(Number.isFinite)) break
    const scale = largestEntry(curvature) || 1
    const lowering = gradnorm > near
    const loss = landscape.loss(theta)
    // A decrease below the rounding error of the loss does not count.
    const enough = loss - 2 * Number.EPSILON * Math.abs(loss)
    let shift = 0
    let accepted = false
    for (let damping = 0; damping < maxDampings && !accepted; damping++) {
      const move = lowering && cholesky(curvature, shift) === null ? null : solve(curvature, shift, gradient)
      if (move !== null) {
        const next = theta.map((x, i) => x - move[i]!)
        const nextGradient = gradientAt(landscape, next)
        const nextNorm = norm(nextGradient)
        accepted = lowering ? landscape.loss(next) < enough : nextNorm < gradnorm && norm(move) <= maxStepLength(theta)
        if (accepted) {
          theta = next
          gradient = nextGradient
          gradnorm = nextNorm
          damped ||= shift > 0
        }
      }
      shift = shift === 0 ? 1e-8 * scale : 8 * shift
    }
    if (!accepted) break
  }
  return { theta, gradnorm, steps: taken, damped }
}

/** A longer step could lead to a critical point other than the nearby one. */
const maxStepLength = (theta: Float64Array): number => 0.1 * (1 + norm(theta))

function gradientAt(landscape: LandscapeFunction, theta: Float64Array): Float64Array {
  const gradient = new Float64Array(landscape.dimension)
  landscape.gradient(theta, gradient)
  return gradient
}
