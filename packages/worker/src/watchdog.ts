import { settings } from './settings.ts'

export interface Watched {
  /** Jobs in the queue that nobody has. */
  waiting(): Promise<number>
  /** Deliveries that go on in this worker. */
  active(): number
  rebuild(): Promise<void>
  wedged(): void
}

/**
 * Jobs wait, this worker has none, and none comes: its consumer has lost the queue without knowing. It is made anew;
 * after three times in vain the worker says so. A pure state machine but for what it watches: `look` is called by a
 * timer.
 */
export class Watchdog {
  private strikes = 0
  private seen = 0
  private deliveries = 0

  constructor(private readonly watched: Watched) {}

  delivered(): void {
    this.deliveries++
  }

  async look(): Promise<void> {
    const idle = this.deliveries === this.seen && this.watched.active() === 0
    this.seen = this.deliveries
    if (!idle) {
      this.strikes = 0
      return
    }
    const waiting = await this.watched.waiting().catch(() => 0) // unreachable: rebuilding would not help
    if (waiting === 0 || this.deliveries !== this.seen) return
    this.strikes++
    if (this.strikes > settings.rebuilds) this.watched.wedged()
    else await this.watched.rebuild()
  }
}
