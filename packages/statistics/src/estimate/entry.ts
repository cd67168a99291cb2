import type { HorizonTally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Family } from '../fit/family.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'

export interface Entry {
  /** Null if the tally lacks the counts that the estimate needs. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /**
   * Set if one name, such as `joint`, requests several estimates. Returns the estimates of the events that occurred, by
   * their full names.
   */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /** False if an earlier version stored the tally without the counts that the estimate needs. */
  readonly isIn: (name: EstimateName, tally: OptionalTallyParts) => boolean
  /** If set, results say whether the estimate is about first escapes or about escapes before convergence. */
  readonly saysWhichEscape?: true
  /** The family for a fit. If the estimate cannot be fitted, a function that says what to fit instead. */
  readonly fit: Family | ((name: EstimateName) => string)
  /** Printed below a table, if the name does not explain itself. */
  readonly meaning?: string
}

/** The parts of a tally that earlier versions did not count. */
export interface OptionalTallyParts {
  readonly joint?: unknown
  readonly markSteps?: unknown
  readonly horizons: readonly Pick<HorizonTally, 'horizon' | 'departed'>[]
}
