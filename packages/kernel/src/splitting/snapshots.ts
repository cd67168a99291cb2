/** If snapshots would take more bytes than this, none are stored, and particles are computed from their starts. */
const maxBytes = 2 ** 28

/** Places for snapshots in the memory of a module, some of which are in use. */
export class Snapshots {
  private readonly places: number
  private readonly unused: number[] = []

  /** `places` places of `bytes` each, from the address `at` on; none at all if they would take too much memory. */
  constructor(
    private readonly at: number,
    private readonly bytes: number,
    places: number,
  ) {
    this.places = places * bytes <= maxBytes ? places : 0
    this.giveUpAllBut([])
  }

  /** First address after them. */
  get end(): number {
    return this.at + this.places * this.bytes
  }

  get left(): number {
    return this.unused.length
  }

  /** An unused address; null if there is none. */
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
