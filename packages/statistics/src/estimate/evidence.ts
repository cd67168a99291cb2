import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Guard } from '../stopping/guard.ts'
import type { Events } from './defined.ts'

/**
 * What an estimate is made from: trials that were counted, how they came to be as many, and what a cell means by them.
 */
export interface Evidence {
  readonly tally: Tally
  readonly layout: RecordLayout
  readonly guard: Guard
  /** The cell's trial; without it convergence is taken to be there, and both events to end a trial. */
  readonly trial?: Events | undefined
  /** Steps of the burn-in that the rate of escapes leaves out; 0 by default. */
  readonly rateAfter?: number | undefined
  /** Samples whose gradients a step takes; 1 by default. */
  readonly samples?: number | undefined
  /** Of a tilt: the share of trials that keep the original noise; 0 by default. */
  readonly original?: number | undefined
}
