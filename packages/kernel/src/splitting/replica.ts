import { Heap } from '@driftfarm/formula'
import { KernelError } from '../error.ts'
import type { Splitting } from '../model/cell.ts'
import type { RecordLayout } from '../outcome/outcome.ts'
import { type StreamKey, trialStream } from '../streams/streams.ts'
import { below, type Xoshiro } from '../streams/xoshiro.ts'
import { type Lineage, lineage, type Particle, type ParticleEnd, type Simulate } from './particle.ts'

export interface ReplicaPlan {
  readonly method: Splitting
  readonly layout: Pick<RecordLayout, 'exits'>
  readonly key: StreamKey
}

/** The result of one replica of splitting. */
export interface Replica {
  /** Unbiased estimate of the probability of escape: the weight times the share of particles that escaped. */
  readonly estimate: number
  /** Product of the shares of particles that survived, one share for each level. */
  readonly weight: number
  /** Number of particles that finally escaped, by exit. */
  readonly exits: readonly number[]
  /** Total number of steps of all particles. */
  readonly steps: number
  /** One entry for each round, with ascending scores. */
  readonly levels: readonly Level[]
  /**
   * Whether the estimate is 0 because no particle was left above some level, or because `weight` fell below
   * `minWeight`.
   */
  readonly extinct: boolean
}

export interface Level {
  /** Every particle whose highest score was at most this score was killed. */
  readonly score: number
  readonly killed: number
  /**
   * Product of the shares of particles that survived, one share for each level up to and including this one. It
   * estimates the probability of exceeding the score.
   */
  readonly weight: number
}

/** If `weight` falls below this value, the estimate of the replica is 0. */
const minWeight = 1e-300
/**
 * A replica uses the streams of the trials with index replica + 2^32 j. Each half of this index must fit in a 32-bit
 * word of a counter. A replica of N particles uses at most N (1 + ln 1e300) < 692 N streams, because it ends once
 * `weight` is below 1e-300. For a million particles, j therefore stays below 2^30.
 */
const maxReplicas = 2 ** 32

type Climbed = ReturnType<typeof climbed>

/**
 * Runs one replica of adaptive multilevel splitting for a chain in discrete time (Brehier, Gazeau, Goudenege, Lelievre,
 * Rousset: Unbiasedness of some generalized adaptive multilevel splitting algorithms, AAP 26, 2016). Particles with
 * the same highest score are killed together. A new particle follows its parent up to the parent's
 * first state with a score strictly above the level, and then has its own noise. Returns null if `simulate` was
 * stopped.
 */
export function runReplica(plan: ReplicaPlan, index: number, simulate: Simulate): Replica | null {
  const { method, layout, key } = plan
  const { particles, kill, target } = method
  const { exits } = layout
  if (!(index < maxReplicas))
    throw new KernelError('RANGE', `the index of a replica must be less than ${maxReplicas}, but is ${index}`)
  if (exits.length === 0) throw new KernelError('EXPRESSION', 'splitting needs an escape event')
  const choices = trialStream(key, index, 'auxiliary')
  let streams = 0
  let steps = 0
  const run = (next: readonly Particle[], alive: readonly Climbed[]): Climbed[] | null => {
    const ends = simulate(index, next, alive)
    if (ends === null) return null
    for (const end of ends) steps += end.steps
    return ends.map((end, i) => climbed(next[i]!, end))
  }

  const swarm = run(
    Array.from({ length: particles }, () => ({
      lineage: lineage(null, 0, streams++),
      level: Number.POSITIVE_INFINITY,
      branchTo: 0,
      snapshot: null,
    })),
    [],
  )
  if (swarm === null) return null
  const order = new Ladder(swarm.map(({ peak }) => peak))
  const dead = new Uint8Array(particles)
  const levels: Level[] = []
  let weight = 1
  for (;;) {
    const lowest = order.lowest(kill, target ?? Number.POSITIVE_INFINITY)
    if (lowest === null) break
    const { level, places: killed } = lowest
    weight = weight * (1 - killed.length / particles)
    levels.push({ score: level, killed: killed.length, weight })
    if (killed.length === particles || weight < minWeight) {
      return { estimate: 0, weight: 0, exits: exits.map(() => 0), steps, levels, extinct: true }
    }
    for (const place of killed) dead[place] = 1
    const branches = killed.map((): Particle => {
      const parent = swarm[survivor(choices, particles, dead)]!
      return { lineage: parent.lineage, level, branchTo: streams++, snapshot: parent.snapshot }
    })
    const grown = run(branches, swarm)
    if (grown === null) return null
    for (const [i, place] of killed.entries()) {
      swarm[place] = grown[i]!
      order.put(place, grown[i]!.peak)
      dead[place] = 0
    }
  }
  const byExit = exits.map((name) => swarm.filter(({ exit }) => exit === name).length)
  const escaped = byExit.reduce((sum, count) => sum + count, 0)
  return { estimate: (weight * escaped) / particles, weight, exits: byExit, steps, levels, extinct: false }
}

/**
 * A particle begins with the lineage and the snapshot of its parent, and keeps both if it never leaves the parent's
 * trajectory. A particle of the first generation has no parent and keeps the lineage with which it began.
 */
function climbed({ lineage: parent, branchTo, snapshot }: Particle, end: ParticleEnd) {
  const { exit, peak, branchedAt } = end
  // Infinity marks an escape, so the peak of a particle that did not escape is made finite. `peak` may be Infinity, or
  // -Infinity if the score was always NaN.
  const finite = Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, peak))
  return {
    lineage: branchedAt === null ? parent : branched(parent, branchedAt, branchTo),
    exit,
    snapshot: branchedAt === null ? snapshot : end.snapshot,
    peak: exit === null ? finite : Number.POSITIVE_INFINITY,
  }
}

/**
 * A lineage lists the switches of a particle from one noise stream to another. If a new particle branches off at the
 * step of its parent's last switch, it uses no noise from the parent's new stream, so its lineage omits that switch.
 * The first entry of a lineage is never omitted, because it also determines the start.
 */
function branched(parent: Lineage, step: number, stream: number): Lineage {
  const unused = parent.before !== null && parent.step === step
  return lineage(unused ? parent.before : parent, step, stream)
}

function survivor(choices: Xoshiro, particles: number, dead: Uint8Array): number {
  for (;;) {
    const place = below(choices, particles)
    if (dead[place] === 0) return place
  }
}

/** The indices of particles, ordered by peak. */
export class Ladder {
  private readonly heap = new Heap<number>((one, other) => this.peaks[one]! < this.peaks[other]!)

  constructor(private readonly peaks: number[]) {
    for (const place of peaks.keys()) this.heap.push(place)
  }

  /**
   * Removes all particles whose peak is at most the k-th smallest peak, and returns their indices. Returns null if the
   * k-th smallest peak is not below `end`.
   */
  lowest(k: number, end: number): { readonly level: number; readonly places: readonly number[] } | null {
    const { heap, peaks } = this
    const places: number[] = []
    while (places.length < k && heap.first !== undefined) places.push(heap.pop()!)
    const level = peaks[places.at(-1)!]!
    if (level >= end) return null
    while (heap.first !== undefined && peaks[heap.first]! <= level) places.push(heap.pop()!)
    return { level, places: places.sort((a, b) => a - b) }
  }

  put(place: number, peak: number): void {
    this.peaks[place] = peak
    this.heap.push(place)
  }
}
