/** Parts of a request that only some sweeps have. */
export interface SweepRequests {
  readonly contrasts: boolean
  readonly observe: boolean
  readonly threshold: boolean
  /** The share of trials that are recorded. Absent if it is unknown, as for `record: events`. */
  readonly recorded?: number | undefined
}

/** What decides whether a kind of figure applies to a sweep. */
export interface SweepFacts {
  /** Number of swept paths that have several values. */
  readonly axes: number
  /** The names of the estimates; empty before the first trial. */
  readonly estimates: readonly string[]
  /** Undefined if unknown, as in a report file of an earlier version. */
  readonly requests: SweepRequests | undefined
}
