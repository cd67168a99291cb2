import type { StopRule } from '@driftfarm/spec'
import type { Events } from '../estimate/defined.ts'

/** How the number of trials of a tally was chosen. This choice decides which intervals are valid. */
export type SampleSizeChoice = (
  | { readonly kind: 'fixed' }
  /** The cell could have ended at any of its `checkPoints` check points, depending on the results. */
  | { readonly kind: 'stopped'; readonly by: StopRule | 'max' | 'budget'; readonly checkPoints: number }
  | { readonly kind: 'running' }
  /** The number of trials, or the stopping rule, was chosen when results could be seen. */
  | { readonly kind: 'extended' }
) & {
  /** Number of cells of the sweep; required for simultaneous intervals. */
  readonly cells?: number
  /**
   * The events of the cell's trial, which determine what `escape` means. If absent, both escape and convergence are
   * assumed to end a trial.
   */
  readonly trial?: Events
  /** Id of the cell; required if a rule with `method: gbas` ended the cell. */
  readonly cell?: string
  /**
   * Number of samples whose gradients one step evaluates: the size of the mini-batch or, if there are no mini-batches,
   * the number of all rows; default 1, for cells without data.
   */
  readonly samples?: number
  /** For a tilt: the share of trials that keep the original noise; default 0. */
  readonly original?: number
}
