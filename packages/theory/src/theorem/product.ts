import { elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus, noncentralLowerTail, noncentralUpperTail } from '@driftfarm/statistics'
import { type Contraction, mostSteps, type Within } from './steps.ts'

/**
 * Bounds from P(tau > N) >= prod P(R_n < r), where R_n is the length of a Gaussian vector, and from the sum of P(R_n >=
 * r).
 */
export interface ProductBound {
  /** The bound s_N. */
  readonly stay: number
  /** 1 - s_N, computed without subtraction. */
  readonly escape: number
  /** The union bound: the sum of the tails, which may exceed 1. */
  readonly union: number
}

/** A relative change below this counts as none: from there on all steps have the same tail. */
const settled = 1e-15

/**
 * Theorem 1 (i): s_N = prod_{n=1..N} F(r^2 / v_n). F is the noncentral chi-square distribution function with d degrees
 * of freedom and noncentrality (D_0 rho_0 .. rho_{n-1})^2 / v_n, and v_{n+1} = rho_n^2 v_n + s_n^2 with v_0 = 0. null
 * for more than a million different steps.
 */
export function productBound(contraction: Contraction, within: Within): ProductBound | null {
  const { steps } = within
  if (!contraction.stationary && steps > mostSteps) return null
  let logStay = 0
  let union = 0
  const marginals = new Marginals(contraction, within)
  for (let n = 0; n < steps; n++) {
    const { tail, logInside, changed } = marginals.next()
    const repeats = contraction.stationary && (!changed || n === mostSteps) ? steps - n : 1
    union += repeats * tail
    logStay += repeats * logInside
    if (repeats > 1) break
  }
  return { stay: elementary.exp(logStay), escape: 0 - expMinusOne(logStay), union }
}

/** The law of R_n step by step: P(R_n >= r) and ln P(R_n < r). */
export class Marginals {
  /** The mean D_0 rho_0 .. rho_{n-1}. */
  mean: number
  /** The variance v_n. */
  variance = 0
  private n: number

  constructor(
    private readonly contraction: Contraction,
    private readonly within: Pick<Within, 'radius' | 'start'>,
    first = 0,
  ) {
    this.mean = within.start
    this.n = first
  }

  next(): { readonly tail: number; readonly logInside: number; readonly changed: boolean } {
    const { contraction, within } = this
    const rho = contraction.rho(this.n)
    const scale = contraction.scale(this.n)
    this.n += 1
    const variance = rho * rho * this.variance + scale * scale
    const mean = rho * this.mean
    const changed = Math.abs(variance - this.variance) > settled * variance || mean > settled * Math.sqrt(variance)
    this.variance = variance
    this.mean = mean
    if (variance === 0)
      return mean < within.radius
        ? { tail: 0, logInside: 0, changed: false }
        : { tail: 1, logInside: Number.NEGATIVE_INFINITY, changed }
    const deviation = Math.sqrt(variance)
    const [x, shift] = [within.radius / deviation, mean / deviation]
    const tail = noncentralUpperTail(x, contraction.dimension, shift)
    const logInside =
      tail < 0.5 ? logOnePlus(-tail) : elementary.log(noncentralLowerTail(x, contraction.dimension, shift))
    return { tail, logInside, changed }
  }
}
