import type { LiveSweep } from '@driftfarm/database'
import { Speed } from './speed.ts'

/** What a leader remembers of a sweep between looks. Losing it costs one walk through the sweep's cells. */
export class SweepMemory {
  /** The demands from this index on have not been looked at since the sweep changed. */
  cursor = 0
  /** No demand below this index is open. */
  front = 0
  /** Demands of which more trials are wanted since they were looked at. */
  readonly raised = new Set<number>()
  readonly speed = new Speed()
  /** Cells that went into a bundle when last some did not fit, so that not many more are read than are handed out. */
  cellsPerBundle = Number.POSITIVE_INFINITY
  /** When its intervals were last computed for watchers, in ms. */
  estimatedMs = Number.NEGATIVE_INFINITY
  /** Number of consecutive looks at which it threw. */
  thrown = 0
  /** Whether something was settled since its budget was last divided. */
  stirred = true

  /** Since when nothing of it is out or moves although cells are open and all were looked at, in ms; else null. */
  #idleSinceMs: number | null = null
  /** How often it has begun anew since something of it was out. */
  #times = 0

  /** Whether batches of this submission have been handed out. */
  isRunning: boolean

  constructor(
    readonly submission: number,
    isRunning: boolean,
  ) {
    this.isRunning = isRunning
  }

  /** Begins another walk through its cells. */
  beginAnew(): void {
    this.cursor = 0
    this.front = 0
    this.raised.clear()
    this.stirred = true
  }

  /**
   * Notes whether the sweep is idle. Returns whether something that it waits for may have been overlooked, such as a
   * batch that was put aside at the moment when it was wanted again: nothing of it has been out for `afterMs`, although
   * cells are open and all were looked at. It may also wait for trials that another sweep has handed out, so that this
   * is true ever less often. `moves`: something of the farm is about to be looked at.
   */
  noteIdle({ cells, open, out }: LiveSweep, moves: boolean, nowMs: number, afterMs: number): boolean {
    if (out > 0) this.#times = 0
    const isIdle = open > 0 && out === 0 && !moves && this.cursor >= cells && this.raised.size === 0
    this.#idleSinceMs = isIdle ? (this.#idleSinceMs ?? nowMs) : null
    if (this.#idleSinceMs === null || nowMs - this.#idleSinceMs < afterMs * 2 ** this.#times) return false
    this.#times = Math.min(this.#times + 1, mostDoublings)
    this.#idleSinceMs = null
    return true
  }
}

/** With 30 s at first: half an hour at last. */
const mostDoublings = 6

/** What a leader remembers of all sweeps that are worked on. */
export class Memory {
  readonly #sweeps = new Map<string, SweepMemory>()

  /**
   * The sweep's memory; a new one, and true, where the sweep was submitted anew, set back to its beginning, or was not
   * worked on at the last look.
   */
  of({ id, submission, state }: LiveSweep): { readonly memory: SweepMemory; readonly isNew: boolean } {
    const known = this.#sweeps.get(id)
    const isRunning = state === 'running'
    // It begins to run by what is handed out, of which the memory knows; in the other direction its user moves it.
    if (known?.submission === submission && known.isRunning === isRunning) return { memory: known, isNew: false }
    const memory = new SweepMemory(submission, isRunning)
    this.#sweeps.set(id, memory)
    return { memory, isNew: true }
  }

  /** The memory of a sweep, if it is worked on. */
  get(id: string): SweepMemory | undefined {
    return this.#sweeps.get(id)
  }

  /** Sweeps that could not be begun are new at the next look. */
  forget(sweeps: readonly string[]): void {
    for (const id of sweeps) this.#sweeps.delete(id)
  }

  forgetAllBut(sweeps: readonly LiveSweep[]): void {
    const live = new Set(sweeps.map(({ id }) => id))
    for (const id of this.#sweeps.keys()) if (!live.has(id)) this.#sweeps.delete(id)
  }
}
