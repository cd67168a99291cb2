import type { FarmSnapshot } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/** Intervals in ms between two checks for changes of the farm (see `defaults`). */
export type PaceIntervals = Readonly<Record<'busyMs' | 'steadyMs' | 'idleMs', number>>

/**
 * Decides whether a scheduling pass is due, and how long a coordinator waits for the next snapshot of the farm. A pass
 * is worth its cost only if the snapshot has changed or reports work.
 */
export class Pace {
  #last: string | null = null
  #out: ReadonlyMap<string, number> = new Map()
  #delayMs: number

  constructor(private readonly pauses: PaceIntervals = defaults) {
    this.#delayMs = pauses.busyMs
  }

  /**
   * An increase in the number of dispatched bundles does not count as a change, because the coordinator itself
   * dispatched them.
   */
  changed({ out, longOut, sweeps, ...others }: FarmSnapshot): boolean {
    const text = JSON.stringify([others, sweeps.map(({ out: _, ...sweep }) => sweep)])
    const counts = sweeps.map(({ id, out }) => [`of ${id}`, out] as const)
    const now = new Map([['all', out], ['long', longOut], ...counts])
    const isFewer = [...this.#out].some(([of, was]) => (now.get(of) ?? 0) < was)
    const changed = text !== this.#last || isFewer || others.hasUpdates || others.hasLoose || others.hasUnqueued
    this.#last = text
    this.#out = now
    return changed
  }

  /** Whether the last snapshot has been handled, so that no pass is due. */
  get isUpToDate(): boolean {
    return this.#last !== null
  }

  /** Makes the next snapshot count as changed. */
  forget(): void {
    this.#last = null
  }

  delayMs(busy: boolean, changed: boolean): number {
    const { busyMs, steadyMs, idleMs } = this.pauses
    if (changed) this.#delayMs = busyMs
    else this.#delayMs = Math.min(this.#delayMs * 2, busy ? steadyMs : idleMs)
    return this.#delayMs
  }
}
