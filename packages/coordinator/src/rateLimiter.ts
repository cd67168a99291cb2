import { defaults } from './defaults.ts'

/**
 * Limits the dispatch rate of bundles to twice the target commit rate, so that waiting threads get work. After a pause,
 * all bundles that this rate allows in one second may be dispatched in one burst. Without this limit, all threads of
 * a large farm would finish their bundles at the same moment, and would then wait for the database. The window is the
 * largest number of bundles that may be in the queue or running. If the window is smaller than a burst, the limit has
 * no effect.
 */
export class RateLimiter {
  readonly #perSecond: number
  readonly #most: number
  #left: number
  #atMs: number | null = null

  /** `bundlesPerSecond`: the target commit rate of the farm. */
  constructor(bundlesPerSecond: number = defaults.bundlesPerSecond) {
    this.#perSecond = 2 * bundlesPerSecond
    this.#most = Math.max(defaults.minWindow, defaults.flowSeconds * this.#perSecond)
    this.#left = this.#most
  }

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
