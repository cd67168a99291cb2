/**
 * Version of `Premises`. Increase it with every change in the content of premises: the premises of a cell are then
 * recomputed when a batch arrives.
 */
export const premisesVersion = 4

/**
 * A level limits the estimated computing time for the premises of a cell: level 0 to half a millisecond, level 8 to
 * five seconds. Every two levels, the limit grows tenfold.
 */
export const premiseLevels = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
export type PremiseLevel = (typeof premiseLevels)[number]

/**
 * Facts on which the estimates of a cell rely. They are computed before the trials of the cell, and are a pure function
 * of the cell, its data and the level. A part is null if it does not apply to the cell. Shares are 0 .. 1; curvatures
 * are eigenvalues of the Hessian of the loss.
 */
export interface Premises {
  /** Documents of another version are recomputed. */
  readonly version: typeof premisesVersion
  /** Premises of a higher level replace those of a lower one. */
  readonly level: PremiseLevel
  readonly control: Control | null
  readonly twins: TwinsPremise | null
  readonly basin: BasinPremise | null
  readonly overshoot: OvershootPremise | null
  readonly start: StartPremise | null
  readonly saddle: SaddlePremise | null
  readonly firstStep: FirstStepPremise | null
  readonly settling: SettlingPremise | null
  readonly relaxation: RelaxationPremise | null
  readonly stability: StabilityPremise | null
  readonly resolution: ResolutionPremise | null
  readonly temperature: TemperaturePremise | null
  /** Absent if trials do not start where training ends, or if too few training runs could be examined. */
  readonly training?: TrainingPremise
  /** Parts that could not be computed and are therefore null. */
  readonly failed: readonly { readonly part: PremisePart; readonly reason: string }[]
  /** Set if parts failed because of the machine. The next run of a sweep then computes the premises again. */
  readonly lost?: true
}

/** How the training runs of a cell ended, or the first of them. */
export interface TrainingPremise {
  readonly runs: number
  /** Number of runs that took all `steps` without meeting the condition `until`. */
  readonly missed: number
  readonly diverged: number
  readonly until: string | null
  readonly steps: number
}

/** The parts, in the order of their checks. */
export const premiseParts = [
  'control',
  'twins',
  'basin',
  'settling',
  'start',
  'saddle',
  'firstStep',
  'stability',
  'overshoot',
  'resolution',
  'temperature',
  'relaxation',
] as const
export type PremisePart = (typeof premiseParts)[number]

/**
 * Returns premises in which every part failed for the same reason. These premises are stored, so later batches do not
 * try to compute them again. If the machine was the reason (`lost`), the next run tries again.
 */
export function premisesNotFound(reason: string, { lost = false }: { readonly lost?: boolean } = {}): Premises {
  const nothing = Object.fromEntries(premiseParts.map((part) => [part, null])) as Readonly<Record<PremisePart, null>>
  return {
    version: premisesVersion,
    // The lowest level, so that any premises computed later replace these.
    level: 0,
    ...nothing,
    failed: premiseParts.map((part) => ({ part, reason })),
    ...(lost ? { lost } : {}),
  }
}

/**
 * The control run: trials of the cell without drift and with the full batch. Their random streams are separate from
 * those of the cell's own trials.
 */
export interface Control {
  /** Whether the cell itself has neither drift nor batches, so that its own trials are its control run. */
  readonly own: boolean
  /** Number of trials: 1 from a fixed point, 100 from a random start. */
  readonly trials: number
  /** Maximum number of steps of a trial: the horizon, or fewer if that would take too long. */
  readonly steps: number
  readonly horizon: number
  readonly escaped: number
  /** Number of trials by exit, minimum, class and mark, named as in results. */
  readonly exits: Readonly<Record<string, number>>
  readonly settled: Readonly<Record<string, number>>
  readonly classes: Readonly<Record<string, number>>
  readonly marks: Readonly<Record<string, number>>
  readonly converged: number
  readonly diverged: number
  /** Number of trials with a descent that ran out of steps. */
  readonly unreached: number
  /** Digest of the trials, in the form of `formatDigest`. */
  readonly digest: string
}

/** The reason why noise, or an entry of the drift, has no effect. */
export type IdleReason =
  /** The spec sets the scale of the noise to 0. */
  | 'zero'
  /** The schedule of the scale is 0 at every step. */
  | 'scale'
  /** The condition `when` of the noise never holds. */
  | 'when'
  /** The noise is proportional to a gradient, a loss or a matrix that is 0 everywhere on the paths of the trials. */
  | 'gradient'
  | 'loss'
  | 'matrix'
  /** The noise is lost to rounding. */
  | 'rounding'
  /** The rule does not use the quantity that the noise changes. */
  | 'rule'
  /** Every batch has the same gradient as the whole data set. */
  | 'samples'
  /** Dropout and label noise do not change the gradient. */
  | 'training'

/** A comparison of trials with twins: trials with the same starts, but without the noise that `of` names. */
export interface TwinsPremise {
  /**
   * The noise that was removed: the drift or, in a cell without drift, the batches or the noise of the rule itself.
   * `training`: dropout and label noise, together with batches if there are any.
   */
  readonly of: 'drift' | 'batches' | 'training' | 'rule'
  /** Whether any trial differs from its twin in its outcome or its last theta. */
  readonly acts: boolean
  /** Number of trials that were compared, and the maximum number of steps of each. */
  readonly trials: number
  readonly steps: number
  readonly horizon: number
  /** Why no trial differs from its twin; null if any trial differs. */
  readonly why: IdleReason | null
  /** Entries of a list of drifts, counted from 0, that can be removed without an effect on any trial. */
  readonly idle: readonly { readonly entry: number; readonly form: string; readonly why: IdleReason }[]
}

/** Whether the steps are stable where trials escape. */
export interface OvershootPremise {
  readonly trials: number
  /**
   * Escapes are counted up to this step. The step is below the horizon if the trials would take too long. If more than
   * half of the trials escape, it is the step by which half of all trials have escaped, because shares near 1 hide
   * differences.
   */
  readonly steps: number
  readonly horizon: number
  readonly escaped: number
  /** Number of escapes whose last step was examined. */
  readonly examined: number
  /**
   * Number of the examined last steps that are long or overshoot, and number of those that overshoot. For gradient,
   * momentum and nesterov, each last step is repeated without noise:
   * - The step is long if it goes past the point where the loss on its line is lowest.
   * - It overshoots if the gradient at its end is larger than the gradient at its start and opposite to it.
   * - It also overshoots if it escapes although the path of steepest descent does not.
   *
   * For other rules, several steps without noise replace the last step. If they increase the loss, the last step
   * overshoots.
   */
  readonly long: number
  readonly overshot: number
  /** Step size of the cell, at step 0. */
  readonly eta: number
  /**
   * Groups of trials with smaller steps, in order of decreasing step size. Their noise and their number of steps are
   * chosen so that the temperature and the simulated time stay the same. Empty if such trials are impossible or would
   * take too long, or if nothing suggests that escapes depend on the step size.
   */
  readonly smaller: readonly {
    readonly eta: number
    /** The momentum that corresponds to this step size; null without momentum. */
    readonly beta: number | null
    readonly steps: number
    readonly trials: number
    readonly escaped: number
    /**
     * The same counts for trials that run to the horizon. A step size that is small enough within `steps` may still be
     * too large for the whole horizon. Null in all groups if `steps` is the horizon, or if the work exceeds the budget.
     */
    readonly whole: { readonly trials: number; readonly escaped: number } | null
  }[]
}

/** Whether the ends of descents stay in their basins when the descents continue to a hundredth of the tolerance. */
export interface BasinPremise {
  /**
   * What in the cell depends on these descents: the escape (`basin`), the quench, or convergence by a gradient
   * (`settled`) or by a radius (`within`).
   */
  readonly of: 'basin' | 'quench' | 'settled' | 'within'
  /** The tolerance |grad L| at which these descents end. */
  readonly tolerance: number
  readonly ends: number
  /** Number of descents that ran out of steps before they reached the tolerance. */
  readonly unreached: number
  /** Number of descents that were in another basin after they continued. */
  readonly changed: number
  /** Number of ends on plateaus or saddles: a lower point can be reached from them without climbing. */
  readonly noMinimum: number
  /** A smaller tolerance with which every end stays in its basin; null if no such tolerance was found or needed. */
  readonly enough: number | null
}

/** Which events already hold at theta_0, and in which basin theta_0 lies. */
export interface StartPremise {
  readonly starts: number
  /**
   * Share of starts at which an event holds, by the event's name in results (`escape`, `exit:upper`, `mark:m2`,
   * `class:good`, `converge`). Only shares above 0 are listed.
   */
  readonly holds: Readonly<Record<string, number>>
  /**
   * `minimum` is the named minimum that trials leave or enter, or at which they start. `share` is the share of starts
   * outside its basin. Null if trials neither leave, enter nor start at a named minimum.
   */
  readonly outside: {
    readonly minimum: string
    readonly share: number
    /** Number of starts from which a descent was followed; not all starts if descents take long. */
    readonly starts: number
  } | null
}

/**
 * Starts at a stationary point that is not a minimum (a saddle, a maximum, a ridge), or from which descent leads to
 * such a point.
 */
export interface SaddlePremise {
  /** Number of starts whose descent reached its tolerance. */
  readonly starts: number
  /**
   * Share of these starts from which descent ends at a stationary point other than a minimum, including starts that are
   * such points. Always above 0.
   */
  readonly share: number
  /**
   * The smallest eigenvalue of the Hessian at the first stationary point that is not a minimum. If the eigenvalue is
   * about 0, a descent from a nearby point showed that the point is not a minimum.
   */
  readonly curvature: number
  /**
   * Named minima reached by descents from the two sides of the point, one for each side that leads to a named minimum.
   */
  readonly into: readonly string[]
  /**
   * One descent starts on each of the two sides of the point. This is the share of the two descents that end where the
   * escape condition holds: 0, 1/2 or 1. Always 1 for an escape from a basin; 0 if the cell has no escape event.
   */
  readonly escapes: number
}

/** The events that hold after the first step of the cell's own trials. */
export interface FirstStepPremise {
  /**
   * Number of trials that were run. It is 0 for direct trials without marks and classes, because their tally already
   * records the steps at which trials escape and converge.
   */
  readonly trials: number
  /** Number of steps for which the condition of convergence must hold; 1 if the cell has no such condition. */
  readonly hold: number
  /** Share of trials for which an event holds after the first step, by the event's name as in `StartPremise.holds`. */
  readonly holds: Readonly<Record<string, number>>
  /**
   * The share of each class if trials run with four times the drift. The trials end at the horizon or, if that takes
   * too long, at an earlier step. Null if the cell requests no classes, if it requests other events besides classes, if
   * its drift cannot be increased, or if even one step takes too long.
   */
  readonly loud: Readonly<Record<string, number>> | null
}

/** A test of whether converged trials stay where they are if they continue without noise. */
export interface SettlingPremise {
  readonly trials: number
  /** Number of converged trials that left: they are in another basin, or the condition no longer holds. */
  readonly left: number
  /** Number of steps for which the trials continued. */
  readonly steps: number
  readonly hold: number
  /**
   * A larger `hold` for which no converged trial leaves, and the number of trials that converge with that `hold`. Null
   * if no such `hold` was found or needed.
   */
  readonly enough: { readonly hold: number; readonly trials: number } | null
}

/** For how many steps after the warm-up trials still depend on their start. */
export interface RelaxationPremise {
  /**
   * After the warm-up, the noise-free rule needs this many more steps to shrink the distance to the start's minimum to
   * a twentieth of the initial distance. It is 0 if the warm-up is long enough.
   */
  readonly steps: number
}

/** Stability of plain descent at the start's minimum; null for rules that are not linear in the gradients. */
export interface StabilityPremise {
  /** Largest step size at any step up to the horizon. */
  readonly eta: number
  /** Largest curvature at the minimum. */
  readonly curvature: number
  /**
   * The product of eta and curvature beyond which descent diverges at the minimum: 2, or 2 (1 + beta) with momentum, or
   * 2 (1 + beta)/(1 + 2 beta) with nesterov.
   */
  readonly limit: number
  /** Present if the curvature was computed at the start itself, because the descent to its minimum takes too long. */
  readonly at?: 'start'
}

/**
 * Sizes of noise, steps and balls, for comparison with rounding errors. Each size is divided by the largest coordinate
 * of the start or, for a ball, of its centre. If a quotient is below 1e-12, rounding destroys the noise, step or ball.
 * If it is above 1e12, rounding destroys the coordinate. A quotient is null if the cell has no such noise, step or
 * ball, or if the coordinate is 0.
 */
export interface ResolutionPremise {
  /**
   * Standard deviation of the noise of one coordinate in one step, or the scale of the noise if its distribution has no
   * standard deviation. Null if there is no additive noise whose effect on a step is known.
   */
  readonly noise: number | null
  /**
   * Length of a step of plain descent from the start: eta times the larger of two numbers. The first is the length of
   * the gradient. The second is the largest curvature times the largest coordinate of the start. For rules whose step
   * length is about eta for every gradient, the length is eta.
   */
  readonly step: number | null
  /** The smallest radius of the balls that decide an escape or a convergence. */
  readonly radius: number | null
}

/**
 * The temperature in each principal direction at the minimum to which the start belongs, computed from the linearised
 * update rule.
 */
export interface TemperaturePremise extends TemperatureAt {
  /** The temperatures at the last step, if the step size or a scale follows a schedule; else null. */
  readonly end: TemperatureAt | null
  /** The rule, or the key of the update, for which theta has no exact temperature. */
  readonly unlike?: string
}

export interface TemperatureAt {
  /** The value of `temperature` in the spec; null if the noise is given in another way. */
  readonly asked: number | null
  /**
   * T = s^2 / (2 eta), the temperature that corresponds to noise of standard deviation s in one step if the rule has no
   * memory.
   */
  readonly nominal: number
  /**
   * At most 16 curvatures in ascending order, each with the temperature in its direction. Infinite temperatures are
   * left out.
   */
  readonly modes: readonly { readonly curvature: number; readonly temperature: number }[]
}
