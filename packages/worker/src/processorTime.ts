import { openSync, readSync } from 'node:fs'

/** The clocks from which the processor time of a thread is computed, in ms. */
export interface ThreadClocks {
  readonly wall: () => number
  /** Processor time that the system reports for the thread; null if it does not report any. */
  readonly charged: (() => number) | null
}

/** The least time between two queries of the system. Shorter spans are measured only by the clock. */
const minIntervalMs = 2

/** Systems update the processor time of a running thread at ticks, at least a hundred times per second. */
const tickMs = 10

/**
 * The processor time of a thread. It advances with the clock, so that spans shorter than a tick can be measured. At
 * each query, it is limited to a tick more than the time that the system reports, so that time used by other processes
 * is not counted.
 */
export class ProcessorTime {
  private wall: number
  private total: number
  private latest: number

  constructor(private readonly clocks: ThreadClocks = ofThread()) {
    this.wall = clocks.wall()
    this.total = clocks.charged?.() ?? 0
    this.latest = this.total
  }

  /**
   * The value never decreases. Most calls do not query the system, because a query takes some microseconds, and a whole
   * batch may take only a hundred microseconds.
   */
  get seconds(): number {
    const wall = this.clocks.wall()
    const after = this.total + wall - this.wall
    if (wall - this.wall < minIntervalMs) return this.threadSeconds(after)
    const charged = this.clocks.charged?.() ?? after
    this.total = Math.max(charged, Math.min(after, charged + tickMs))
    this.wall = wall
    return this.threadSeconds(this.total)
  }

  private threadSeconds(ms: number): number {
    this.latest = Math.max(this.latest, ms)
    return this.latest / 1_000
  }
}

function ofThread(): ThreadClocks {
  return { wall: () => performance.now(), charged: chargedByNode() ?? chargedByLinux() }
}

/** Null before Node 23. */
function chargedByNode(): (() => number) | null {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => { user: number; system: number } }
  if (threadCpuUsage === undefined) return null
  return () => {
    const { user, system } = threadCpuUsage.call(process)
    return (user + system) / 1_000
  }
}

/**
 * The first number in Linux's `schedstat` is the processor time in ns. The file stays open as long as the thread lives.
 * Null on other systems.
 */
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
