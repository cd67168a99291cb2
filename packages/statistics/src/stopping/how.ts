import type { StopRule } from '@driftfarm/spec'
import type { Events } from '../estimate/defined.ts'

/** How the trials of a tally came to be as many as they are: it decides which intervals are right. */
export type How = (
  | { readonly kind: 'fixed' }
  /** Ended by data; `checkPoints` of them (J) could have ended it. */
  | { readonly kind: 'stopped'; readonly by: StopRule | 'max' | 'budget'; readonly checkPoints: number }
  | { readonly kind: 'running' }
  /** More trials were asked for after a look at the first ones. */
  | { readonly kind: 'extended' }
) & {
  /** Cells of the sweep; needed where the demand is simultaneous. */
  readonly cells?: number
  /** The cell's trial: names convergence, and what `escape` means. Without it, both events are taken to end a trial. */
  readonly trial?: Events
  /** Id of the cell; needed where a rule with `method: gbas` ended it. */
  readonly cell?: string
  /** Samples whose gradients a step takes: the batch, or all rows; 1, the default, without data. */
  readonly samples?: number
  /** Of a tilt: the share of trials that keep the original noise; 0, the default, where none do. */
  readonly original?: number
}
