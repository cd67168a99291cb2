import { defaults } from './defaults.ts'

/**
 * Limits the dispatch rate of bundles to twice the target commit rate. After a pause, the bundles of one second may be
 * dispatched in one burst. Without this limit, all threads of a large farm would lease bundles at the same moment and
 * finish them at the same moment. Each time, they would wait for the database. If the window of a farm is smaller than
 * a burst, the limit has no effect. The caller passes the current time.
 */
export class RateLimiter {
  readonly #perSecond: number
  readonly #most: number
  #left: number
  #atMs: number | null = null

  /**
   * `bundlesPerSecond`: the target commit rate of the farm. Bundles may be dispatched at twice this rate, so that
   * waiting threads get work.
   */
  constructor(bundlesPerSecond: number = defaults.bundlesPerSecond) {
    this.#perSecond = 2 * bundlesPerSecond
    this.#most = Math.max(defaults.minWindow, defaults.flowSeconds * this.#perSecond)
    this.#left = this.#most
  }

  /** Number of bundles that may be dispatched now. */
  room(nowMs: number): number {
    const seconds = Math.max(0, nowMs - (this.#atMs ?? nowMs)) / 1_000
    this.#atMs = nowMs
    this.#left = Math.min(this.#most, this.#left + seconds * this.#perSecond)
    return Math.max(0, Math.floor(this.#left))
  }

  /** Counts dispatched bundles, including those that are exempt from the limit. */
  consume(bundles: number): void {
    this.#left -= bundles
  }
}
