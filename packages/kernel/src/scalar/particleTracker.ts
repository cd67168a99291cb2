import { type Particle, type StreamSwitch, streamSwitchesOf } from '../splitting/particle.ts'

/** Switches the noise streams of a particle. Records its highest score and when it leaves its parent's trajectory. */
export class ParticleTracker {
  peak = Number.NEGATIVE_INFINITY
  branchedAt: number | null = null
  private next = 1
  private readonly switches: readonly StreamSwitch[]

  constructor(
    private readonly replica: number,
    private readonly particle: Particle,
    private readonly score: () => number,
  ) {
    this.switches = streamSwitchesOf(particle.lineage)
  }

  /** Index of the trial whose streams the particle uses first. */
  get first(): number {
    return this.replica + 2 ** 32 * this.switches[0]!.stream
  }

  readonly after = (n: number, ended: boolean, change: (low: number, high: number) => void): void => {
    const { replica, switches } = this
    const { level, branchTo } = this.particle
    const score = this.score()
    if (this.peak < score) this.peak = score
    for (; switches[this.next]?.step === n; this.next++) change(replica, switches[this.next]!.stream)
    if (ended || this.branchedAt !== null || !(score > level)) return
    this.branchedAt = n
    change(replica, branchTo)
  }
}
