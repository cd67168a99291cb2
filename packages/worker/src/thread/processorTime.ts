import { openSync, readSync } from 'node:fs'

/** What the time that a thread spends on a processor is read from, both in ms. */
export interface ThreadClocks {
  readonly wall: () => number
  /** What the system has charged the thread with; null where it does not tell. */
  readonly charged: (() => number) | null
}

/** The system is asked at most so often: shorter spans are taken from the clock alone. */
const lookMs = 2

/** Systems charge a thread that goes on computing at ticks, of which the slowest in use has a hundred a second. */
const tickMs = 10

/**
 * The time that a thread has been on a processor. It advances with the clock, and stays within a tick of what the
 * system has charged: short spans are exact, and what other processes take on a loaded machine is not counted.
 */
export class ProcessorTime {
  private wall: number
  private total: number
  /** What was told last. */
  private latest: number

  constructor(private readonly clocks: ThreadClocks = ofThread()) {
    this.wall = clocks.wall()
    this.total = clocks.charged?.() ?? 0
    this.latest = this.total
  }

  /** In seconds; it never goes back. The system is asked in some microseconds, and batches may take a hundred. */
  get seconds(): number {
    const wall = this.clocks.wall()
    const after = this.total + wall - this.wall
    if (wall - this.wall < lookMs) return this.told(after)
    const charged = this.clocks.charged?.() ?? after
    this.total = Math.max(charged, Math.min(after, charged + tickMs))
    this.wall = wall
    return this.told(this.total)
  }

  private told(ms: number): number {
    this.latest = Math.max(this.latest, ms)
    return this.latest / 1_000
  }
}

/** The clocks of the calling thread. */
function ofThread(): ThreadClocks {
  return { wall: () => performance.now(), charged: chargedByNode() ?? chargedByLinux() }
}

/** Since Node 23. */
function chargedByNode(): (() => number) | null {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (threadCpuUsage === undefined) return null
  return () => {
    const { user, system } = threadCpuUsage.call(process)
    return (user + system) / 1_000
  }
}

/** The first number of `schedstat` is the time on a processor in ns. The file is open as long as the thread lives. */
function chargedByLinux(): (() => number) | null {
  try {
    const file = openSync('/proc/thread-self/schedstat', 'r')
    const bytes = Buffer.alloc(64)
    const read = (): number => {
      const length = readSync(file, bytes, 0, bytes.length, 0)
      return Number(bytes.toString('latin1', 0, length).split(' ', 1)[0]) / 1e6
    }
    return Number.isFinite(read()) ? read : null
  } catch {
    return null
  }
}
