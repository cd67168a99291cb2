import { withTimeout } from './bounded.ts'
import type { Producer } from './producer.ts'

/** Time limit of a check of the queue, in ms. Redis responds in milliseconds or not at all. */
const checkMs = 2_000
/**
 * If no call has failed for this time in ms, an outage counts as over, because calls fail more often than this during
 * an outage.
 */
const repeatMs = 10_000

class Calls {
  #sinceMs: number | null = null
  #lastMs = 0

  failed(beganMs: number, nowMs: number): void {
    this.#sinceMs ??= beganMs
    this.#lastMs = nowMs
  }

  succeeded(): void {
    this.#sinceMs = null
  }

  /** Time in ms for which the calls have been failing; 0 if they succeed. */
  failingMs(nowMs: number): number {
    if (this.#sinceMs === null || nowMs - this.#lastMs > repeatMs) return 0
    return Math.max(1, nowMs - this.#sinceMs)
  }
}

/**
 * Tracks whether the queue responds to the calls of this process. A queue that refuses jobs because it is full counts
 * as responding.
 */
export class QueueLink {
  readonly #calls = new Calls()
  /** Calls that add jobs. They are tracked separately: a read-only replica answers other calls but refuses jobs. */
  readonly #adds = new Calls()
  #server: { readonly name: string; readonly steadyMs: number } | null = null
  #refusal: { readonly words: string; readonly atMs: number } | null = null
  #checking: Promise<boolean> | null = null

  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Time in ms for which the calls that add jobs have been failing, or the other calls, whichever is longer; 0 if the
   * queue responds.
   */
  get lostForMs(): number {
    return Math.max(this.#calls.failingMs(this.now()), this.#adds.failingMs(this.now()))
  }

  /** The server that responds; null if none does, or if a different server took over less than 10 s ago. */
  get server(): string | null {
    if (this.#server === null || this.lostForMs > 0 || this.now() < this.#server.steadyMs) return null
    return this.#server.name
  }

  /**
   * The message with which the queue last refused a job because its memory was full; null if the queue has accepted a
   * job since then, or if the refusal is older than 10 s.
   */
  get refusal(): string | null {
    return this.#refusal !== null && this.now() - this.#refusal.atMs < repeatMs ? this.#refusal.words : null
  }

  /**
   * Checks whether the queue responds. Only one check runs at a time. Resolves to true if the queue has begun or
   * stopped responding. Never rejects.
   */
  check(queue: Pick<Producer, 'server'>): Promise<boolean> {
    this.#checking ??= this.#identifyServer(queue).finally(() => {
      this.#checking = null
    })
    return this.#checking
  }

  async #identifyServer(queue: Pick<Producer, 'server'>): Promise<boolean> {
    const wasLost = this.lostForMs > 0
    const began = this.now()
    try {
      const name = await withTimeout(queue.server(), checkMs, 'identifying the server')
      if (name === null) return false
      this.#calls.succeeded()
      // Other processes may notice a new server later, so `server` is null until they have had time to notice it.
      if (name !== this.#server?.name)
        this.#server = { name, steadyMs: this.#server === null ? 0 : this.now() + repeatMs }
    } catch {
      this.#calls.failed(began, this.now())
    }
    return wasLost !== this.lostForMs > 0
  }

  async recordCall<T>(call: () => Promise<T>, adds = false): Promise<T> {
    const began = this.now()
    const calls = adds ? this.#adds : this.#calls
    try {
      const answer = await call()
      calls.succeeded()
      if (adds) this.#refusal = null
      return answer
    } catch (error) {
      const { code, message = '' } = error as { readonly code?: unknown; readonly message?: string }
      if (code === 'QUEUE_FULL') {
        calls.succeeded()
        this.#refusal = { words: message, atMs: this.now() }
      } else calls.failed(began, this.now())
      throw error
    }
  }
}
