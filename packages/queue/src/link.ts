import { bounded } from './bounded.ts'

/** A look at the queue may take so long, in ms. Redis answers in milliseconds or not at all. */
const lookMs = 2_000

/** Without another refusal a queue counts as having room again after so long, in ms. */
const fullMs = 10_000

/** What is asked of a queue to know that it answers. */
export interface Answering {
  /** Identifies the server behind the address; null where the server has no name of its own. */
  server(): Promise<string | null>
}

/** Whether the queue answers this process, judged by all its calls. A queue that is full answers. */
export class QueueLink {
  #failingSinceMs: number | null = null
  #server: string | null = null
  #refusal: { readonly words: string; readonly atMs: number } | null = null
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Time in ms since the first failed call began, if no call has succeeded since; 0 if the last call succeeded. */
  get lostForMs(): number {
    return this.#failingSinceMs === null ? 0 : Math.max(1, this.#now() - this.#failingSinceMs)
  }

  /** The server that answered last; null while none does. */
  get server(): string | null {
    return this.#failingSinceMs === null ? this.#server : null
  }

  /** What the queue said when it last refused a job for want of memory; null if it has taken one since. */
  get refusal(): string | null {
    return this.#refusal !== null && this.#now() - this.#refusal.atMs < fullMs ? this.#refusal.words : null
  }

  /** Asks the queue whether it is there. Never fails. */
  async look(queue: Answering): Promise<void> {
    await this.noting(async () => {
      this.#server = await bounded(queue.server(), lookMs, 'asking for its server')
    }).catch(() => undefined)
  }

  async noting<T>(call: () => Promise<T>, adds = false): Promise<T> {
    const began = this.#now()
    try {
      const answer = await call()
      this.#failingSinceMs = null
      if (adds) this.#refusal = null
      return answer
    } catch (error) {
      const { code, message = '' } = error as { readonly code?: unknown; readonly message?: string }
      if (code === 'QUEUE_FULL') {
        this.#failingSinceMs = null
        this.#refusal = { words: message, atMs: this.#now() }
      } else this.#failingSinceMs ??= began
      throw error
    }
  }
}
