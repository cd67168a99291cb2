import { namedExits, type RecordLayout, type Tally } from '@driftfarm/kernel'
import type { Cell, Demand, EstimateName, EventNames } from '@driftfarm/spec'
import type { IntervalGuard } from '../interval/guard.ts'
import type { Estimate } from './estimate.ts'

export type Events = Pick<Cell['trial'], 'escape' | 'converge' | 'quench' | 'afterEscape' | 'afterConverge'>

/** What estimates use of a cell besides its tally. */
export interface CellFacts {
  /**
   * The events of the cell's trial, which determine what `escape` means. If absent, a convergence event is assumed, and
   * both escape and convergence are assumed to end a trial.
   */
  readonly trial?: Events | undefined
  /**
   * Number of samples whose gradients one step evaluates: the size of the mini-batch or, if there are no mini-batches,
   * the number of all rows; default 1, for cells without data.
   */
  readonly samples?: number | undefined
  /** For a tilt: `method.tilt.original`, the share of trials that keep the original noise; default 0. */
  readonly original?: number | undefined
}

export interface Evidence extends CellFacts {
  readonly tally: Tally
  readonly layout: RecordLayout
  readonly guard: IntervalGuard
  /** Steps of burn-in that the escape rate leaves out; default 0. */
  readonly rateAfter?: number | undefined
  /** The observations of the request, which give names to observed values. */
  readonly observe?: Demand['observe']
}

/** `binomial` is for numbers of events among trials, `poisson` for numbers of events over steps at risk. */
export type Family = 'binomial' | 'poisson'

/** How the estimates of one kind are made. */
export interface EstimateEntry {
  /** Null if the tally lacks the counts that the estimate needs. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /**
   * Set if one name, such as `joint`, requests several estimates. Returns the estimates of the events that occurred, by
   * their full names.
   */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /** If set, results say whether the estimate is about first escapes or about escapes before convergence. */
  readonly saysWhichEscape?: true
  /** The family for a fit. If the estimate cannot be fitted, a function that says what to fit instead. */
  readonly fit: Family | ((name: EstimateName) => string)
  /** Printed below a table, if the name does not explain itself. */
  readonly meaning?: string
}

/** Without `events`, the cell is assumed to have a convergence event. */
export function eventNamesIn(layout: RecordLayout, events?: Events): EventNames {
  const converges = events === undefined || events.converge !== null
  return {
    escapes: layout.exits.length > 0,
    exits: namedExits(layout),
    converges,
    settles: converges || events.quench !== null,
    minima: layout.minima,
    classes: layout.classes,
    marks: layout.marks,
  }
}

/** If convergence also ends trials, the cell measures escapes before convergence, otherwise first escapes. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}

/**
 * Number of trials whose escape is unknown, because a descent that should have shown it ran out of steps. They may have
 * escaped at any step. The tally counts them as not escaped.
 */
export const mayHaveEscaped = ({ unreached = 0 }: Tally, events: Events | undefined): number =>
  events?.escape?.kind === 'basin' ? unreached : 0
