import type { HorizonTally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Family } from '../fit/family.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'

/** An entry of the registry: an estimate, or a family of estimates. */
export interface Entry {
  /** Null where the tally does not contain what the estimate needs. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /** For a word that asks for several estimates at once: all that occurred, by their full names. */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /** Whether the stored tally contains what the estimate needs, which earlier versions may not have counted. */
  readonly isIn: (name: EstimateName, tally: OptionalTallyParts) => boolean
  /**
   * Whether the estimate is about an escape. Results then say whether it is a first escape or one before convergence.
   */
  readonly saysWhichEscape?: true
  /**
   * How a line over cells is fitted through the estimate. A function: it cannot be fitted, and the function says what
   * to fit instead.
   */
  readonly fit: Family | ((name: EstimateName) => string)
  /** An explanation for the foot of a table, where the name does not explain itself. */
  readonly meaning?: string
}

/** The parts of a tally that earlier versions did not count. */
export interface OptionalTallyParts {
  readonly joint?: unknown
  readonly markSteps?: unknown
  readonly horizons: readonly Pick<HorizonTally, 'horizon' | 'departed'>[]
}
