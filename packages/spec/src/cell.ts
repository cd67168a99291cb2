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
  readonly method: { readonly kind: 'direct' }
}

/** The loss L(theta). Presets are formulas too once resolved. */
export interface Landscape {
  readonly kind: 'formula'
  readonly dimension: number
  /** Coordinate names, `dimension` of them; or null where coordinates are x[1] .. x[dimension]. */
  readonly variables: readonly string[] | null
  readonly expression: string
  /** Names that the expressions of landscape and events may use, with their values, sorted by name. */
  readonly parameters: readonly (readonly [name: string, value: number])[]
}

export type Start = { readonly kind: 'point'; readonly point: readonly number[] }

export interface Update {
  /** momentum: v' = beta v - eta g', theta' = theta + v', v_0 = 0. */
  readonly rule: { readonly kind: 'gradient' } | { readonly kind: 'momentum'; readonly beta: number }
  readonly eta: Schedule
  /** Empty: plain descent. */
  readonly drift: readonly Drift[]
}

/** additive drift: g' = g + sigma xi ('sigma'); theta' += s xi after the rule's move ('step'); s = sqrt(2 eta_n T) ('temperature'). */
export interface Drift {
  readonly form: 'additive'
  readonly law: 'gaussian' | 'uniform' | 'rademacher'
  readonly scale: 'sigma' | 'step' | 'temperature'
  readonly amount: Schedule
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

/** Ordered where order is meaning: [name, value] pairs. Boolean expressions over coordinates, parameters, loss, gradnorm, distance, step. */
export interface Trial {
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
  /** A converged trial is settled in the first minimum within this distance of its last theta (or in the ball it converged into). */
  readonly settledRadius: number
}

export type Escape =
  /** One unnamed exit has the name ''. The first true exit in order is taken. */
  | { readonly kind: 'exits'; readonly exits: readonly (readonly [name: string, when: string])[] }
  /** |theta - of| >= radius. */
  | { readonly kind: 'outside'; readonly radius: number; readonly of: readonly number[] }

/** True `hold` steps running; the hold-th counts. */
export type Converge =
  /** |theta - c| <= radius for one of the centres; the first such centre is where it converged. Which centre may change while the hold counts; a name is '' for an unnamed point. */
  | {
      readonly kind: 'within'
      readonly radius: number
      readonly of: readonly (readonly [name: string, point: readonly number[]])[]
      readonly hold: number
    }
  /** |grad L(theta)| <= tolerance (Euclidean). */
  | { readonly kind: 'gradient'; readonly tolerance: number; readonly hold: number }
  | { readonly kind: 'when'; readonly when: string; readonly hold: number }
