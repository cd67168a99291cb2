import { elementary } from '@driftfarm/formula'
import { expMinusOne, logGamma, logGammaUpperTail, logOnePlus } from '@driftfarm/statistics'
import type { Refusal } from '../chain.ts'
import type { Decay } from './decay.ts'
import { Marginals } from './product.ts'
import type { Contraction } from './steps.ts'

const { exp, log } = elementary

/** The bound s_inf: P(theta_n in B for all n, and theta_n -> theta*) is at least `stay`. */
export interface ForeverBound {
  readonly stay: number
  /** 1 - s_inf, computed without subtraction. */
  readonly escape: number
  /** The number of steps whose factors were multiplied out. */
  readonly terms: number
  /** A proven upper bound of what all later steps can take off: the sum of their tails. */
  readonly tail: number
}

const fewestTerms = 64
const mostTerms = 400_000
/** The tail need not be smaller than this share of the sum. */
const enough = 1e-7
const negligible = 1e-290

/** The ball that a bound is about, and where it begins. */
export interface Ahead {
  readonly radius: number
  /** The distance D at the first step. */
  readonly start: number
  /** The number of the first step. */
  readonly first: number
}

/**
 * Theorem 1 (iii): the product over the steps up to K, times 1 minus a bound of all later tails. Let w_n = s_n^2 / (1 -
 * rho_n^2) fall at least as fast as (place + n)^-e. Then v_n <= c w_K ((place + n) / (place + K))^-e for n >= K, with c
 * = max(1 / (1 - delta), v_K / w_K) and delta = e / ((place + K) (1 - rho_K^2)). The tails follow from Chernoff's bound
 * of a chi-square tail at (r - m_K)^2 / v_n, and their sum is bounded by an integral over n. K is doubled until the
 * bound of the later tails is small.
 */
export function foreverBound(
  contraction: Contraction,
  decay: Decay,
  { radius, start, first }: Ahead,
): ForeverBound | Refusal {
  if (!(start < radius)) return { stay: 0, escape: 1, terms: 0, tail: 0 }
  const marginals = new Marginals(contraction, { radius, start }, first)
  let logStay = 0
  let sum = 0
  let n = 0
  for (let goal = fewestTerms; goal <= mostTerms; goal *= 2) {
    for (; n < goal || first + n < decay.from; n++) {
      if (n >= mostTerms) return { reason: `the schedules settle only after ${decay.from} steps` }
      const { tail, logInside } = marginals.next()
      sum += tail
      logStay += logInside
    }
    const rest = tailBound(contraction, decay, marginals, { radius, at: first + n })
    if (rest !== null && (rest <= enough * sum || rest <= negligible)) {
      const logAll = logStay + logOnePlus(-rest)
      return { stay: exp(logAll), escape: 0 - expMinusOne(logAll), terms: n, tail: rest }
    }
  }
  return { reason: `the tails of steps beyond ${mostTerms} could not be bounded` }
}

/** A bound of the sum over n > K of P(|X_n| >= r); null where the schedules have not fallen far enough yet. */
function tailBound(
  contraction: Contraction,
  decay: Decay,
  { mean, variance }: Marginals,
  { radius, at }: { radius: number; at: number },
): number | null {
  const { dimension: d } = contraction
  const rho = contraction.rho(at)
  const shrink = 1 - rho * rho
  // Where rho_n = eta_n Lambda - 1, the form of rho_n may still change.
  if (decay.p > 0 && contraction.rho(at + 1) < rho) return null
  const scale = contraction.scale(at)
  const gap = radius - mean
  if (!(gap > 0 && shrink > 0)) return null
  // Without drift v_n falls geometrically; a power that falls at the rate at which the chain forgets is an upper bound
  // of that as well.
  const { place, e } = decay.silent
    ? { place: decay.offset, e: 0.5 * shrink * (decay.offset + at) }
    : decay.fall(at, shrink)
  const delta = e / ((Math.min(decay.p === 0 ? place : decay.offset, place) + at) * shrink)
  if (!(delta < 1 && e > 0)) return null
  const limit = decay.silent ? 0 : (scale * scale) / shrink
  const ceiling = Math.max(limit / (1 - delta), variance)
  if (ceiling === 0) return 0
  const x = (gap * gap) / ceiling
  if (!(x > d)) return null
  const shape = 1 / e + d / 2
  const logBound =
    log((place + at) / e) -
    log(x) / e +
    (d / 2) * (1 - log(d)) +
    shape * Math.LN2 +
    logGamma(shape) +
    logGammaUpperTail(x / 2, shape)
  return exp(logBound)
}
