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
