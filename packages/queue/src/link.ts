import { withTimeout } from './bounded.ts'

/** Time limit of a check of the queue, in ms. Redis responds in milliseconds or not at all. */
const checkMs = 2_000
/** A failure counts as over if no call has failed for this long, in ms. A failed call is repeated sooner than that. */
const repeatMs = 10_000

/** The part of a queue that is used to check whether it answers. */
export interface ServerIdentity {
  /** Identifies the server behind the address; null if the queue has no server of its own. */
  server(): Promise<string | null>
}

/** Tracks since when calls of one kind have failed. */
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

  /** Time in ms for which the calls have failed; 0 if they succeed. */
  failingMs(nowMs: number): number {
    if (this.#sinceMs === null || nowMs - this.#lastMs > repeatMs) return 0
    return Math.max(1, nowMs - this.#sinceMs)
  }
}

/** Whether the queue responds to this process, judged by all its calls. A full queue responds. */
export class QueueLink {
  readonly #calls = new Calls()
  /** A server that responds may still refuse jobs, for example a read-only replica. */
  readonly #adds = new Calls()
  #server: { readonly name: string; readonly steadyMs: number } | null = null
  #refusal: { readonly words: string; readonly atMs: number } | null = null
  #checking: Promise<boolean> | null = null
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Time in ms since the first failed call began, if none has succeeded since; 0 if the queue responds. */
  get lostForMs(): number {
    return Math.max(this.#calls.failingMs(this.#now()), this.#adds.failingMs(this.#now()))
  }

  /** The server that responds; null while none does, and briefly after another server has replaced it. */
  get server(): string | null {
    if (this.#server === null || this.lostForMs > 0 || this.#now() < this.#server.steadyMs) return null
    return this.#server.name
  }

  /**
   * The message of the queue when it last refused a job because its memory was full; null if it has accepted one since.
   */
  get refusal(): string | null {
    return this.#refusal !== null && this.#now() - this.#refusal.atMs < repeatMs ? this.#refusal.words : null
  }

  /** Checks whether the queue answers, one check at a time. Resolves to whether that has changed. Never fails. */
  check(queue: ServerIdentity): Promise<boolean> {
    this.#checking ??= this.#identifyServer(queue).finally(() => {
      this.#checking = null
    })
    return this.#checking
  }

  async #identifyServer(queue: ServerIdentity): Promise<boolean> {
    const wasLost = this.lostForMs > 0
    const began = this.#now()
    try {
      const name = await withTimeout(queue.server(), checkMs, 'identifying its server')
      if (name === null) return false
      this.#calls.succeeded()
      // Other processes may notice a new server later, so it is not reported at once.
      if (name !== this.#server?.name)
        this.#server = { name, steadyMs: this.#server === null ? 0 : this.#now() + repeatMs }
    } catch {
      this.#calls.failed(began, this.#now())
    }
    return wasLost !== this.lostForMs > 0
  }

  /** Records the outcome of a call. */
  async recordCall<T>(call: () => Promise<T>, adds = false): Promise<T> {
    const began = this.#now()
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
        this.#refusal = { words: message, atMs: this.#now() }
      } else calls.failed(began, this.#now())
      throw error
    }
  }
}
