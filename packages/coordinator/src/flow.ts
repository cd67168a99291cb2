import { defaults } from './defaults.ts'

/**
 * How fast bundles go out: at most twice as fast as the farm is to commit, and after a rest a second of that at once.
 * Else all threads of a large farm would lease at the same moment, end at the same moment, and wait for one another in
 * between. On a farm whose window is smaller than what may go out at once it changes nothing. It has no clock of its
 * own.
 */
export class Flow {
  readonly #perSecond: number
  readonly #most: number
  #left: number
  #atMs: number | null = null

  /** `bundlesPerSecond`: what the farm is to commit. Twice as many go out, so that threads that wait are reached. */
  constructor(bundlesPerSecond: number = defaults.bundlesPerSecond) {
    this.#perSecond = 2 * bundlesPerSecond
    this.#most = Math.max(defaults.leastWindow, defaults.flowSeconds * this.#perSecond)
    this.#left = this.#most
  }

  /** Number of bundles that may go out now. */
  room(nowMs: number): number {
    const seconds = Math.max(0, nowMs - (this.#atMs ?? nowMs)) / 1_000
    this.#atMs = nowMs
    this.#left = Math.min(this.#most, this.#left + seconds * this.#perSecond)
    return Math.max(0, Math.floor(this.#left))
  }

  /** Counts bundles that have gone out; some go in any case. */
  spend(bundles: number): void {
    this.#left -= bundles
  }
}
