import type { Pulse } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/** Times from one look to the next: after a change, and at most while batches are out or while none is. */
export type Pauses = Readonly<Record<'busyMs' | 'restMs' | 'idleMs', number>>

/**
 * Paces the looks of a leader. It has no clock of its own. A look is worth its cost only if the pulse has changed.
 * While batches are out the next pulse comes soon; the longer nothing happens, the later it comes.
 */
export class Pace {
  #last: string | null = null
  #delayMs: number
  #committed: { readonly atMs: number; readonly batches: number } | null = null
  /** Commits per second, smoothed over about two seconds. */
  rate = 0

  constructor(private readonly pauses: Pauses = defaults) {
    this.#delayMs = pauses.busyMs
  }

  /** Whether this pulse differs from the last one, so that a look is due. */
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

  /** Makes the next pulse count as changed. */
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
