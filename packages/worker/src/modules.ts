import type { BatchFailure } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'

export class CompileFailure extends Error {
  constructor(readonly failure: BatchFailure) {
    super(failure.message)
  }
}

export class Modules {
  private readonly modules = new LRUCache<string, WebAssembly.Module, () => Promise<Uint8Array>>({
    max: settings.modules,
    // A module that is evicted during its compilation still reaches the callers that wait for it.
    ignoreFetchAbort: true,
    async fetchMethod(_shape, _module, { context: compile }) {
      // The JavaScript engine compiles the bytes in threads of its own; the main thread only waits.
      return WebAssembly.compile((await compile()) as BufferSource)
    },
  })

  /**
   * `compile` throws a CompileFailure if the source cannot be compiled. Simultaneous calls for the same shape share one
   * compilation.
   */
  async prepare(shape: string, compile: () => Promise<Uint8Array>): Promise<BatchFailure | null> {
    try {
      await this.modules.fetch(shape, { context: compile })
      return null
    } catch (error) {
      if (error instanceof CompileFailure) return error.failure
      throw error
    }
  }

  /** The modules that are sent with a task: the most recently used ones, `shape` first. */
  sent(shape: string | null): [string, WebAssembly.Module][] {
    if (shape !== null) this.modules.get(shape)
    return [...this.modules.entries()].slice(0, settings.modulesSent)
  }
}
