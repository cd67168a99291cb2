import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { IntervalGuard } from '../stopping/guard.ts'
import type { Events } from './defined.ts'

export interface Evidence {
  readonly tally: Tally
  readonly layout: RecordLayout
  readonly guard: IntervalGuard
  /** If absent, a convergence event is assumed, and both escape and convergence are assumed to end a trial. */
  readonly trial?: Events | undefined
  /** Steps of burn-in that the escape rate leaves out; default 0. */
  readonly rateAfter?: number | undefined
  /** Number of samples whose gradients one step evaluates; default 1. */
  readonly samples?: number | undefined
  /** For a tilt: the share of trials that keep the original noise; default 0. */
  readonly original?: number | undefined
}
