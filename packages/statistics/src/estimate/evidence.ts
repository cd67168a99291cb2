import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { IntervalGuard } from '../stopping/guard.ts'
import type { Events } from './defined.ts'

/**
 * What an estimate is made from: the counted trials, how their number was chosen, and what the events of the cell mean.
 */
export interface Evidence {
  readonly tally: Tally
  readonly layout: RecordLayout
  readonly guard: IntervalGuard
  /**
   * The events of the cell's trial. Without them a convergence event is assumed, and both events are taken to end a
   * trial.
   */
  readonly trial?: Events | undefined
  /** Steps of burn-in that the escape rate leaves out; default 0. */
  readonly rateAfter?: number | undefined
  /** Number of samples whose gradients one step evaluates; default 1. */
  readonly samples?: number | undefined
  /** For a tilt: the share of trials that keep the original noise; default 0. */
  readonly original?: number | undefined
}
