import type { End } from '../outcome/outcome.ts'

/**
 * A trajectory by its noise alone: from step to step it takes it from one stream after another. Its ancestors' states
 * need not be kept, and whatever belongs to a state (optimizer, counters, order of the samples) is that of the
 * ancestor.
 */
export interface Particle {
  readonly lineage: Lineage
  /** The first state with a score above it is the last that it shares with its parent; Infinity: it shares all. */
  readonly level: number
  /** The number of the stream from there on. */
  readonly branchTo: number
  /** Where the state at its parent's last branch is kept, if it is: it may go on from there. */
  readonly snapshot: number | null
}

/** The last switch of a trajectory's noise, and those before: siblings share what they have in common. */
export interface Lineage extends Switch {
  /** Null for the first, which is that of the start. */
  readonly before: Lineage | null
  /** Number of switches, this one included. */
  readonly length: number
}

export interface Switch {
  /** The state after this step is the first that moves by the stream. */
  readonly step: number
  /** j: the streams of the trial replica + 2^32 j. */
  readonly stream: number
}

export function lineage(before: Lineage | null, step: number, stream: number): Lineage {
  return { step, stream, before, length: (before?.length ?? 0) + 1 }
}

/** From the start on; steps ascend. */
export function switchesOf(last: Lineage): readonly Switch[] {
  const switches = new Array<Switch>(last.length)
  for (let one: Lineage | null = last; one !== null; one = one.before) switches[one.length - 1] = one
  return switches
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

/**
 * Computes particles of a replica, in order; null if it was stopped. Snapshots that none of `alive` refers to may be
 * given up.
 */
export type Simulate = (
  replica: number,
  particles: readonly Particle[],
  alive: readonly { readonly snapshot: number | null }[],
) => readonly ParticleEnd[] | null
