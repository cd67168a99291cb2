export interface Clocks {
  /** Real time in ms. */
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
 * Measures the processor time that a computing thread receives. This is the processor time of the process divided by
 * the number of computing threads, because Node 20 does not report the time of another thread. On a loaded or frozen
 * machine, this time advances more slowly than real time.
 */
export class ThreadTime {
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

  /** Called regularly, with the number of computing threads. */
  update(computing: number): void {
    const [wall, processor] = [this.clocks.wall(), this.clocks.processor()]
    this.total += Math.min(wall - this.wall, (processor - this.processor) / Math.max(1, computing))
    this.wall = wall
    this.processor = processor
  }
}
