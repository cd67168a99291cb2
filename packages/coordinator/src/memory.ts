import type { LiveSweep } from '@driftfarm/database'
import { Speed } from './speed.ts'

/**
 * State of a sweep that the leading coordinator keeps between scheduling passes. Losing it costs one pass over the
 * cells of the sweep.
 */
export class SweepMemory {
  /** Requests with this index and higher have not been read since the sweep changed. */
  cursor = 0
  /** No request below this index is open. */
  front = 0
  /** Requests for which more trials were requested after they were read. */
  readonly raisedIndices = new Set<number>()
  readonly speed = new Speed()
  /**
   * Number of cells in the last bundle that had no room for more, so that not many more cells are read than dispatched.
   */
  cellsPerBundle = Number.POSITIVE_INFINITY
  /** When its intervals were last computed for watchers, in ms. */
  estimatedMs = Number.NEGATIVE_INFINITY
  /** Number of consecutive passes in which it threw. */
  thrown = 0
  /** Whether something was settled since its budget was last divided. */
  hasChanged = true

  /**
   * Since when, in ms, nothing of it is dispatched or changes although cells are open and all were read; otherwise
   * null.
   */
  #idleSinceMs: number | null = null
  /** Number of fresh starts since something of it was dispatched. */
  #times = 0

  /** Whether batches of this submission have been dispatched. */
  isRunning: boolean

  constructor(
    readonly submission: number,
    isRunning: boolean,
  ) {
    this.isRunning = isRunning
  }

  /** Starts another pass over its cells. */
  restart(): void {
    this.cursor = 0
    this.front = 0
    this.raisedIndices.clear()
    this.hasChanged = true
  }

  /**
   * Records whether the sweep is idle. Returns whether work may have been overlooked, such as a batch that was parked
   * at the moment when it was needed again. This is assumed if nothing was dispatched for `afterMs` although cells are
   * open and all were read. The sweep may also wait for trials dispatched for another sweep, so the result is true at
   * growing intervals. `moves`: pending updates are about to be settled.
   */
  detectStall({ cells, open, out }: LiveSweep, moves: boolean, nowMs: number, afterMs: number): boolean {
    if (out > 0) this.#times = 0
    const isIdle = open > 0 && out === 0 && !moves && this.cursor >= cells && this.raisedIndices.size === 0
    this.#idleSinceMs = isIdle ? (this.#idleSinceMs ?? nowMs) : null
    if (this.#idleSinceMs === null || nowMs - this.#idleSinceMs < afterMs * 2 ** this.#times) return false
    this.#times = Math.min(this.#times + 1, maxDoublings)
    this.#idleSinceMs = null
    return true
  }
}

/** Starting from 30 s, this gives half an hour. */
const maxDoublings = 6

/** The memories of all live sweeps. */
export class SchedulerMemory {
  readonly #sweeps = new Map<string, SweepMemory>()

  /**
   * The memory of a sweep. It is new, with true as the second value, if the sweep was submitted again, was reset, or
   * was not live in the last pass.
   */
  of({ id, submission, state }: LiveSweep): { readonly memory: SweepMemory; readonly isNew: boolean } {
    const known = this.#sweeps.get(id)
    const isRunning = state === 'running'
    // Dispatching makes it run, which the memory records. Only its user can make it stop running.
    if (known?.submission === submission && known.isRunning === isRunning) return { memory: known, isNew: false }
    const memory = new SweepMemory(submission, isRunning)
    this.#sweeps.set(id, memory)
    return { memory, isNew: true }
  }

  /** The memory of a sweep, if it is live. */
  get(id: string): SweepMemory | undefined {
    return this.#sweeps.get(id)
  }

  /** Sweeps that could not be started count as new in the next pass. */
  forget(sweeps: readonly string[]): void {
    for (const id of sweeps) this.#sweeps.delete(id)
  }

  forgetAllBut(sweeps: readonly LiveSweep[]): void {
    const live = new Set(sweeps.map(({ id }) => id))
    for (const id of this.#sweeps.keys()) if (!live.has(id)) this.#sweeps.delete(id)
  }
}
