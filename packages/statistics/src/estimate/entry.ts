import type { HorizonTally } from '@driftfarm/kernel'
import type { EstimateName } from '@driftfarm/spec'
import type { Family } from '../fit/family.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'

/** An estimate, or a family of them, in the registry. */
export interface Entry {
  /** null where the tally cannot tell it. */
  readonly make: (name: EstimateName, evidence: Evidence) => Estimate | null
  /** By full name, where one word asks for all that occurred. */
  readonly makeAll?: (evidence: Evidence) => Readonly<Record<string, Estimate>>
  /** Whether a tally was stored since what the estimate needs is counted. */
  readonly isIn: (name: EstimateName, tally: Stored) => boolean
  /** It is of an escape, which may be a first one or one before convergence: results say which. */
  readonly saysWhichEscape?: true
  /** How a line is fitted through it over cells; a function: not at all, and what to fit instead. */
  readonly fit: Family | ((name: EstimateName) => string)
  /** For the foot of a table, where the name does not say it. */
  readonly meaning?: string
}

/** Of a tally, what was not always counted. */
export interface Stored {
  readonly joint?: unknown
  readonly markSteps?: unknown
  readonly horizons: readonly Pick<HorizonTally, 'horizon' | 'departed'>[]
}
