import type { Refusal } from '../chain.ts'
import type { Curvature } from './curvature.ts'
import type { Clearance } from './escapeSet.ts'
import type { ForeverBound } from './forever.ts'
import type { VanishingBound } from './vanishing.ts'

export interface TheoremOptions {
  /** Of the ball; else the cell's escape, or what makes the bound best, decides. */
  readonly radius?: number
  /**
   * |theta_N - theta_0| of measured trials from one start, Infinity where a trial ended before: D_N is at most that
   * plus D_0. For the bound that goes on from the horizon.
   */
  readonly distances?: readonly number[]
}

/** One of the three conditions of Theorem 1, as it stands for a cell. */
export interface TheoremCondition {
  readonly number: 1 | 2 | 3
  readonly holds: boolean
  readonly numbers: Readonly<Record<string, number>>
  readonly text: string
}

/** What mathematics says of a cell without a single trial: Theorem 1 and the bounds beside it. */
export interface TheoremAnswer {
  readonly dimension: number
  readonly minimum: {
    readonly point: readonly number[]
    /** What the cell calls it. */
    readonly name: string | null
    readonly loss: number
    readonly gradnorm: number
    /** |grad L| / mu: how far the exact minimum can be at most; null where mu <= 0. */
    readonly error: number | null
  }
  readonly start: {
    /** D_0. */
    readonly distance: number
    /** Whether trials begin elsewhere each; D_0 is that of trial 0. */
    readonly random: boolean
  }
  readonly set: {
    /** tube: all points whose other coordinates, those that the loss does not name, are anything. */
    readonly kind: 'ball' | 'tube'
    /** 0-based coordinates in which the distance is measured. */
    readonly among: readonly number[]
    readonly radius: number
    /** By whom the radius was chosen: an option, the cell's own escape, or the best bound. */
    readonly chosen: 'option' | 'escape' | 'best'
  }
  readonly escape: {
    readonly kind: Clearance['kind']
    /** Which ends of the bracket hold for the cell's own escape. */
    readonly ends: 'both' | 'upper' | 'none'
    readonly text: string
  }
  readonly curvature: Curvature
  readonly statement: 'additive' | 'vanishing' | 'none'
  readonly conditions: readonly TheoremCondition[]
  /** N. */
  readonly steps: number
  readonly bounds: AdditiveBounds | null
  readonly vanishing: VanishingBound | null
  /** What holds for ever, or why nothing does. */
  readonly forever: Forever | Refusal
  /** Constant eta and Gaussian drift: P(tau < infinity) = 1, whatever the conditions say. */
  readonly leaves: boolean
  /** Of a constant eta and drift: how long a trial stays with probability 1 - delta at least. */
  readonly horizon: { readonly delta: number; readonly steps: number } | null
  /** A fragment of a spec whose escape is the event that the bounds speak of. */
  readonly measure: string
}

/** Of P(theta_n in the set for all n <= N), and of leaving it. */
export interface AdditiveBounds {
  /** s_N and 1 - s_N; null where the conditions do not hold. */
  readonly stay: number | null
  readonly escape: number | null
  /** 1 - S_N(rho) and 1 - S_N((1 - eta Lambda)_+): the probability of leaving is between. Null where not known. */
  readonly upper: number | null
  readonly lower: number | null
  /** Relative error of the two by quadrature; why one of them is missing. */
  readonly error: number
  readonly missing: string | null
  /** Bounds of leaving that need less: the sum of the tails, any sub-Gaussian drift, any drift of this variance. */
  readonly union: number | null
  readonly exponential: number | null
  readonly doob: number | null
}

export interface Forever extends ForeverBound {
  /** The bound restarted at the horizon, as a function of D_N. */
  readonly restart: {
    readonly atZero: number
    /** Smallest D_N at which it is 1/2, if it is more at 0. */
    readonly half: number | null
    /** Its mean over measured distances D_N, 0 outside; with Hoeffding's interval. */
    readonly measured: {
      readonly rows: number
      readonly value: number
      readonly low: number
      readonly high: number
    } | null
  }
}
