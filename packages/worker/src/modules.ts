import type { BatchFailure } from '@driftfarm/database'
import { LRUCache } from 'lru-cache'
import { settings } from './settings.ts'
import type { CompileAnswer } from './task.ts'

/** A shape that could not be compiled, as what becomes of its batches. */
class CompileFailure extends Error {
  constructor(readonly failure: BatchFailure) {
    super(failure.message)
  }
}

/** Compiled shapes of this process: each is compiled once, in one thread, while whoever needs it waits. */
export class Modules {
  private readonly modules = new LRUCache<string, WebAssembly.Module, () => Promise<CompileAnswer>>({
    max: settings.modules,
    // One that is pushed out while it is being compiled still serves those who wait for it.
    ignoreFetchAbort: true,
    async fetchMethod(_shape, _module, { context: compile }) {
      const answer = await compile()
      if (answer.kind === 'failed') throw new CompileFailure(answer.failure)
      // Compiled in the engine's own threads; the main thread only waits.
      return WebAssembly.compile(answer.bytes as BufferSource)
    },
  })

  /** Null once the shape is there. `compile` runs in a thread, at most once a shape at a time. */
  async prepare(shape: string, compile: () => Promise<CompileAnswer>): Promise<BatchFailure | null> {
    try {
      await this.modules.fetch(shape, { context: compile })
      return null
    } catch (error) {
      if (error instanceof CompileFailure) return error.failure
      throw error
    }
  }

  /** What goes along with a task: the shapes used last, `shape` first of all. */
  sent(shape: string | null): [string, WebAssembly.Module][] {
    if (shape !== null) this.modules.get(shape)
    return [...this.modules.entries()].slice(0, settings.modulesSent)
  }
}
