import type { Particle } from '../splitting/particle.ts'

/** Follows a particle: how high it climbs, when its noise changes, and where it branches. */
export class Climber {
  peak = Number.NEGATIVE_INFINITY
  branchedAt: number | null = null
  private next = 1

  constructor(
    private readonly particle: Particle,
    private readonly score: () => number,
  ) {}

  readonly after = (n: number, ended: boolean, change: (stream: number) => void): void => {
    const { switches, level, branchTo } = this.particle
    const score = this.score()
    if (this.peak < score) this.peak = score
    for (; switches[this.next]?.step === n; this.next++) change(switches[this.next]!.stream)
    if (ended || this.branchedAt !== null || !(score > level)) return
    this.branchedAt = n
    change(branchTo)
  }
}
