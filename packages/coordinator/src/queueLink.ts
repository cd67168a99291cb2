import type { Clock } from './clock.ts'
import type { QueuePort } from './queuePort.ts'

/** Whether the queue can be reached, judged by the leader's calls. A full queue counts as reached. */
export class QueueLink {
  #failingSinceMs: number | null = null

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Time in ms since the first failed call began, if no call has succeeded since; 0 if the last call succeeded. */
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
