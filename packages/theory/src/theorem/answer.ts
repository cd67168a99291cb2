import type { Certificate } from '../certificate/answer.ts'
import type { NotApplicable } from '../chain.ts'
import type { Curvature } from './curvature.ts'
import type { Clearance } from './escapeSet.ts'
import type { ForeverBound } from './forever.ts'
import type { VanishingBound } from './vanishing.ts'

export interface TheoremOptions {
  /** The radius of the ball. By default that of the cell's escape, or the radius that makes the bound best. */
  readonly radius?: number
  /**
   * |theta_N - theta_0| of measured trials from one start, Infinity for a trial that ended before step N; D_N is at
   * most this plus D_0. Used by the bound that continues from the horizon.
   */
  readonly distances?: readonly number[]
  /** Whether Theorem 2 is applied as well, which takes longest. Default true. */
  readonly certificate?: boolean
}

/** One of the three conditions of Theorem 1, or of Theorem 3, applied to a cell. */
export interface TheoremCondition {
  readonly number: 1 | 2 | 3
  readonly holds: boolean
  readonly numbers: Readonly<Record<string, number>>
  readonly text: string
}

/** The mathematical results for a cell without running a trial: Theorem 1 and related bounds. */
export interface TheoremAnswer {
  readonly dimension: number
  readonly minimum: {
    readonly point: readonly number[]
    /** The name that the cell gives it; null for none. */
    readonly name: string | null
    readonly loss: number
    readonly gradnorm: number
    /** |grad L| / mu, an upper bound of the distance to the exact minimum; null where mu <= 0. */
    readonly error: number | null
  }
  readonly start: {
    /** D_0, the distance of the start from the minimum. */
    readonly distance: number
    /** Whether each trial starts elsewhere; D_0 is then that of trial 0. */
    readonly random: boolean
  }
  readonly set: {
    /** tube: a ball in the coordinates that the loss depends on, with no restriction on the others. */
    readonly kind: 'ball' | 'tube'
    /** The coordinates (from 0) in which the distance is measured. */
    readonly among: readonly number[]
    readonly radius: number
    /** What determined the radius: an option, the cell's own escape, or the best bound. */
    readonly chosen: 'option' | 'escape' | 'best'
  }
  readonly escape: {
    readonly kind: Clearance['kind']
    /** Which ends of the bracket apply to the cell's own escape. */
    readonly ends: 'both' | 'upper' | 'none'
    readonly text: string
  }
  readonly curvature: Curvature
  /** additive: Theorem 1. vanishing: Theorem 1'. momentum, minibatch: Theorem 3. */
  readonly statement: 'additive' | 'vanishing' | 'momentum' | 'minibatch' | 'none'
  readonly conditions: readonly TheoremCondition[]
  /** The horizon N. */
  readonly steps: number
  readonly bounds: AdditiveBounds | null
  /** Theorem 2: the proven bound of the cell's own escape, wherever it happens, or why there is none. */
  readonly certificate: Certificate | NotApplicable
  /** Theorem 2 with the corollary of Theorem 1: the probability of converging to this minimum, for a schedule. */
  readonly convergence: Convergence | NotApplicable
  readonly vanishing: VanishingBound | null
  /** The bound without a horizon, or why there is none. */
  readonly forever: Forever | NotApplicable
  /**
   * Whether P(tau < infinity) = 1: eta is constant and the drift Gaussian and constant, whatever the conditions say.
   */
  readonly leaves: boolean
  /** For constant eta and drift: the number of steps that a trial stays with a probability of at least 1 - delta. */
  readonly horizon: { readonly delta: number; readonly steps: number } | null
  /** A fragment of a spec whose escape is the event that the bounds are about. */
  readonly measure: string
}

/** A proven lower bound of the probability that theta_n converges to the minimum, never having escaped. */
export interface Convergence {
  readonly s: number
  /** 1 - s without subtraction. */
  readonly escape: number
  /** Up to here, the horizon, the chain is followed; from there on the infinite product bounds it. */
  readonly steps: number
  /** The part of it from the horizon on for a trial that is at the minimum then, 1 - s_inf(0). */
  readonly after: number
}

/** Bounds of P(theta_n in the set for all n <= N), and of the probability of leaving it. */
export interface AdditiveBounds {
  /** s_N and 1 - s_N; null where the conditions do not hold. */
  readonly stay: number | null
  readonly escape: number | null
  /**
   * 1 - S_N(rho) and 1 - S_N((1 - eta Lambda)_+), between which the probability of leaving lies; null where not known.
   */
  readonly upper: number | null
  readonly lower: number | null
  /** `error`: the relative error of `upper` and `lower` from quadrature. `missing`: why one of them is null. */
  readonly error: number
  readonly missing: string | null
  /**
   * Upper bounds of the probability of leaving that need less: the sum of the tails, the bound for any sub-Gaussian
   * drift, and the bound for any drift of this variance.
   */
  readonly union: number | null
  readonly exponential: number | null
  readonly doob: number | null
  /** Theorem 2, which is about the cell's own escape and not about leaving the ball; null where there is none. */
  readonly certificate: number | null
}

export interface Forever extends ForeverBound {
  /** The bound that starts anew at the horizon, as a function of D_N. */
  readonly restart: {
    readonly atZero: number
    /** The smallest D_N at which it is 1/2; null if it is below 1/2 even at 0. */
    readonly half: number | null
    /** Its mean over the measured distances D_N (0 for those outside the ball), with Hoeffding's interval. */
    readonly measured: {
      readonly rows: number
      readonly value: number
      readonly low: number
      readonly high: number
    } | null
  }
}
