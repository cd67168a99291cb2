import type { HorizonTally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Family } from '../fit/family.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'

export interface Entry {
  /** Null if the tally lacks the counts that the estimate needs. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /** For a name that requests several estimates: those whose events occurred, by full name. */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /** False if an earlier version stored the tally without the counts that the estimate needs. */
  readonly isIn: (name: EstimateName, tally: OptionalTallyParts) => boolean
  /** If set, results say whether a first escape or an escape before convergence is meant. */
  readonly saysWhichEscape?: true
  /** A function if the estimate cannot be fitted; the function says what to fit instead. */
  readonly fit: Family | ((name: EstimateName) => string)
  /** Printed below a table, if the name does not explain itself. */
  readonly meaning?: string
}

/** Earlier versions did not count these parts. */
export interface OptionalTallyParts {
  readonly joint?: unknown
  readonly markSteps?: unknown
  readonly horizons: readonly Pick<HorizonTally, 'horizon' | 'departed'>[]
}
