import type { Clock } from './clock.ts'
import type { QueuePort } from './queuePort.ts'

/** Whether the queue can be reached, as the calls of a leader tell. A queue that is full has been reached. */
export class QueueLink {
  #failingSinceMs: number | null = null

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Since the first call began of those that failed and none went well after; 0 where the last one did. */
  get lostForMs(): number {
    return this.#failingSinceMs === null ? 0 : this.clock.now() - this.#failingSinceMs
  }

  forget(): void {
    this.#failingSinceMs = null
  }

  through(queue: QueuePort): QueuePort {
    return {
      add: (jobs) => this.#noting(() => queue.add(jobs)),
      keys: () => this.#noting(() => queue.keys()),
    }
  }

  async #noting<T>(call: () => Promise<T>): Promise<T> {
    const began = this.clock.now()
    try {
      const answer = await call()
      this.#failingSinceMs = null
      return answer
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== 'QUEUE_FULL') this.#failingSinceMs ??= began
      throw error
    }
  }
}
