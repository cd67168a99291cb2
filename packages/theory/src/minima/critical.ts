import { cholesky, hessian as differencedHessian, largestEntry, type Matrix, norm, solve } from '@driftfarm/formula'
import { gradientAt, type LandscapeFunction } from '@driftfarm/kernel'
import { spectrum } from '../linear/spectrum.ts'

/**
 * 'minimum': all eigenvalues of the Hessian are positive. 'saddle': one or more are negative. 'flat': none is negative
 * but one or more are zero, so second derivatives do not decide. 'unsettled': the Hessian is not finite, or the
 * gradient did not vanish (at a kink, or because the steps ran out in a long valley).
 */
export type Kind = 'minimum' | 'saddle' | 'flat' | 'unsettled'

/** The point where a descent ended, after polishing. */
export type CriticalPoint = Readonly<ReturnType<typeof critical>>

/**
 * If the loss is of order 1 and curvatures are at most 1e6, the rounding error of a gradient is about 1e-9. Differences
 * of gradients give eigenvalues with an error of about 1e-10 of the largest eigenvalue. Eigenvalues up to 1e-6 of the
 * largest one count as zero, so all others have at least four correct digits.
 */
export const tolerances = Object.freeze({
  /** A gradient counts as zero if its length is at most this times 1 + |L|. */
  gradient: 1e-9,
  /** An eigenvalue counts as zero if its magnitude is at most this share of the largest magnitude of an eigenvalue. */
  eigenvalue: 1e-6,
  /**
   * Two points count as one if the symmetry maps the first to within this distance of the second, and if their losses
   * differ by at most 1e-8 (1 + |L|). The distance is Euclidean, in units of 1 + |theta|.
   */
  merge: 1e-6,
  /**
   * On a landscape with a symmetry, flat ends count as one if their losses differ by at most this number times 1 + |L|.
   */
  flatLoss: 1e-4,
})

export function critical(landscape: LandscapeFunction, polished: Polished) {
  const { theta, gradnorm } = withoutDust(landscape, polished)
  const loss = landscape.loss(theta)
  const point: readonly number[] = Array.from(theta, (x) => (x === 0 ? 0 : x))
  const matrix = hessian(landscape, theta)
  const eigenvalues: readonly number[] | null = matrix.values.every(Number.isFinite)
    ? Array.from(spectrum(matrix))
    : null
  const largest = eigenvalues?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? 0
  const limit = tolerances.eigenvalue * largest
  const negative = eigenvalues?.filter((value) => value < -limit).length ?? 0
  const zero = eigenvalues?.filter((value) => Math.abs(value) <= limit).length ?? 0
  const settled = eigenvalues !== null && gradnorm <= tolerances.gradient * (1 + Math.abs(loss))
  const kind: Kind = !settled ? 'unsettled' : negative > 0 ? 'saddle' : zero > 0 ? 'flat' : 'minimum'
  return {
    kind,
    point,
    loss,
    /** |grad L|, the Euclidean norm of the gradient. */
    gradnorm,
    /** The eigenvalues of the Hessian in ascending order; null if the landscape is not finite around the point. */
    eigenvalues,
    /** The number of negative eigenvalues. */
    negative,
    /** The number of eigenvalues that count as zero. */
    zero,
  }
}

/**
 * Sets coordinates below the rounding error of the others to 0, unless this makes the gradient longer. A point on a
 * mirror plane should have the coordinate 0, not 5e-29.
 */
function withoutDust(landscape: LandscapeFunction, { theta, gradnorm }: Polished) {
  const rounding = Number.EPSILON * (1 + norm(theta))
  if (!theta.some((x) => x !== 0 && Math.abs(x) < rounding)) return { theta, gradnorm }
  const clean = theta.map((x) => (Math.abs(x) < rounding ? 0 : x))
  const cleanNorm = norm(gradientAt(landscape.gradient, clean))
  return cleanNorm <= gradnorm ? { theta: clean, gradnorm: cleanNorm } : { theta, gradnorm }
}

export interface PolishOptions {
  /**
   * While the gradient is longer than this, each step must lower the loss. Once the gradient is shorter, Newton's
   * method solves for the nearby critical point.
   */
  readonly near: number
  /** The largest number of Newton steps, in both phases together. */
  readonly steps: number
}

export type Polished = Readonly<ReturnType<typeof polish>>

/** With the last shift, about 10^8 times the largest entry of the Hessian, a step no longer moves theta. */
const maxDampings = 20

/**
 * Moves `start` to the nearby critical point, to full precision. While |grad L| > near, it takes Levenberg-Marquardt
 * steps -(H + shift I)^-1 grad L that lower the loss, so that the point stays in its basin. Then it takes Newton steps
 * for grad L = 0, which find minima and saddles alike. Polishing ends where no step makes the gradient shorter.
 * `damped` says whether some step needed a shift of the Hessian. Source: Nocedal and Wright, Numerical Optimization,
 * 2nd ed., 3.4 and 11.2.
 */
export function polish(landscape: LandscapeFunction, start: Float64Array, { near, steps }: PolishOptions) {
  let theta = Float64Array.from(start)
  let gradient = gradientAt(landscape.gradient, theta)
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
        const nextGradient = gradientAt(landscape.gradient, next)
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

/** The cube root of 2^-52 balances the rounding and truncation errors of a central difference. */
const relativeStep = 6.055454452393343e-6

/** Central differences of the exact gradient. The error is about 1e-10 if loss and derivatives are of order 1. */
export function hessian({ gradient }: Pick<LandscapeFunction, 'gradient'>, theta: Float64Array): Matrix {
  return differencedHessian(gradient, theta, relativeStep)
}
