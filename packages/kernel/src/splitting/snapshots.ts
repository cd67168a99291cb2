/** Beyond, particles are computed from their starts. */
const mostBytes = 2 ** 28

/** Places for snapshots in the memory of a module, some of them in use. */
export class Snapshots {
  private readonly places: number
  private readonly unused: number[] = []

  /** `places` of `bytes` each from the address `at` on; none at all where they would take too much. */
  constructor(
    private readonly at: number,
    private readonly bytes: number,
    places: number,
  ) {
    this.places = places * bytes <= mostBytes ? places : 0
    this.giveUpAllBut([])
  }

  /** First address behind them. */
  get end(): number {
    return this.at + this.places * this.bytes
  }

  get left(): number {
    return this.unused.length
  }

  /** An address, null where there is none left. */
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
