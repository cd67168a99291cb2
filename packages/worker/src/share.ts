/** What the time of a process is read from. */
export interface Clocks {
  /** In ms. */
  readonly wall: () => number
  /** Processor time of all threads of the process, in ms. */
  readonly processor: () => number
}

const ofProcess: Clocks = {
  wall: () => performance.now(),
  processor: () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1_000
  },
}

/**
 * A clock that goes by the processor time which a computing thread is given: the process' own, divided among those at
 * work. Node 20 does not tell that of another thread. On a loaded machine, or a frozen one, it goes slower than time.
 */
export class ThreadShare {
  private total = 0
  private wall: number
  private processor: number

  constructor(private readonly clocks: Clocks = ofProcess) {
    this.wall = clocks.wall()
    this.processor = clocks.processor()
  }

  get ms(): number {
    return this.total
  }

  /** Called regularly, with the number of threads that compute. */
  look(computing: number): void {
    const [wall, processor] = [this.clocks.wall(), this.clocks.processor()]
    this.total += Math.min(wall - this.wall, (processor - this.processor) / Math.max(1, computing))
    this.wall = wall
    this.processor = processor
  }
}
