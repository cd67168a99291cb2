import type { HorizonTally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Family } from '../fit/family.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'

/** An entry of the registry: an estimate, or a family of estimates. */
export interface Entry {
  /** Makes the estimate; null if the tally lacks the counts that it needs. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /**
   * For a name that requests several estimates at once: returns the estimates whose events occurred, by their full
   * names.
   */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /**
   * Whether the stored tally contains the counts that the estimate needs. Earlier versions may not have stored them.
   */
  readonly isIn: (name: EstimateName, tally: OptionalTallyParts) => boolean
  /**
   * Set if the estimate refers to escapes. Results then say whether a first escape or an escape before convergence is
   * meant.
   */
  readonly saysWhichEscape?: true
  /**
   * The family used to fit the estimate over cells. If this is a function, the estimate cannot be fitted, and the
   * function says what to fit instead.
   */
  readonly fit: Family | ((name: EstimateName) => string)
  /** The explanation printed below a table, if the name does not explain itself. */
  readonly meaning?: string
}

/** The parts of a tally that earlier versions did not count. */
export interface OptionalTallyParts {
  readonly joint?: unknown
  readonly markSteps?: unknown
  readonly horizons: readonly Pick<HorizonTally, 'horizon' | 'departed'>[]
}
