/**
 * Version of `Premises`. Raise it with any change of their content: the premises of all cells are then recomputed
 * as batches of the cells come in.
 */
export const premisesVersion = 4

/**
 * How much work premises may take: every second level ten times as much, from half a millisecond to five seconds. The
 * level of a cell follows from the number of trials requested (`levelOf` of theory).
 */
export const premiseLevels = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
export type PremiseLevel = (typeof premiseLevels)[number]

/**
 * What is known about a cell before its trials, on which its numbers rely: a pure function of the cell, its data and
 * the level. It is computed once (`premisesOf` in theory), stored with the cell as plain JSON, and read by `checksOf`.
 * A part is null where the cell does not raise its question. Shares are 0 .. 1; curvatures are eigenvalues of the
 * Hessian of the loss.
 */
export interface Premises {
  /** Version of this document; one of another version is recomputed. */
  readonly version: typeof premisesVersion
  /** The work that they could take; those of a higher level replace them. */
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
  /** Parts that could not be computed, and why; such a part is null. */
  readonly failed: readonly { readonly part: PremisePart; readonly reason: string }[]
  /** Whether the machine, not the cell, is the reason: then the next run of a sweep computes them again. */
  readonly lost?: true
}

/** In the order of their checks. */
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
 * The premises of a cell for which none could be computed. They are stored too, so that it is not tried again with
 * every batch; those that a machine has lost are tried again by the next run.
 */
export function premisesNotFound(reason: string, { lost = false }: { readonly lost?: boolean } = {}): Premises {
  const nothing = Object.fromEntries(premiseParts.map((part) => [part, null])) as Readonly<Record<PremisePart, null>>
  return {
    version: premisesVersion,
    // Whatever is found takes their place.
    level: 0,
    ...nothing,
    failed: premiseParts.map((part) => ({ part, reason })),
    ...(lost ? { lost } : {}),
  }
}

/** The null experiment: trials of the cell without drift and with the full batch, with separate random streams. */
export interface Control {
  /** Whether the cell itself has neither drift nor batches; its own trials are then its control. */
  readonly own: boolean
  /** Number of trials: 1 from a fixed point, 100 from a random start. */
  readonly trials: number
  /** Steps that each trial could take: the horizon, or fewer where that would take too long. */
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

/** Why noise, or an entry of the drift, changes nothing. */
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

/** Whether trials differ from twins with the same starts and samples whose noise is removed. */
export interface TwinsPremise {
  /** What was removed: the drift, or, of a cell without drift, the batches or the noise of the rule itself. */
  readonly of: 'drift' | 'batches' | 'rule'
  /** Whether the end or the last theta of a trial differs from that of its twin. */
  readonly acts: boolean
  /** Number of trials that were compared, and the steps that each could take. */
  readonly trials: number
  readonly steps: number
  readonly horizon: number
  /** Why nothing differs; null where something does. */
  readonly why: IdleReason | null
  /** Entries of a list of drifts that change nothing by themselves, counted from 0. */
  readonly idle: readonly { readonly entry: number; readonly form: string; readonly why: IdleReason }[]
}

/** Whether the steps are stable where trials escape. */
export interface OvershootPremise {
  /**
   * Number of trials that were run, the steps within which escapes are counted, and how many escaped within them. Where
   * more than half escape these are fewer steps than the trials could take: shares near 1 distinguish nothing.
   */
  readonly trials: number
  readonly steps: number
  readonly horizon: number
  readonly escaped: number
  /** Number of escapes whose last step was examined. */
  readonly examined: number
  /**
   * Of these, the number in which that step, without its noise, goes past the lowest place on its line, and the number
   * in which it even ends higher than it began, or escapes where the path of steepest descent does not.
   */
  readonly long: number
  readonly overshot: number
  /** Step size of the cell, at step 0. */
  readonly eta: number
  /**
   * Trials with smaller steps at equal temperature and time, the largest steps first. Empty where no escape gave a
   * reason to compare, or where smaller steps would answer another question.
   */
  readonly smaller: readonly {
    readonly eta: number
    /** The momentum that belongs to it; null without momentum. */
    readonly beta: number | null
    readonly steps: number
    readonly trials: number
    readonly escaped: number
    /**
     * The same over the whole horizon of the cell: a step size may be small enough for `steps`, and still be too large
     * over the horizon. null for all sizes if `steps` is the horizon, or if the work does not fit into the budget.
     */
    readonly whole: { readonly trials: number; readonly escaped: number } | null
  }[]
}

/** Whether the ends of descents stay in their basins when the descents continue to a hundredth of the tolerance. */
export interface BasinPremise {
  /** What is decided by descents: the escape, the quench, or convergence. */
  readonly of: 'basin' | 'quench' | 'settled' | 'within'
  /** The tolerance |grad L| at which these descents end. */
  readonly tolerance: number
  /** Number of ends examined. */
  readonly ends: number
  /** Ends of descents that ran out of steps before reaching the tolerance. */
  readonly unreached: number
  /** Ends that lay in another basin after the descent continued. */
  readonly changed: number
  /** Ends from which a lower end can be reached without a rise: points on plateaus and saddles, not minima. */
  readonly noMinimum: number
  /** A tolerance at which no end changed; null where none was found or none was needed. */
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
   * The minimum that the sweep is about, and the share of starts outside its basin; null where the sweep is about none.
   */
  readonly outside: {
    readonly minimum: string
    readonly share: number
    /** Number of starts from which a descent was followed; fewer than above where descents take long. */
    readonly starts: number
  } | null
}

/** Starts at, or with a descent into, a point without gradient that is not a minimum: a saddle, a maximum, a ridge. */
export interface SaddlePremise {
  /** Number of starts examined: those with a descent that arrived. */
  readonly starts: number
  /** Share of them that lead to such a point; above 0. */
  readonly share: number
  /** The least eigenvalue of the Hessian at the first such point; about 0 where only a descent shows the way down. */
  readonly curvature: number
  /** Named minima in which descents end from beside the point, one for each of its two sides that leads to one. */
  readonly into: readonly string[]
  /** Share of its two sides at which the escape condition holds at the end of the descent. */
  readonly escapes: number
}

/** What holds after the first step of the cell's own trials. */
export interface FirstStepPremise {
  /** Number of trials; 0 where only escape and convergence of direct trials count, which the tally contains. */
  readonly trials: number
  /** Steps for which the condition of convergence must hold; 1 without one. */
  readonly hold: number
  /** Share of trials for which an event holds after their first step, named as in `StartPremise.holds`. */
  readonly holds: Readonly<Record<string, number>>
  /**
   * Share of trials in each class at the horizon with noise of four times the size; null where the cell requests more
   * than classes, or its noise cannot be made larger.
   */
  readonly loud: Readonly<Record<string, number>> | null
}

/** Whether trials stay where they converged if they continue without noise. */
export interface SettlingPremise {
  /** Number of trials that converged and continued. */
  readonly trials: number
  /** Number of them that left: they are in another basin, or the condition no longer holds. */
  readonly left: number
  /** Number of steps for which they continued. */
  readonly steps: number
  /** `hold` of the cell. */
  readonly hold: number
  /** A value of `hold` with which none of so many converged trials left; null where none was found or needed. */
  readonly enough: { readonly hold: number; readonly trials: number } | null
}

/** How long trials depend on their start. */
export interface RelaxationPremise {
  /** Steps after which the distance from the start's minimum has shrunk to a twentieth; 0 if warm-up takes longer. */
  readonly steps: number
}

/** Stability of plain descent at the start's minimum; null for rules that are not linear in the gradients. */
export interface StabilityPremise {
  /** Largest step size within the horizon. */
  readonly eta: number
  /** Largest curvature at the minimum. */
  readonly curvature: number
  /**
   * eta times curvature beyond which descent diverges there: 2, 2 (1 + beta) with momentum, 2 (1 + beta)/(1 + 2 beta)
   * with nesterov.
   */
  readonly limit: number
  /** The curvature is that at the start, as the descent to its minimum takes too long. */
  readonly at?: 'start'
}

/**
 * How the quantities that decide an event compare with rounding errors. Every number is relative to the largest
 * coordinate that it is added to or measured at. Below 1e-12 rounding leaves little of the quantity; above 1e12 nothing
 * is left of the coordinate. Null where there is nothing to compare.
 */
export interface ResolutionPremise {
  /**
   * Standard deviation of the noise of one step, or its scale for a law without one. Null without noise that is added
   * regardless of theta.
   */
  readonly noise: number | null
  /**
   * Length of a plain step: the longer of the step at the start and of a step from one unit away from the start's
   * minimum.
   */
  readonly step: number | null
  /** The smallest radius among the balls that decide an escape or a convergence, at their centres. */
  readonly radius: number | null
}

/** The temperature that the linearised recursion of the rule has along each curvature of the start's minimum. */
export interface TemperaturePremise extends TemperatureAt {
  /** The same at the last step, where the step size or a scale follows a schedule; null where none does. */
  readonly end: TemperatureAt | null
  /** The rule, if its steps are not linear in the gradients: then theta has no temperature exactly. */
  readonly unlike?: string
}

export interface TemperatureAt {
  /** The value of `temperature` in the spec; null where the noise is given in another way. */
  readonly asked: number | null
  /**
   * T = s^2 / (2 eta): the temperature that noise of standard deviation s in one step stands for if the rule has no
   * memory.
   */
  readonly nominal: number
  /**
   * At most 16 curvatures in ascending order, each with the temperature along it. Infinite temperatures are left out.
   */
  readonly modes: readonly { readonly curvature: number; readonly temperature: number }[]
}
