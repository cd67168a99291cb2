import type { Law } from './laws.ts'
import type { NamedRule } from './rules.ts'

export type { Law } from './laws.ts'

/**
 * A cell: one parameter point, fully resolved. It consists of plain frozen JSON values without undefined, and all
 * numbers are finite doubles. These fields are the whole identity of the cell, and the hash of its canonical bytes is
 * its id (`cellId`). A kernel computes a trial from these fields and a trial index only. Expressions are in canonical
 * form (`print(parse(text))`), and names of `let` are already replaced by numbers.
 */
export interface Cell {
  /**
   * The version of the kernel semantics that defines the bits of this cell's results. It increases with each
   * change of the code that alters a bit of a result.
   */
  readonly kernel: number
  readonly landscape: Landscape
  readonly start: Start
  readonly update: Update
  readonly trial: Trial
  /** An integer from 0 to 2^64 - 1, as a decimal string. */
  readonly seed: string
  readonly streams: 'independent' | 'common'
  readonly method: Method
}

/** How the probability of escape is estimated from trials. */
export type Method =
  /** The estimate is the fraction of trials that escape. */
  | { readonly kind: 'direct' }
  /**
   * Adaptive multilevel splitting: each trial of this method is a replica, a swarm of `particles` trajectories. The
   * level of a round is the `kill`-th lowest among the maximal scores of all trajectories. Trajectories whose maximal
   * score is at most this level are killed, and each is replaced by a branch of a survivor. The rounds end when the
   * level reaches `target`.
   */
  | {
      readonly kind: 'splitting'
      /** A numeric expression over coordinates, parameters, loss, gradnorm, distance and step. */
      readonly score: string
      /**
       * The score at which a replica ends. If null, the replica ends when the number of trajectories that have not
       * escaped is less than `kill`.
       */
      readonly target: number | null
      readonly particles: number
      readonly kill: number
    }
  /**
   * Importance sampling: the cell's only drift is additive, and its Gaussian noise xi is replaced by zeta + u, where
   * zeta is standard normal. A fraction `original` of the trials keeps the original noise. The weight of a trial is the
   * density of its noise under the original distribution, divided by the density under the mixture of the original and
   * the shifted distribution.
   */
  | {
      readonly kind: 'tilt'
      /**
       * The shift u, one expression for each coordinate. Each expression may use coordinates, parameters, loss,
       * gradnorm, distance, step, and g, the partial derivative of the loss along its coordinate.
       */
      readonly shifts: readonly string[]
      readonly original: number
    }

/** The loss L(theta). A preset is resolved to its formula. */
export type Landscape = FormulaLandscape | NetworkLandscape | PopulationLandscape

interface AnyLandscape {
  /** Number of coordinates of theta. */
  readonly dimension: number
  /** The `dimension` coordinate names. Null if they are x[1] .. x[dimension], as in every network. */
  readonly variables: readonly string[] | null
  /** Named values that the expressions of the landscape and of events may use, sorted by name. Empty for a network. */
  readonly parameters: readonly (readonly [name: string, value: number])[]
}

export interface FormulaLandscape extends AnyLandscape {
  readonly kind: 'formula'
  readonly expression: string
  /**
   * With data, L is the mean of the expression over the samples, and each name in `columns` stands for a value of the
   * sample.
   */
  readonly data: (DataReference & { readonly columns: readonly string[] }) | null
  /** Samples that training does not use, for `testloss`, with the same columns. Absent: none. */
  readonly test?: DataReference
  readonly batch: Batch | null
  /** Absent: no noise. `columns` are the columns that receive the noise. */
  readonly labelNoise?: { readonly sigma: number; readonly columns: readonly string[] }
}

/**
 * L_1 = W_0 L_0 + B_0, L_{k+1} = W_k rho(L_k) + B_k, F = gamma(last); theta is W_0 row by row, B_0, W_1, ...
 * L is the loss over the samples plus decay |theta|^2.
 */
export interface NetworkLandscape extends AnyLandscape {
  readonly kind: 'network'
  /** Layer widths d_0 .. d_n. A sample consists of d_0 inputs followed by d_n targets. */
  readonly layers: readonly number[]
  readonly activation: Activation
  readonly output: 'identity' | 'sigmoid' | 'softmax'
  /**
   *  - mse: mean over samples and outputs of (F - t)^2.
   *  - cross-entropy with softmax: mean over samples of -sum t log F.
   *  - cross-entropy with sigmoid: mean over samples and outputs of the binary cross-entropy.
   */
  readonly loss: 'mse' | 'cross-entropy'
  readonly biases: boolean
  readonly decay: number
  readonly decayBias: boolean
  readonly data: DataReference
  /** Samples that training does not use, for `testloss` and `testaccuracy`. Absent: none. */
  readonly test?: DataReference
  readonly batch: Batch | null
  /**
   * For each hidden layer, the probability that a step leaves out a unit. Steps multiply the values of the units that
   * remain by 1/(1 - p). Losses and accuracies use all units. Absent: no dropout.
   */
  readonly dropout?: readonly number[]
  /** Noise that each step adds to the targets of the samples that it uses. Absent: none. */
  readonly labelNoise?: LabelNoise
}
/**
 * flip: with this probability, the class label of a sample is replaced by a label drawn uniformly from all other
 * classes. sigma: the standard deviation of Gaussian noise that is added to each target.
 */
export type LabelNoise = { readonly flip: number } | { readonly sigma: number }
/** leaky-relu has slope 0.01 below zero. */
export type Activation = 'tanh' | 'sigmoid' | 'relu' | 'leaky-relu' | 'softplus' | 'sin' | 'identity'

/**
 * A two-layer student network of `neurons` ReLU units, which learns `teachers` orthonormal units v_j = e_j. The
 * `inputs` inputs are Gaussian, and the population loss is in closed form (Safran & Shamir 2018). theta is w_1, w_2,
 * ..., so dimension = neurons * inputs.
 */
export interface PopulationLandscape extends AnyLandscape {
  readonly kind: 'population'
  readonly activation: 'relu'
  readonly neurons: number
  readonly teachers: number
  readonly inputs: number
}

/**
 * A data set, identified by the hash of its content (`dataTable`), so that the cell does not depend on the path of the
 * file.
 */
export interface DataReference {
  readonly hash: string
  readonly rows: number
  /** Absent if the samples are exactly the data that the spec names. */
  readonly prepared?: PreparedData
}

/**
 * How the numbers of a table were made from the data that the spec names, so that new samples can be prepared in the
 * same way. First, missing values are dropped or filled. Then words are converted to numbers. Last, inputs are
 * scaled.
 */
export interface PreparedData {
  /**
   * Names of the inputs of a network, or of the columns of a formula, in order. The input `colour=red` is 1 if the word
   * in the column `colour` is `red`.
   */
  readonly inputs: readonly string[]
  /** Lines of the file that were left out because a value was missing. */
  readonly dropped: number
  /**
   * For each column in which missing values were replaced by the mean of the other values, the number of replaced
   * values and the mean.
   */
  readonly filled: readonly (readonly [column: string, { readonly count: number; readonly value: number }])[]
  /**
   * Null if no input was scaled. Otherwise an input is (value - center) / scale.
   * - standard: center is the mean, scale the population standard deviation.
   * - range: center is the minimum, scale the maximum minus the minimum.
   * - standard and range: for a column of equal values, listed in `constant`, center is this value and scale 1, so the
   *   input is 0.
   * - divide: center is 0, scale the number that the spec names.
   * - all kinds: for a column of words, center is 0 and scale 1.
   */
  readonly scaled: {
    readonly kind: 'standard' | 'range' | 'divide'
    readonly center: readonly number[]
    readonly scale: readonly number[]
    readonly constant: readonly string[]
  } | null
}

/** A mini-batch: samples drawn for each step from the trial's data stream. Null stands for the full batch. */
export interface Batch {
  /** Number of samples per step, at least 1; with `shuffle`, at most the number of samples in the data. */
  readonly size: number
  /**
   * `replacement`: independent draws. `shuffle`: an endless sequence of random permutations of the samples, cut into
   * batches.
   */
  readonly sampling: 'replacement' | 'shuffle'
}

export type Start =
  | { readonly kind: 'point'; readonly point: readonly number[] }
  /** If `low`, `high`, `mean` or `sigma` is a single number, it applies to all coordinates. */
  | { readonly kind: 'uniform'; readonly low: Broadcast; readonly high: Broadcast }
  | { readonly kind: 'gaussian'; readonly mean: Broadcast; readonly sigma: Broadcast }
  /**
   * Network initialisation: weights N(0, s^2), biases 0, with s^2 = 2/fan_in (he), 2/(fan_in + fan_out) (xavier) or
   * 1/fan_in (lecun).
   */
  | { readonly kind: 'init'; readonly law: 'he' | 'xavier' | 'lecun' }
  /** The end point of a noise-free descent that begins at the start `from`. */
  | { readonly kind: 'descend'; readonly from: Start; readonly descent: Descent }
  /** A point with many coordinates: a table of one row. */
  | { readonly kind: 'stored'; readonly data: DataReference }
  | TrainedStart
/**
 * The last point of a training run on the landscape of the cell, which begins at `from`. It ends when the condition
 * `until` holds, or after `steps` steps. Trial i begins where the run i ends, or with `per: cell` where the run 0 ends.
 * If the run diverges, the trial diverges at its first step. `trainingCell` describes the run.
 */
export interface TrainedStart {
  readonly kind: 'train'
  readonly from: Start
  readonly update: Update
  readonly until: string | null
  /** As in `NamedCondition`. */
  readonly every?: number
  readonly steps: number
  readonly per: 'cell' | 'trial'
  /** Only in cells made from other cells, such as control runs: the run is on this landscape. */
  readonly landscape?: Landscape
}
export type Broadcast = number | readonly number[]

/**
 * Noise-free descent theta' = theta - eta grad L(theta) over all samples. It ends when |grad L| <= gradient, or after
 * `steps` steps.
 */
export interface Descent {
  readonly gradient: number
  readonly eta: number
  readonly steps: number
}

export interface Update {
  readonly rule: Rule
  readonly eta: Schedule
  /** The drifts in the order in which they are applied; empty for plain descent. */
  readonly drift: readonly Drift[]
  /** The gradient is multiplied by min(1, clip / |g|) before the drifts act. Absent: no clipping. */
  readonly clip?: number
  /** theta is multiplied by 1 - eta_n * decoupledDecay before the step of the rule (AdamW). Absent: no such decay. */
  readonly decoupledDecay?: number
  /**
   * The gradient is evaluated at theta + rho g / |g| (sharpness-aware minimization), on the same samples as g. Absent:
   * at theta.
   */
  readonly sam?: { readonly rho: number }
  /** In steps n < warmup, eta_n is multiplied by (n + 1) / warmup. Absent: no warm-up of the step size. */
  readonly warmup?: number
  /** A factor of eta for the weights and biases of each layer of a network. Absent: 1 for every layer. */
  readonly etaByLayer?: readonly number[]
}

export type Rule = NamedRule | CustomRule

/**
 * A user-defined update, applied to each coordinate separately. First all states are updated simultaneously: their
 * expressions use the old states. Then theta is updated: its expression uses the new states. The expressions may use g
 * (the gradient after drift), theta, the states, eta, n, and xi (a standard normal number that the rule itself draws).
 */
export interface CustomRule {
  readonly kind: 'custom'
  /** Sorted by name. */
  readonly state: readonly { readonly name: string; readonly initial: number; readonly next: string }[]
  readonly theta: string
}

/**
 * One drift, which computes g' from g. The drifts of a list are applied in order. `amount` is the scale sigma unless
 * the form says otherwise. The drift acts at each step n that is a multiple of `every` and at which `when` holds for
 * theta_n. Random numbers are drawn at every step, whether the drift acts or not.
 */
export type Drift = DriftForm & {
  readonly amount: Schedule
  readonly when: string | null
  readonly every: number
}
export type DriftForm =
  /**
   * Scale 'sigma': g' = g + sigma xi. Scale 'step': theta' += s xi, after the rule has computed theta'. Scale
   * 'temperature': like 'step', with s = sqrt(2 eta_n T).
   */
  | ({ readonly form: 'additive'; readonly scale: 'sigma' | 'step' | 'temperature' } & VectorLaw)
  /** g'_i = g_i (1 + sigma xi_i). */
  | ({ readonly form: 'multiplicative' } & VectorLaw)
  /** eta' = eta (1 + sigma xi), with one scalar xi for each step. */
  | { readonly form: 'rate'; readonly law: Law }
  /** g is rotated by the angle sigma xi within a uniformly random plane that contains g. Needs dimension 2 or more. */
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
   * Whether the vector xi has a spherical distribution. If so, the law `uniform` acts like `ball`, and `rademacher`
   * acts like `sphere`. For `laplace`, `student`, `cauchy` and `stable`, xi is then the Gaussian scale mixture whose
   * coordinates have the distribution `law`.
   */
  readonly isotropic: boolean
}

export type Shape =
  | { readonly kind: 'matrix'; readonly rows: readonly (readonly number[])[] }
  | { readonly kind: 'diagonal'; readonly values: readonly number[] }
  /**
   * S is a power of a symmetric matrix, with negative eigenvalues set to 0. The matrix is the Hessian of L, or the
   * covariance of the single-sample gradients, evaluated at theta_0 of the trial or at theta_n. If `trace` is not null,
   * S is then scaled so that trace(S S^T) equals `trace`.
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
  /** Pairs [n, value], sorted by n: the value applies from step n on. The first n is 0. */
  | { readonly kind: 'piecewise'; readonly points: readonly (readonly [number, number])[] }
  /** An expression over n. */
  | { readonly kind: 'expression'; readonly expression: string }

/**
 * The course of a trial and its events. Lists of [name, value] pairs are used where the order matters. Conditions are
 * boolean expressions over coordinates, parameters, loss, gradnorm, distance and step.
 */
export interface Trial {
  /**
   * Number of warm-up steps. During these steps n is 0, and no event is recorded. The point after these steps is
   * theta_0; the trial then measures distances from theta_0.
   */
  readonly warmup: number
  /** The horizon N: the largest number of steps. */
  readonly steps: number
  /** A trial has diverged once some |theta_i| exceeds this. */
  readonly divergence: number
  readonly escape: Escape | null
  readonly converge: Converge | null
  readonly afterEscape: 'stop' | 'continue'
  readonly afterConverge: 'stop' | 'continue'
  readonly marks: readonly NamedCondition[]
  readonly classify: readonly NamedCondition[]
  readonly minima: readonly (readonly [name: string, point: readonly number[]])[]
  /**
   * Noise-free descent from the last theta of the trial. Its end point determines the minimum in which the trial
   * settled.
   */
  readonly quench: Descent | null
  /**
   * A converged trial settles in the first of `minima` that is within this radius of the last theta. The radius has no
   * effect if the minimum is already determined by a quench, by a small gradient, or by the ball into which the trial
   * converged.
   */
  readonly settledRadius: number
}

/**
 * A condition, which is evaluated at each step, or with `every` only at the steps that are multiples of `every`, which
 * is at least 2. A class with `every` holds if its condition held at the last such step.
 */
export type NamedCondition = readonly [name: string, when: string, every?: number]

export type Escape =
  /** A trial escapes through the first of `exits` whose condition holds. A single unnamed exit has the name ''. */
  | { readonly kind: 'exits'; readonly exits: readonly NamedCondition[] }
  /** |theta - of| >= radius. */
  | { readonly kind: 'outside'; readonly radius: number; readonly of: readonly number[] }
  /**
   * At each step n > 0 that is a multiple of `every`, a noise-free descent from theta_n is run. The trial escapes if
   * this descent and the descent from theta_0 end in different basins.
   */
  | {
      readonly kind: 'basin'
      readonly every: number
      readonly descent: Descent
      /** Ends of a network are compared up to the order, sign and scale of its units. Absent: as they are. */
      readonly modulo?: 'symmetry'
    }

/**
 * A trial has converged when the condition has held at `hold` consecutive steps. The last of these steps is the time
 * of convergence.
 */
export type Converge =
  /**
   * |theta - c| <= radius for at least one centre c. Different centres may satisfy this at different steps. The
   * trial converges to the first centre that is within `radius` of theta at the last of the `hold` steps. An unnamed
   * point has the name ''.
   */
  | {
      readonly kind: 'within'
      readonly radius: number
      readonly of: readonly (readonly [name: string, point: readonly number[]])[]
      readonly hold: number
    }
  /** |grad L(theta)| <= tolerance (Euclidean). */
  | { readonly kind: 'gradient'; readonly tolerance: number; readonly hold: number }
  /** `every` is as in `NamedCondition`; `hold` then counts consecutive evaluations. */
  | { readonly kind: 'when'; readonly when: string; readonly hold: number; readonly every?: number }
