import { settings } from './settings.ts'

export interface WatchdogTarget {
  /** Number of jobs in the queue that no consumer has taken. */
  waiting(): Promise<number>
  active(): number
  rebuild(): Promise<void>
  onWedged(): void
}

/**
 * Detects a consumer that has lost its connection to the queue without noticing: jobs wait, this worker has none, and
 * none arrives. The consumer is then rebuilt; after three rebuilds without success the worker reports that it is
 * wedged.
 */
export class Watchdog {
  private strikes = 0
  private lastDeliveries = 0
  private deliveries = 0

  constructor(private readonly watched: WatchdogTarget) {}

  delivered(): void {
    this.deliveries++
  }

  async check(): Promise<void> {
    const idle = this.deliveries === this.lastDeliveries && this.watched.active() === 0
    this.lastDeliveries = this.deliveries
    if (!idle) {
      this.strikes = 0
      return
    }
    const waiting = await this.watched.waiting().catch(() => 0) // rebuilding does not help if the queue is unreachable
    if (waiting === 0 || this.deliveries !== this.lastDeliveries) return
    this.strikes++
    if (this.strikes > settings.rebuilds) this.watched.onWedged()
    else await this.watched.rebuild()
  }
}
