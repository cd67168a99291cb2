import type { LiveSweep } from '@driftfarm/database'
import { Speed } from './speed.ts'

/**
 * What the leading coordinator remembers about a sweep between scheduling passes. If this memory is lost, the cells of
 * the sweep must be read again.
 */
export class SweepMemory {
  /** Requests from this index onwards have not been read since the sweep changed. */
  cursor = 0
  /** No request below this index is open. */
  front = 0
  /** Indices of requests whose target was raised after they had been read. */
  readonly raisedIndices = new Set<number>()
  readonly speed = new Speed()
  /**
   * Average number of cells in a bundle, measured in the last pass that read more cells than it could dispatch. Later
   * passes use this number to read only about as many cells as they can dispatch.
   */
  cellsPerBundle = Number.POSITIVE_INFINITY
  /** Time in ms at which the estimates of open cells were last updated for users who watch the sweep. */
  estimatedMs = Number.NEGATIVE_INFINITY
  /** Number of consecutive passes in which the sweep caused an error. */
  thrown = 0
  /** Whether the sweep has changed since its budget, its search and its contrasts were last updated. */
  hasChanged = true
  /** Whether batches of the sweep may have been parked before it started, so that they must be released. */
  mayBeParked = true

  /**
   * Time in ms at which the sweep became idle: all its cells were read and some are open, but nothing is dispatched and
   * nothing changes.
   */
  #idleSinceMs: number | null = null
  /** Number of stalls that were detected since a bundle of the sweep was last dispatched. */
  #times = 0

  constructor(
    readonly submission: number,
    /** Whether batches of this submission have been dispatched. */
    public isRunning: boolean,
  ) {}

  restart(): void {
    this.cursor = 0
    this.front = 0
    this.raisedIndices.clear()
    this.hasChanged = true
    this.mayBeParked = true
  }

  /**
   * Returns whether the sweep has stalled, so that its cells must be read again: cells are open, but nothing was
   * dispatched for `afterMs`. A pass may have overlooked work, such as a batch that was parked just when a sweep needed
   * the batch again. But the sweep may also be waiting for trials of another sweep, so each further stall takes twice
   * as long to be detected. `moves`: whether updates wait to be settled, or ready batches wait to be put into a bundle.
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

/** 30 s doubled six times is about half an hour. */
const maxDoublings = 6

export class SchedulerMemory {
  readonly #sweeps = new Map<string, SweepMemory>()

  /** The memory is new if the sweep was submitted again, was reset, or was not live in the last pass. */
  of({ id, submission, state }: LiveSweep): SweepMemory {
    const known = this.#sweeps.get(id)
    const isRunning = state === 'running'
    // Dispatching sets the state of the sweep to running, and `isRunning` records that. If `isRunning` and the state
    // disagree, a user has changed the state, and the memory is out of date.
    if (known?.submission === submission && known.isRunning === isRunning) return known
    const memory = new SweepMemory(submission, isRunning)
    this.#sweeps.set(id, memory)
    return memory
  }

  get(id: string): SweepMemory | undefined {
    return this.#sweeps.get(id)
  }

  forgetAllBut(sweeps: readonly LiveSweep[]): void {
    const live = new Set(sweeps.map(({ id }) => id))
    for (const id of this.#sweeps.keys()) if (!live.has(id)) this.#sweeps.delete(id)
  }
}
