import type { Pulse } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/** From a change to the next look, at most while batches are out, and at most while none is. */
export type Pauses = Readonly<Record<'busyMs' | 'restMs' | 'idleMs', number>>

/**
 * How a leader paces its looks: pure, no clock of its own. A look is worth its price when the pulse has changed; while
 * batches are out the next pulse is soon, and later the longer nothing happens.
 */
export class Pace {
  #last: string | null = null
  #delayMs: number
  #committed: { readonly atMs: number; readonly batches: number } | null = null
  /** Commits a second, smoothed over about two seconds. */
  rate = 0

  constructor(private readonly pauses: Pauses = defaults) {
    this.#delayMs = pauses.busyMs
  }

  /** Whether this pulse calls for a look. */
  changed(pulse: Pulse, nowMs: number): boolean {
    const last = this.#committed
    if (last !== null && nowMs > last.atMs) {
      const seconds = (nowMs - last.atMs) / 1000
      const weight = Math.min(1, seconds / 2)
      this.rate += weight * (Math.max(0, pulse.committed - last.batches) / seconds - this.rate)
    }
    this.#committed = { atMs: nowMs, batches: pulse.committed }
    const text = JSON.stringify(pulse)
    const changed = text !== this.#last
    this.#last = text
    return changed
  }

  /** Looks again at once, whatever the pulse. */
  forget(): void {
    this.#last = null
  }

  delayMs(busy: boolean, changed: boolean): number {
    const { busyMs, restMs, idleMs } = this.pauses
    if (changed) this.#delayMs = busyMs
    else this.#delayMs = Math.min(this.#delayMs * 1.4, busy ? restMs : idleMs)
    return this.#delayMs
  }
}
