import type { End } from '../outcome.ts'

/**
 * A trajectory by its noise alone: from step to step it takes it from one stream after another. Its ancestors' states
 * need not be kept, and whatever belongs to a state (optimizer, counters, order of the samples) is that of the ancestor.
 */
export interface Particle {
  /** The first is that of the start; steps ascend. */
  readonly switches: readonly Switch[]
  /** The first state with a score above it is the last that it shares with its parent; Infinity: it shares all. */
  readonly level: number
  /** The stream from there on. */
  readonly branchTo: number
  /** Where the state at its parent's last branch is kept, if it is: it may go on from there. */
  readonly snapshot: number | null
}

export interface Switch {
  /** The state after this step is the first that moves by the stream. */
  readonly step: number
  readonly stream: number
}

/** How the trajectory of a particle ended. */
export interface ParticleEnd {
  readonly end: End
  /** Of `layout.exits`; null: it did not escape. */
  readonly exit: string | null
  /** Steps computed, those that it shares with its ancestors among them. */
  readonly steps: number
  /** The highest score that it had. */
  readonly peak: number
  /** The step after which it went its own way; null: it ended before. */
  readonly branchedAt: number | null
  /** Where the state at that step is kept; null: nowhere. */
  readonly snapshot: number | null
}

/** Computes particles, in order; null if it was stopped. Snapshots that none of `alive` refers to may be given up. */
export type Simulate = (
  particles: readonly Particle[],
  alive: readonly { readonly snapshot: number | null }[],
) => readonly ParticleEnd[] | null
