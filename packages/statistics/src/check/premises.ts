/**
 * Of `Premises`: raise it with any change of what is in them, and those of all cells are made anew as their batches
 * come.
 */
export const premisesVersion = 1

/**
 * What is known of a cell before its trials, and what its numbers rest on: a pure function of the cell and its data,
 * made once (`premisesOf` in theory), kept with the cell as plain JSON, and read by `checksOf`. A part is null where
 * the cell does not raise its question. Shares are 0 .. 1; curvatures are eigenvalues of the Hessian of the loss.
 */
export interface Premises {
  /** Of this document: one of another version is made anew. */
  readonly version: typeof premisesVersion
  readonly control: Control | null
  readonly basin: BasinPremise | null
  readonly start: StartPremise | null
  readonly stability: StabilityPremise | null
  readonly resolution: ResolutionPremise | null
  readonly temperature: TemperaturePremise | null
  /** Parts that could not be found, and why; such a part is null. */
  readonly failed: readonly { readonly part: PremisePart; readonly reason: string }[]
}

/** In the order of their checks. */
export const premiseParts = ['control', 'basin', 'start', 'stability', 'resolution', 'temperature'] as const
export type PremisePart = (typeof premiseParts)[number]

/** Where none could be found: kept as well, so that it is not tried again with every batch. */
export function premisesNotFound(reason: string): Premises {
  const nothing = { control: null, basin: null, start: null, stability: null, resolution: null, temperature: null }
  return { version: premisesVersion, ...nothing, failed: premiseParts.map((part) => ({ part, reason })) }
}

/** The null experiment: the cell without drift and with the full batch, by streams of its own. */
export interface Control {
  /** The cell has neither drift nor batches: this is what it does itself. */
  readonly own: boolean
  /** 1 from a point, 100 from a random start. */
  readonly trials: number
  /** Steps that each could take, of the horizon of the cell: fewer where all would take too long. */
  readonly steps: number
  readonly horizon: number
  /** Trials that escaped. */
  readonly escaped: number
  /** Trials by exit, minimum, class and mark, as in results. */
  readonly exits: Readonly<Record<string, number>>
  readonly settled: Readonly<Record<string, number>>
  readonly classes: Readonly<Record<string, number>>
  readonly marks: Readonly<Record<string, number>>
  readonly converged: number
  readonly diverged: number
  /** Trials with a descent that ran out of steps. */
  readonly unreached: number
  /** `formatDigest` of its trials. */
  readonly digest: string
}

/** Whether ends of descents keep their basin when they go on to a hundredth of the tolerance. */
export interface BasinPremise {
  /** What decides by descents: the escape, the quench, or convergence. */
  readonly of: 'basin' | 'quench' | 'settled' | 'within'
  /** The tolerance of its descents, |grad L|. */
  readonly tolerance: number
  /** Ends looked at. */
  readonly ends: number
  /** Of them, those that ran out of steps before they came to the tolerance. */
  readonly unreached: number
  /** Of them, those that were in another basin after going on. */
  readonly changed: number
  /** Of them, those from which a lower end is reached without a rise: plateaus and saddles, no minima. */
  readonly noMinimum: number
  /** A tolerance at which none changed; null: none was found, or none was needed. */
  readonly enough: number | null
}

/** What holds at theta_0 already, or where it stands. */
export interface StartPremise {
  /** Starts looked at. */
  readonly starts: number
  /**
   * Names as in results (`escape`, `exit:upper`, `mark:m2`, `class:good`, `converge`) with the share of starts at which
   * they hold; only those above 0.
   */
  readonly holds: Readonly<Record<string, number>>
  /** The minimum that the sweep is about, and the share of starts outside its basin; null where it is about none. */
  readonly outside: {
    readonly minimum: string
    readonly share: number
    /** Starts from which a descent was followed: fewer where descents take long. */
    readonly starts: number
  } | null
}

/** Plain descent at the start's minimum: null for rules that are no linear function of the gradients. */
export interface StabilityPremise {
  /** The largest of the horizon. */
  readonly eta: number
  /** Largest curvature there. */
  readonly curvature: number
  /**
   * eta times curvature beyond which descent diverges there: 2, 2 (1 + beta) with momentum, 2 (1 + beta)/(1 + 2 beta)
   * with nesterov.
   */
  readonly limit: number
}

/**
 * How what decides the event compares with rounding: every number is relative to the largest coordinate that it is
 * added to or measured at. Below 1e-12 little of it is left after rounding; above 1e12 nothing is left of the
 * coordinate. Null where there is nothing to compare.
 */
export interface ResolutionPremise {
  /**
   * Standard deviation of one step's noise (its scale, where the law has none); null without noise that is added
   * whatever theta is.
   */
  readonly noise: number | null
  /**
   * A plain step: the longer of that at the start and of one from a unit away of the start's minimum, in units of
   * theta.
   */
  readonly step: number | null
  /** The smallest radius of the balls that decide an escape or a convergence, at their centres. */
  readonly radius: number | null
}

/** The temperature that the linear recursion of the rule really has along each curvature of the start's minimum. */
export interface TemperaturePremise extends TemperatureAt {
  /** The same at the last step, where step size or scales are scheduled; null where they are not. */
  readonly end: TemperatureAt | null
}

export interface TemperatureAt {
  /** What the spec asks for by `temperature`; null where the noise is given otherwise. */
  readonly asked: number | null
  /** T = s^2 / (2 eta), what the size of one step's noise would mean without a rule's memory. */
  readonly nominal: number
  /** Curvatures, at most 16, and the temperatures along them, ascending by curvature; infinite ones are left out. */
  readonly modes: readonly { readonly curvature: number; readonly temperature: number }[]
}
