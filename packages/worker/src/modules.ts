import type { BatchFailure } from '@driftfarm/database'
import { Lru } from './lru.ts'
import { settings } from './settings.ts'
import type { CompileAnswer } from './task.ts'

/** Compiled shapes of this process: each is compiled once, in one thread, while whoever needs it waits. */
export class Modules {
  private readonly ready = new Lru<string, WebAssembly.Module>(settings.modules)
  private readonly making = new Map<string, Promise<BatchFailure | null>>()

  /** Null once the shape is there. `compile` runs in a thread, at most once a shape at a time. */
  prepare(shape: string, compile: () => Promise<CompileAnswer>): Promise<BatchFailure | null> {
    if (this.ready.get(shape) !== undefined) return Promise.resolve(null)
    const begun = this.making.get(shape)
    if (begun !== undefined) return begun
    const making = this.make(shape, compile).finally(() => this.making.delete(shape))
    this.making.set(shape, making)
    return making
  }

  /** What goes along with a task: the shapes used last, `shape` first of all. */
  sent(shape: string | null): [string, WebAssembly.Module][] {
    if (shape !== null) this.ready.get(shape)
    return this.ready.recent(settings.modulesSent)
  }

  private async make(shape: string, compile: () => Promise<CompileAnswer>): Promise<BatchFailure | null> {
    const answer = await compile()
    if (answer.kind === 'failed') return answer.failure
    // Compiled in the engine's own threads; the main thread only waits.
    this.ready.set(shape, await WebAssembly.compile(answer.bytes as BufferSource))
    return null
  }
}
