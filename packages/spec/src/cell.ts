import type { Law } from './laws.ts'
import type { NamedRule } from './rules.ts'

export type { Law } from './laws.ts'

/**
 * A cell: one parameter point, fully resolved. Plain frozen JSON values, no undefined; all numbers are
 * finite doubles. What is here is the cell's identity and nothing else is: its canonical bytes are hashed
 * into its id (`cellId`), and a kernel computes a trial from these fields and a trial index alone.
 * Expressions are in canonical print (`print(parse(text))`), with let names already replaced by numbers.
 */
export interface Cell {
  /** Semantic version of the kernel: a change of any result bit raises it. */
  readonly kernel: number
  readonly landscape: Landscape
  readonly start: Start
  readonly update: Update
  readonly trial: Trial
  /** Decimal, 0 .. 2^64-1. */
  readonly seed: string
  readonly streams: 'independent' | 'common'
  readonly method: Method
}

/** How the probability of escape is found from trials. */
export type Method =
  /** The share of trials that escape. */
  | { readonly kind: 'direct' }
  /**
   * Adaptive multilevel splitting: a trial of the method is a replica, `particles` trajectories of which in each round
   * those are killed whose highest score is at most the `kill`-th lowest, and replaced by branches of the others, until
   * that is `target` or more.
   */
  | {
      readonly kind: 'splitting'
      /** A number over coordinates, parameters, loss, gradnorm, distance, step. */
      readonly score: string
      /** Null: until so few are left that have not escaped. */
      readonly target: number | null
      readonly particles: number
      readonly kill: number
    }
  /**
   * Importance sampling: the Gaussian noise xi of the one additive drift becomes zeta + u, but in a share `original` of
   * the trials, and a trial counts with the ratio of the two laws of its noise.
   */
  | {
      readonly kind: 'tilt'
      /**
       * u of each coordinate: numbers over coordinates, parameters, loss, gradnorm, distance, step, and g, the partial
       * derivative.
       */
      readonly shifts: readonly string[]
      readonly original: number
    }

/** The loss L(theta). Presets are formulas too once resolved. */
export type Landscape = FormulaLandscape | NetworkLandscape | PopulationLandscape

interface AnyLandscape {
  /** Coordinates of theta. */
  readonly dimension: number
  /**
   * Coordinate names, `dimension` of them; or null where coordinates are x[1] .. x[dimension]: always so for networks.
   */
  readonly variables: readonly string[] | null
  /**
   * Names that the expressions of landscape and events may use, with their values, sorted by name. Networks have none.
   */
  readonly parameters: readonly (readonly [name: string, value: number])[]
}

export interface FormulaLandscape extends AnyLandscape {
  readonly kind: 'formula'
  readonly expression: string
  /** With data, L is the mean of the expression over the samples; the names of `columns` stand for their values. */
  readonly data: (DataReference & { readonly columns: readonly string[] }) | null
  readonly batch: Batch | null
}

/**
 * L_1 = W_0 L_0 + B_0, L_{k+1} = W_k rho(L_k) + B_k, F = gamma(last); theta is W_0 row by row, B_0, W_1, ...
 * L is the loss over the samples plus decay |theta|^2.
 */
export interface NetworkLandscape extends AnyLandscape {
  readonly kind: 'network'
  /** Widths d_0 .. d_n. A sample is d_0 inputs, then d_n targets. */
  readonly layers: readonly number[]
  readonly activation: Activation
  readonly output: 'identity' | 'sigmoid' | 'softmax'
  /**
   * mse: mean over samples and outputs of (F - t)^2. cross-entropy: mean over samples of -sum t log F (softmax), or
   * over samples and outputs of the binary one (sigmoid).
   */
  readonly loss: 'mse' | 'cross-entropy'
  readonly biases: boolean
  readonly decay: number
  readonly decayBias: boolean
  readonly data: DataReference
  readonly batch: Batch | null
}
/** leaky-relu has slope 0.01 below zero. */
export type Activation = 'tanh' | 'sigmoid' | 'relu' | 'leaky-relu' | 'softplus' | 'sin' | 'identity'

/**
 * Two-layer student of `neurons` ReLU units and `teachers` orthonormal ones v_j = e_j over `inputs` Gaussian inputs, in
 * closed form (Safran & Shamir 2018). theta is w_1, w_2, ...: dimension = neurons * inputs.
 */
export interface PopulationLandscape extends AnyLandscape {
  readonly kind: 'population'
  readonly activation: 'relu'
  readonly neurons: number
  readonly teachers: number
  readonly inputs: number
}

/** A data set by its content (`dataTable`), so that a cell is the same wherever the file was. */
export interface DataReference {
  readonly hash: string
  /** Samples. */
  readonly rows: number
}

/** Samples drawn for each step from the trial's data stream; null instead of this is the full batch. */
export interface Batch {
  /** At most the number of samples when shuffled. */
  readonly size: number
  /** shuffle: an endless row of random permutations, cut into batches. */
  readonly sampling: 'replacement' | 'shuffle'
}

export type Start =
  | { readonly kind: 'point'; readonly point: readonly number[] }
  /** A number is the same for all coordinates. */
  | { readonly kind: 'uniform'; readonly low: Broadcast; readonly high: Broadcast }
  | { readonly kind: 'gaussian'; readonly mean: Broadcast; readonly sigma: Broadcast }
  /** Networks: weights N(0, s^2), biases 0; s^2 = 2/fan_in (he), 2/(fan_in + fan_out) (xavier), 1/fan_in (lecun). */
  | { readonly kind: 'init'; readonly law: 'he' | 'xavier' | 'lecun' }
  /** The end of noise-free descent from another start. */
  | { readonly kind: 'descend'; readonly from: Start; readonly descent: Descent }
export type Broadcast = number | readonly number[]

/**
 * Noise-free descent theta' = theta - eta grad L(theta) over all samples, until |grad L| <= gradient or so many steps.
 */
export interface Descent {
  readonly gradient: number
  readonly eta: number
  readonly steps: number
}

export interface Update {
  readonly rule: Rule
  readonly eta: Schedule
  /** Empty: plain descent. */
  readonly drift: readonly Drift[]
}

export type Rule = NamedRule | CustomRule

/**
 * Per coordinate. Every state takes the value of its expression over the old states, all at once; then theta that of
 * its own over the new ones. Names: g (with its drift), theta, the states, eta, n, xi (a standard normal of its own).
 */
export interface CustomRule {
  readonly kind: 'custom'
  /** Sorted by name. */
  readonly state: readonly { readonly name: string; readonly initial: number; readonly next: string }[]
  readonly theta: string
}

/**
 * Makes g' from g, entry after entry. `amount` is the scale sigma (or, by form, what is said there). An entry acts at
 * the steps n that `every` divides and where `when`, a condition on theta_n, holds; it draws in every step.
 */
export type Drift = DriftForm & {
  readonly amount: Schedule
  readonly when: string | null
  readonly every: number
}
export type DriftForm =
  /**
   * g' = g + sigma xi ('sigma'); theta' += s xi after the rule's move ('step'); s = sqrt(2 eta_n T) ('temperature').
   */
  | ({ readonly form: 'additive'; readonly scale: 'sigma' | 'step' | 'temperature' } & VectorLaw)
  /** g'_i = g_i (1 + sigma xi_i). */
  | ({ readonly form: 'multiplicative' } & VectorLaw)
  /** eta' = eta (1 + sigma xi), one xi a step. */
  | { readonly form: 'rate'; readonly law: Law }
  /** g turned by the angle sigma xi in a uniformly random plane that holds g. Dimension 2 or more. */
  | { readonly form: 'rotation'; readonly law: Law }
  /** g' = -g with probability `amount`. */
  | { readonly form: 'flip' }
  /** g' = g + sigma S xi. */
  | ({ readonly form: 'anisotropic'; readonly shape: Shape } & VectorLaw)
  /** g' = g + sigma sqrt(max(L, 0)) xi. */
  | ({ readonly form: 'loss-scaled' } & VectorLaw)

export interface VectorLaw {
  readonly law: Law
  /**
   * The spherical law whose coordinates have this law each: a Gaussian scale mixture for laplace, student, cauchy and
   * stable; uniform becomes ball and rademacher sphere.
   */
  readonly isotropic: boolean
}

export type Shape =
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly number[])[] }
  | { readonly kind: 'diagonal'; readonly values: readonly number[] }
  /**
   * A symmetric matrix to a power, negative eigenvalues taken as 0: the Hessian of L, or the covariance of the gradient
   * over single samples; at theta_0 of the trial or at theta_n. `trace`: then scaled so that trace(S S^T) is this.
   */
  | {
      readonly kind: 'hessian' | 'covariance'
      readonly at: 'start' | 'current'
      readonly power: number
      readonly trace: number | null
    }

/** A number as a function of the step n = 0, 1, ... (step n takes theta_n to theta_{n+1}). */
export type Schedule =
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'power'; readonly initial: number; readonly offset: number; readonly exponent: number }
  | { readonly kind: 'exponential'; readonly initial: number; readonly rate: number }
  | { readonly kind: 'cosine'; readonly initial: number; readonly final: number; readonly steps: number }
  /** Sorted [from n, value]; the first n is 0. */
  | { readonly kind: 'piecewise'; readonly points: readonly (readonly [number, number])[] }
  /** Over the name n. */
  | { readonly kind: 'expression'; readonly expression: string }

/**
 * Ordered where order is meaning: [name, value] pairs. Boolean expressions over coordinates, parameters, loss,
 * gradnorm, distance, step.
 */
export interface Trial {
  /** Steps before time zero, with the scales of n = 0 and no events; distance and basin refer to theta_0 after them. */
  readonly warmup: number
  /** The horizon N. */
  readonly steps: number
  /** |theta_i| > divergence ends a trial as diverged. */
  readonly divergence: number
  readonly escape: Escape | null
  readonly converge: Converge | null
  readonly afterEscape: 'stop' | 'continue'
  readonly afterConverge: 'stop' | 'continue'
  readonly marks: readonly (readonly [name: string, when: string])[]
  readonly classify: readonly (readonly [name: string, when: string])[]
  readonly minima: readonly (readonly [name: string, point: readonly number[]])[]
  /** Noise-free descent from the last theta; its end then says where the trial settled. */
  readonly quench: Descent | null
  /**
   * A converged trial that nothing else settles (the ball that it converged into, a small gradient, a quench) is
   * settled in the first minimum within this distance of its last theta.
   */
  readonly settledRadius: number
}

export type Escape =
  /** One unnamed exit has the name ''. The first true exit in order is taken. */
  | { readonly kind: 'exits'; readonly exits: readonly (readonly [name: string, when: string])[] }
  /** |theta - of| >= radius. */
  | { readonly kind: 'outside'; readonly radius: number; readonly of: readonly number[] }
  /** Every k-th step: noise-free descent from theta_n ends in another basin than that of theta_0. */
  | { readonly kind: 'basin'; readonly every: number; readonly descent: Descent }

/** True `hold` steps running; the hold-th counts. */
export type Converge =
  /**
   * |theta - c| <= radius for one of the centres; the first such centre is where it converged. Which centre may change
   * while the hold counts; a name is '' for an unnamed point.
   */
  | {
      readonly kind: 'within'
      readonly radius: number
      readonly of: readonly (readonly [name: string, point: readonly number[]])[]
      readonly hold: number
    }
  /** |grad L(theta)| <= tolerance (Euclidean). */
  | { readonly kind: 'gradient'; readonly tolerance: number; readonly hold: number }
  | { readonly kind: 'when'; readonly when: string; readonly hold: number }
