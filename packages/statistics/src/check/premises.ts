/**
 * Version of `Premises`. Increase it with every change of their content. The premises of all cells are then recomputed
 * as batches of the cells arrive.
 */
export const premisesVersion = 4

/**
 * Levels of the work that premises may take, from half a millisecond to five seconds; two levels are a factor of ten.
 * The level of a cell follows from the number of trials requested (`levelOf` of theory).
 */
export const premiseLevels = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
export type PremiseLevel = (typeof premiseLevels)[number]

/**
 * The facts about a cell that are known before its trials and on which its numbers rely. They are a pure function of
 * the cell, its data and the level. They are computed once (`premisesOf` in theory), stored with the cell as plain
 * JSON, and read by `checksOf`. A part is null if it does not apply to the cell. Shares are 0 .. 1; curvatures are
 * eigenvalues of the Hessian of the loss.
 */
export interface Premises {
  /** Version of this document. Documents of another version are recomputed. */
  readonly version: typeof premisesVersion
  /** The work that the premises were allowed to take. Premises of a higher level replace them. */
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
  /** Parts that could not be computed, with the reason. Such a part is null. */
  readonly failed: readonly { readonly part: PremisePart; readonly reason: string }[]
  /** Set if the reason is the machine and not the cell. The next run of a sweep then computes the premises again. */
  readonly lost?: true
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
 * The premises of a cell for which none could be computed. They are stored too, so that not every batch tries to
 * compute them again. If they failed because of the machine (`lost`), the next run tries again.
 */
export function premisesNotFound(reason: string, { lost = false }: { readonly lost?: boolean } = {}): Premises {
  const nothing = Object.fromEntries(premiseParts.map((part) => [part, null])) as Readonly<Record<PremisePart, null>>
  return {
    version: premisesVersion,
    // So any premises that are computed later replace them.
    level: 0,
    ...nothing,
    failed: premiseParts.map((part) => ({ part, reason })),
    ...(lost ? { lost } : {}),
  }
}

/** The control run: trials of the cell without drift and with the full batch, with separate random streams. */
export interface Control {
  /** Whether the cell itself has neither drift nor batches. Its own trials are then its control run. */
  readonly own: boolean
  /** Number of trials: 1 from a fixed point, 100 from a random start. */
  readonly trials: number
  /** Maximum number of steps of a trial: the horizon, or fewer if that would take too long. */
  readonly steps: number
  readonly horizon: number
  /** Number of trials that escaped. */
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
  /** Digest of its trials, in the form of `formatDigest`. */
  readonly digest: string
}

/** The reason why noise, or an entry of the drift, has no effect. */
export type IdleReason =
  /** Its scale is written as 0. */
  | 'zero'
  /** Its schedule is 0 at every step. */
  | 'scale'
  /** Its condition never holds. */
  | 'when'
  /** It is proportional to a gradient, a loss or a matrix that is 0 where trials are. */
  | 'gradient'
  | 'loss'
  | 'matrix'
  /** It is lost to rounding. */
  | 'rounding'
  /** The rule does not use the gradient. */
  | 'rule'
  /** Every batch has the gradient of all samples. */
  | 'samples'

/** A comparison of trials with twins that have the same starts and samples but no noise. */
export interface TwinsPremise {
  /** The noise that was removed: the drift or, in a cell without drift, the batches or the noise of the rule itself. */
  readonly of: 'drift' | 'batches' | 'rule'
  /** Whether the end or the last theta of a trial differs from that of its twin. */
  readonly acts: boolean
  /** Number of trials that were compared, and the maximum number of steps of each. */
  readonly trials: number
  readonly steps: number
  readonly horizon: number
  /** Why no trial differs from its twin; null if one does. */
  readonly why: IdleReason | null
  /** Entries of a list of drifts that have no effect by themselves, counted from 0. */
  readonly idle: readonly { readonly entry: number; readonly form: string; readonly why: IdleReason }[]
}

/** Whether the steps are stable where trials escape. */
export interface OvershootPremise {
  /**
   * Number of trials that were run, the steps within which escapes are counted, and the number of trials that escaped
   * within them. If more than half escape, `steps` is reduced, since shares near 1 show no differences.
   */
  readonly trials: number
  readonly steps: number
  readonly horizon: number
  readonly escaped: number
  /** Number of escapes whose last step was examined. */
  readonly examined: number
  /**
   * Both numbers refer to the last step of these escapes, repeated without its noise. `long`: it goes past the lowest
   * point on its line. `overshot`: it even ends higher than it began, or escapes although the path of steepest descent
   * does not.
   */
  readonly long: number
  readonly overshot: number
  /** Step size of the cell, at step 0. */
  readonly eta: number
  /**
   * Trials with smaller steps at equal temperature and time, the largest steps first. Empty if no escape gave a reason
   * to compare, or if smaller steps would answer another question.
   */
  readonly smaller: readonly {
    readonly eta: number
    /** The momentum that corresponds to this step size; null without momentum. */
    readonly beta: number | null
    readonly steps: number
    readonly trials: number
    readonly escaped: number
    /**
     * The same over the whole horizon of the cell. A step size may be small enough for `steps` and still too large for
     * the horizon. Null for all step sizes if `steps` is the horizon, or if the work exceeds the budget.
     */
    readonly whole: { readonly trials: number; readonly escaped: number } | null
  }[]
}

/** Whether the ends of descents stay in their basins when the descents continue to a hundredth of the tolerance. */
export interface BasinPremise {
  /** The event that descents decide: the escape, the quench, or convergence. */
  readonly of: 'basin' | 'quench' | 'settled' | 'within'
  /** The tolerance |grad L| at which these descents end. */
  readonly tolerance: number
  /** Number of ends examined. */
  readonly ends: number
  /** Ends of descents that ran out of steps before reaching the tolerance. */
  readonly unreached: number
  /** Ends that lay in another basin after the descent continued. */
  readonly changed: number
  /**
   * Ends from which a lower end can be reached without climbing. They are points on plateaus or saddles, not minima.
   */
  readonly noMinimum: number
  /** A tolerance at which no end changed; null if none was found, or none was needed. */
  readonly enough: number | null
}

/** Which events already hold at theta_0, and in which basin theta_0 lies. */
export interface StartPremise {
  /** Number of starts examined. */
  readonly starts: number
  /**
   * Share of starts at which an event holds, by its name in results (`escape`, `exit:upper`, `mark:m2`, `class:good`,
   * `converge`). Only shares above 0 are listed.
   */
  readonly holds: Readonly<Record<string, number>>
  /**
   * The minimum to which the sweep refers, and the share of starts outside its basin; null if there is no such minimum.
   */
  readonly outside: {
    readonly minimum: string
    readonly share: number
    /** Number of starts from which a descent was followed. If descents take long, it is below the number above. */
    readonly starts: number
  } | null
}

/** Starts at a stationary point that is not a minimum (a saddle, a maximum, a ridge), or with a descent into one. */
export interface SaddlePremise {
  /** Number of starts examined, that is, those whose descent reached its tolerance. */
  readonly starts: number
  /** Share of these starts that lead to such a point; above 0. */
  readonly share: number
  /** The smallest eigenvalue of the Hessian at the first such point; about 0 if only a descent shows the way down. */
  readonly curvature: number
  /**
   * Named minima reached by descents from the two sides of the point, one for each side that leads to a named minimum.
   */
  readonly into: readonly string[]
  /** Share of the two sides for which the escape condition holds at the end of the descent. */
  readonly escapes: number
}

/** The events that hold after the first step of the cell's own trials. */
export interface FirstStepPremise {
  /** Number of trials; 0 if only escape and convergence of direct trials matter, which the tally contains. */
  readonly trials: number
  /** Number of steps for which the condition of convergence must hold; 1 if the cell has no such condition. */
  readonly hold: number
  /** Share of trials for which each event holds after their first step, by the names of `StartPremise.holds`. */
  readonly holds: Readonly<Record<string, number>>
  /**
   * Share of trials in each class at the horizon with four times the noise. Null if the cell requests more than
   * classes, or if its noise cannot be increased.
   */
  readonly loud: Readonly<Record<string, number>> | null
}

/** A test of whether converged trials stay where they are if they continue without noise. */
export interface SettlingPremise {
  /** Number of trials that converged and continued. */
  readonly trials: number
  /** Number of these trials that left: they are in another basin, or the condition no longer holds. */
  readonly left: number
  /** Number of steps for which they continued. */
  readonly steps: number
  /** `hold` of the cell. */
  readonly hold: number
  /**
   * A value of `hold` with which none of the given number of converged trials left; null if none was found or needed.
   */
  readonly enough: { readonly hold: number; readonly trials: number } | null
}

/** How long trials depend on their start. */
export interface RelaxationPremise {
  /**
   * Steps after which the distance from the start's minimum has shrunk to a twentieth; 0 if the warm-up takes longer.
   */
  readonly steps: number
}

/** Stability of plain descent at the start's minimum; null for rules that are not linear in the gradients. */
export interface StabilityPremise {
  /** Largest step size within the horizon. */
  readonly eta: number
  /** Largest curvature at the minimum. */
  readonly curvature: number
  /**
   * The product of eta and curvature beyond which descent diverges at the minimum: 2, or 2 (1 + beta) with momentum, or
   * 2 (1 + beta)/(1 + 2 beta) with nesterov.
   */
  readonly limit: number
  /** Present if the curvature is that at the start, because the descent to its minimum takes too long. */
  readonly at?: 'start'
}

/**
 * Sizes of the quantities that decide an event, for comparison with rounding errors. Each is relative to the largest
 * coordinate to which it is added or at which it is measured. Below 1e-12, rounding leaves little of the quantity.
 * Above 1e12, nothing is left of the coordinate. A number is null if there is nothing to compare.
 */
export interface ResolutionPremise {
  /**
   * Standard deviation of the noise of one step, or its scale if the distribution has no standard deviation. Null if no
   * noise is added independently of theta.
   */
  readonly noise: number | null
  /**
   * Length of a step of plain descent: the longer of a step from the start and one from a distance of 1 to its minimum.
   */
  readonly step: number | null
  /** The smallest radius of the balls that decide an escape or a convergence, measured at their centres. */
  readonly radius: number | null
}

/** The temperature that the linearised recursion of the rule has along each curvature of the start's minimum. */
export interface TemperaturePremise extends TemperatureAt {
  /** The temperatures at the last step, if the step size or a scale follows a schedule; else null. */
  readonly end: TemperatureAt | null
  /** The rule, if its steps are not linear in the gradients, so that theta has no exact temperature. */
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
   * At most 16 curvatures in ascending order, each with the temperature along it. Infinite temperatures are left out.
   */
  readonly modes: readonly { readonly curvature: number; readonly temperature: number }[]
}
