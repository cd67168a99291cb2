import type { FarmSnapshot } from '@driftfarm/database'
import { defaults } from './defaults.ts'

/** Intervals between scheduling passes: after a change, and the maximum with and without dispatched bundles. */
export type PaceIntervals = Readonly<Record<'busyMs' | 'steadyMs' | 'idleMs', number>>

/**
 * Paces the scheduling passes of a coordinator. The caller provides the time. A pass is worth its cost only if the
 * pulse has changed or reports work. While bundles are being dispatched, the next pulse comes soon. The longer nothing
 * changes, the later it comes.
 */
export class Pace {
  #last: string | null = null
  #out: ReadonlyMap<string, number> = new Map()
  #delayMs: number

  constructor(private readonly pauses: PaceIntervals = defaults) {
    this.#delayMs = pauses.busyMs
  }

  /**
   * Whether a pass is due. An increase of dispatched bundles does not count, because the coordinator itself dispatched
   * them.
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

  /** Whether the last pulse has been handled, so that nothing is due. */
  get isUpToDate(): boolean {
    return this.#last !== null
  }

  /** Makes the next pulse count as changed. */
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
