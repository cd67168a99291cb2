import type { Cell } from '@driftfarm/spec'
import type { Curvature } from '../ball/curvature.ts'
import type { Clearance } from '../ball/escapeSet.ts'
import type { ForeverBound } from '../ball/forever.ts'
import type { Certificate } from '../certificate/certificate.ts'
import type { NotApplicable } from '../chain.ts'
import type { VanishingBound } from './vanishing.ts'

export interface TheoremOptions {
  /**
   * The radius of the ball. The default is the radius of the cell's escape, or the radius that gives the best bound.
   */
  readonly radius?: number
  /**
   * The distances |theta_N - theta_0| of measured trials from one start; Infinity for a trial that ended before step N.
   * The bound for the steps after the horizon N uses D_N, the distance from the minimum after N steps. D_N is at most
   * |theta_N - theta_0| + D_0.
   */
  readonly distances?: readonly number[]
  /** Whether Theorem 2 is also applied. Theorem 2 takes longer than all other results. Default true. */
  readonly certificate?: boolean
}

/** One of the three conditions of Theorem 1, or of Theorem 3, applied to a cell. */
export interface TheoremCondition {
  readonly number: 1 | 2 | 3
  readonly holds: boolean
  readonly numbers: Readonly<Record<string, number>>
  readonly text: string
}

/** The theoretical results for a cell, computed without running a trial: Theorem 1 and related bounds. */
export interface TheoremAnswer {
  readonly dimension: number
  readonly minimum: {
    readonly point: readonly number[]
    /** null if the cell does not name the minimum. */
    readonly name: string | null
    readonly loss: number
    readonly gradnorm: number
    /** |grad L| / mu, an upper bound on the distance to the exact minimum; null if mu <= 0. */
    readonly error: number | null
  }
  readonly start: {
    /** D_0, the distance of the start from the minimum. */
    readonly distance: number
    /** Whether each trial starts at a different point. If so, `distance` is that of trial 0. */
    readonly random: boolean
  }
  readonly set: {
    /** 'tube': a ball in the coordinates on which the loss depends, with no restriction on the other coordinates. */
    readonly kind: 'ball' | 'tube'
    /** The coordinates (from 0) in which the distance is measured. */
    readonly among: readonly number[]
    readonly radius: number
    /** What determined the radius: an option, the cell's own escape, or the best bound. */
    readonly chosen: 'option' | 'escape' | 'best'
  }
  readonly escape: {
    readonly kind: Clearance['kind']
    /** Which of the bounds on the probability of leaving the set also hold for the cell's own escape. */
    readonly ends: 'both' | 'upper' | 'none'
    readonly text: string
  }
  readonly curvature: Curvature
  /** 'additive': Theorem 1. 'vanishing': Theorem 1'. 'momentum', 'minibatch': Theorem 3. */
  readonly statement: 'additive' | 'vanishing' | 'momentum' | 'minibatch' | 'none'
  readonly conditions: readonly TheoremCondition[]
  /** The horizon N. */
  readonly steps: number
  readonly bounds: AdditiveBounds | null
  /**
   * Theorem 2: the proven bound on the probability of the cell's own escape, wherever in the escape set it happens, or
   * the reason why there is no bound.
   */
  readonly certificate: Certificate | NotApplicable
  /**
   * Theorem 2 with the corollary of Theorem 1: for a schedule, a lower bound on the probability of converging to this
   * minimum, or the reason why there is none.
   */
  readonly convergence: Convergence | NotApplicable
  readonly vanishing: VanishingBound | null
  /** The bound without a horizon, or the reason why there is none. */
  readonly forever: Forever | NotApplicable
  /**
   * Whether it is proven that a trial leaves the set at some time with probability 1: P(tau < infinity) = 1. The proof
   * requires constant eta and constant Gaussian drift, but not that the `conditions` hold.
   */
  readonly leaves: boolean
  /**
   * For constant eta and drift: the number of steps for which a trial stays in the set with a probability of 1 - delta
   * or more.
   */
  readonly horizon: { readonly delta: number; readonly steps: number } | null
  /** A fragment of a spec whose escape is the event that the bounds describe. */
  readonly measure: string
}

/** A proven lower bound on the probability that theta_n converges to the minimum without ever having escaped. */
export interface Convergence {
  readonly s: number
  /** 1 - s, computed without a subtraction. */
  readonly escape: number
  /**
   * The horizon N. For the steps after N, the bound uses the infinite product s_inf(D_N), a lower bound on the
   * probability of converging without an escape.
   */
  readonly steps: number
  /**
   * 1 - s_inf(0), for a trial that is at the minimum at the horizon: an upper bound on the probability that the trial
   * does not stay in the ball and converge.
   */
  readonly after: number
}

/** Bounds on P(theta_n in the set for all n <= N) and on the probability of leaving the set. */
export interface AdditiveBounds {
  /** s_N and 1 - s_N; null if the conditions do not hold. */
  readonly stay: number | null
  readonly escape: number | null
  /** 1 - S_N(rho) and 1 - S_N((1 - eta Lambda)_+), the bounds on the probability of leaving; null if not known. */
  readonly upper: number | null
  readonly lower: number | null
  /** The relative error that quadrature causes in `upper` and `lower`. */
  readonly error: number
  /** Why `upper` or `lower` is null. */
  readonly missing: string | null
  /**
   * Upper bounds on the probability of leaving that hold under weaker conditions: the sum of the tails, the bound for
   * any sub-Gaussian drift, and the bound for any drift with this variance.
   */
  readonly union: number | null
  readonly exponential: number | null
  readonly doob: number | null
  /**
   * The bound of Theorem 2 on the probability of the cell's own escape, not of leaving the ball; null if there is none.
   */
  readonly certificate: number | null
}

export interface Forever extends ForeverBound {
  /**
   * For the steps after the horizon: the lower bound s_inf(D_N) on the probability of staying in the ball and
   * converging.
   */
  readonly restart: {
    readonly atZero: number
    /** The D_N at which the bound falls to 1/2; null if the bound is at most 1/2 even at D_N = 0 (`atZero`). */
    readonly half: number | null
    /**
     * The mean of the bound over the measured distances D_N, with Hoeffding's interval. The bound is 0 for distances
     * outside the ball.
     */
    readonly measured: {
      readonly rows: number
      readonly value: number
      readonly low: number
      readonly high: number
    } | null
  }
}

/**
 * Whether the escape that trials measure is the event that the bounds refer to: a trial with a fixed start leaves the
 * ball for the first time.
 */
export function isSameEvent({ trial }: Pick<Cell, 'trial'>, { escape, start }: TheoremAnswer): boolean {
  const convergesFirst = trial.converge !== null && trial.afterConverge === 'stop'
  return escape.kind === 'ball' && escape.ends === 'both' && !convergesFirst && !start.random
}
