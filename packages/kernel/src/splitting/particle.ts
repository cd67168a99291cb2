import type { End } from '../outcome/outcome.ts'

/**
 * A trajectory, described only by the streams of its noise. All states can be recomputed from this noise. A state
 * includes the optimiser, the counters and the order of the samples.
 */
export interface Particle {
  readonly lineage: Lineage
  /**
   * The first state with a score above this level is the last state that the particle shares with its parent. No
   * score is above Infinity, so a particle with this level never switches to the stream `branchTo`.
   */
  readonly level: number
  /** The number of the stream that the particle uses after the last shared state. */
  readonly branchTo: number
  /**
   * Address of a stored state from which the trajectory can continue: the state at which the parent last branched. Null
   * if no such state is stored.
   */
  readonly snapshot: number | null
}

/**
 * The last switch of a trajectory to another stream of noise. The earlier switches form a linked list, so that
 * particles with the same parent can share them.
 */
export interface Lineage extends StreamSwitch {
  /** The switch before this one; null for the first entry, which is the stream at the start. */
  readonly before: Lineage | null
  readonly length: number
}

export interface StreamSwitch {
  /** The number of the step after which the noise comes from this stream. */
  readonly step: number
  /** If this number is j, the noise is that of the trial with index `replica + 2^32 j`. */
  readonly stream: number
}

export function lineage(before: Lineage | null, step: number, stream: number): Lineage {
  return { step, stream, before, length: (before?.length ?? 0) + 1 }
}

export function streamSwitchesOf(last: Lineage): readonly StreamSwitch[] {
  const switches = new Array<StreamSwitch>(last.length)
  for (let one: Lineage | null = last; one !== null; one = one.before) switches[one.length - 1] = one
  return switches
}

export interface ParticleEnd {
  readonly end: End
  /** A name of `layout.exits`; null if the particle did not escape. */
  readonly exit: string | null
  /** Includes the steps shared with ancestors. */
  readonly steps: number
  readonly peak: number
  /** The step after which the particle left its parent's trajectory; null if the particle ended without leaving it. */
  readonly branchedAt: number | null
  /** Address of the state at `branchedAt`; null if the state is not stored. */
  readonly snapshot: number | null
}

/** May discard snapshots to which no particle of `alive` refers. Returns null if the run was stopped. */
export type Simulate = (
  replica: number,
  particles: readonly Particle[],
  alive: readonly { readonly snapshot: number | null }[],
) => readonly ParticleEnd[] | null

/**
 * If all snapshots together would take more bytes than this, none are stored. Particles are then computed from their
 * starts.
 */
const maxBytes = 2 ** 28

export class Snapshots {
  private readonly places: number
  private readonly unused: number[] = []

  /** The snapshots, each of `bytes` bytes, begin at the address `at` in the memory of the module. */
  constructor(
    private readonly at: number,
    private readonly bytes: number,
    places: number,
  ) {
    this.places = places * bytes <= maxBytes ? places : 0
    this.giveUpAllBut([])
  }

  /** The first address after the memory of the snapshots. */
  get end(): number {
    return this.at + this.places * this.bytes
  }

  get left(): number {
    return this.unused.length
  }

  take(): number | null {
    return this.unused.pop() ?? null
  }

  giveUp(address: number): void {
    this.unused.push(address)
  }

  giveUpAllBut(alive: readonly { readonly snapshot: number | null }[]): void {
    const used = new Set(alive.map(({ snapshot }) => snapshot))
    this.unused.length = 0
    for (let place = this.places - 1; place >= 0; place--) {
      const address = this.at + place * this.bytes
      if (!used.has(address)) this.unused.push(address)
    }
  }
}
