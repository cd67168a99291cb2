import type { LandscapeFunction } from '@driftfarm/kernel'
import { norm } from '../linear/matrix.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from './curvature.ts'
import type { Polished } from './polish.ts'

/**
 * 'minimum': all eigenvalues of the Hessian are positive. 'saddle': one or more are negative. 'flat': none is negative
 * but one or more are zero, so second derivatives do not decide. 'unsettled': the Hessian is not finite, or the
 * gradient did not vanish (at a kink, or because the steps ran out in a long valley).
 */
export type Kind = 'minimum' | 'saddle' | 'flat' | 'unsettled'

/** The point where a descent ended, after polishing. */
export interface CriticalPoint {
  readonly kind: Kind
  readonly point: readonly number[]
  readonly loss: number
  /** |grad L|, the Euclidean norm of the gradient. */
  readonly gradnorm: number
  /** The eigenvalues of the Hessian in ascending order; null if the landscape is not finite around the point. */
  readonly eigenvalues: readonly number[] | null
  /** The number of negative eigenvalues. */
  readonly negative: number
  /** The number of eigenvalues that count as zero. */
  readonly zero: number
}

export interface Tolerances {
  /** A gradient counts as zero if its length is at most this times 1 + |L|. */
  readonly gradient: number
  /** An eigenvalue counts as zero if its magnitude is at most this share of the largest magnitude of an eigenvalue. */
  readonly eigenvalue: number
}

export function critical(landscape: LandscapeFunction, polished: Polished, tolerances: Tolerances): CriticalPoint {
  const { theta, gradnorm } = withoutDust(landscape, polished)
  const loss = landscape.loss(theta)
  const point = Array.from(theta, (x) => (x === 0 ? 0 : x))
  const matrix = hessian(landscape, theta)
  const eigenvalues = matrix.values.every(Number.isFinite) ? Array.from(spectrum(matrix)) : null
  const largest = eigenvalues?.reduce((most, value) => Math.max(most, Math.abs(value)), 0) ?? 0
  const limit = tolerances.eigenvalue * largest
  const negative = eigenvalues?.filter((value) => value < -limit).length ?? 0
  const zero = eigenvalues?.filter((value) => Math.abs(value) <= limit).length ?? 0
  const settled = eigenvalues !== null && gradnorm <= tolerances.gradient * (1 + Math.abs(loss))
  const kind = !settled ? 'unsettled' : negative > 0 ? 'saddle' : zero > 0 ? 'flat' : 'minimum'
  return { kind, point, loss, gradnorm, eigenvalues, negative, zero }
}

/**
 * Sets coordinates below the rounding error of the others to 0, unless this makes the gradient longer. A point on a
 * mirror plane should have the coordinate 0, not 5e-29.
 */
function withoutDust(
  landscape: LandscapeFunction,
  { theta, gradnorm }: Polished,
): Pick<Polished, 'theta' | 'gradnorm'> {
  const rounding = Number.EPSILON * (1 + norm(theta))
  if (!theta.some((x) => x !== 0 && Math.abs(x) < rounding)) return { theta, gradnorm }
  const clean = theta.map((x) => (Math.abs(x) < rounding ? 0 : x))
  const gradient = new Float64Array(theta.length)
  landscape.gradient(clean, gradient)
  const cleanNorm = norm(gradient)
  return cleanNorm <= gradnorm ? { theta: clean, gradnorm: cleanNorm } : { theta, gradnorm }
}
