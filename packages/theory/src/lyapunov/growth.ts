import { elementary } from '@driftfarm/formula'
import { add, divide, type Interval, increasing, multiply, point, power, subtract } from '../interval/interval.ts'

/** A 2 x 2 matrix over (position, velocity), the same for every coordinate. */
export interface Symmetric<T> {
  readonly xx: T
  readonly xv: T
  readonly vv: T
}

/**
 * One step without its noise: z' = A_h z for z = (theta - theta*, v) in each eigendirection of the mean Hessian, with
 * A_h = [[1 - eta h, beta], [-eta h, beta]].
 */
export interface Move {
  readonly eta: number
  readonly beta: number
  /** h is between mu and Lambda. */
  readonly mu: number
  readonly lambda: number
}

const zero = point(0)
export const zeroNoise: Symmetric<Interval> = { xx: zero, xv: zero, vv: zero }

const two = point(2)
const four = point(4)

export function determinant({ xx, xv, vv }: Symmetric<Interval>): Interval {
  return subtract(multiply(xx, vv), power(xv, 2))
}

/** The trace of a b^-1. */
export function traceOf(a: Symmetric<Interval>, b: Symmetric<Interval>): Interval {
  const twice = multiply(two, multiply(a.xv, b.xv))
  return divide(subtract(add(multiply(a.xx, b.vv), multiply(a.vv, b.xx)), twice), determinant(b))
}

export const exactly = ({ xx, xv, vv }: Symmetric<number>): Symmetric<Interval> => ({
  xx: point(xx),
  xv: point(xv),
  vv: point(vv),
})

/**
 * Returns kappa and log A with E exp(|A_h z + noise|_Q^2) <= A exp(kappa |z|_Q^2) for all h between mu and Lambda, both
 * rounded up. Here Q = P^-1, and the projections t . noise are sub-Gaussian with proxy variance t^T N t in each
 * coordinate. Let K = P - 2 N. Then A = (det P / det K)^(d/2), and kappa is the largest eigenvalue of A_h P A_h^T
 * relative to K at h = mu or h = Lambda. No h between mu and Lambda gives a larger eigenvalue, because |K^-1/2 A_h
 * P^1/2| is a convex function of h. Returns null if P or K is not shown to be positive definite.
 */
export function growthOf(move: Move, covariance: Symmetric<number>, noise: Symmetric<Interval>, dimension: number) {
  const p = exactly(covariance)
  const k = {
    xx: subtract(p.xx, multiply(two, noise.xx)),
    xv: subtract(p.xv, multiply(two, noise.xv)),
    vv: subtract(p.vv, multiply(two, noise.vv)),
  }
  const [detP, detK] = [determinant(p), determinant(k)]
  if (!(p.xx[0] > 0 && detP[0] > 0 && k.xx[0] > 0 && detK[0] > 0)) return null
  const ratio = divide(detP, detK)
  const product = multiply(power(point(move.beta), 2), ratio)
  const kappa = [move.mu, move.lambda].reduce((most, h) => {
    const s = moved(move, p, h)
    const trace = traceOf(s, k)
    const under = subtract(power(trace, 2), multiply(four, product))
    const root = increasing(Math.sqrt, [Math.max(0, under[0]), Math.max(0, under[1])])
    return Math.max(most, divide(add(trace, root), two)[1])
  }, 0)
  return { kappa, logA: (dimension / 2) * Math.max(0, increasing(elementary.log, ratio)[1]) }
}

/** A_h P A_h^T. */
function moved({ eta, beta }: Move, { xx, xv, vv }: Symmetric<Interval>, h: number): Symmetric<Interval> {
  const c = multiply(point(-eta), point(h))
  const a = add(point(1), c)
  const b = point(beta)
  const kept = multiply(power(b, 2), vv)
  const crossed = multiply(b, xv)
  const both = (one: Interval, other: Interval) =>
    add(add(multiply(multiply(one, other), xx), multiply(add(one, other), crossed)), kept)
  return { xx: both(a, a), xv: both(a, c), vv: both(c, c) }
}
