import type { End } from '../outcome/outcome.ts'

/**
 * A trajectory described only by its noise, which it takes from a sequence of streams. So the states of its
 * ancestors need not be stored, and everything that belongs to a state (optimiser, counters, order of the samples) is
 * that of the ancestor.
 */
export interface Particle {
  readonly lineage: Lineage
  /**
   * The first state with a score above this level is the last one that it shares with its parent; Infinity: it shares
   * all.
   */
  readonly level: number
  /** The number of the stream that it uses from there on. */
  readonly branchTo: number
  /**
   * Where the state at its parent's last branch is stored, so that it can continue from there; null if it is not
   * stored.
   */
  readonly snapshot: number | null
}

/** The last switch of a trajectory's noise, linked to the earlier ones, which siblings share. */
export interface Lineage extends StreamSwitch {
  /** Null for the first entry, which is the stream at the start. */
  readonly before: Lineage | null
  /** Number of switches, including this one. */
  readonly length: number
}

export interface StreamSwitch {
  /** The state after this step is the first that moves by the stream. */
  readonly step: number
  /** The number j of the streams: they are those of the trial replica + 2^32 j. */
  readonly stream: number
}

export function lineage(before: Lineage | null, step: number, stream: number): Lineage {
  return { step, stream, before, length: (before?.length ?? 0) + 1 }
}

/** The switches from the start on, with ascending steps. */
export function streamSwitchesOf(last: Lineage): readonly StreamSwitch[] {
  const switches = new Array<StreamSwitch>(last.length)
  for (let one: Lineage | null = last; one !== null; one = one.before) switches[one.length - 1] = one
  return switches
}

/** How the trajectory of a particle ended. */
export interface ParticleEnd {
  readonly end: End
  /** The exit that was taken, from `layout.exits`; null if it did not escape. */
  readonly exit: string | null
  /** Number of steps computed, including those shared with its ancestors. */
  readonly steps: number
  /** The highest score that the particle has reached. */
  readonly peak: number
  /** The step after which it left its parent's course; null if it ended before. */
  readonly branchedAt: number | null
  /** Where the state at that step is stored; null if it is not. */
  readonly snapshot: number | null
}

/**
 * Computes particles of a replica, in order; null if it was stopped. Snapshots to which none of `alive` refers may be
 * discarded.
 */
export type Simulate = (
  replica: number,
  particles: readonly Particle[],
  alive: readonly { readonly snapshot: number | null }[],
) => readonly ParticleEnd[] | null
