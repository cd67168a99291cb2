import { once } from 'node:events'
import type { Lease } from '@driftfarm/database'
import type { Tables } from '@driftfarm/spec'
import { Control, type Phase } from './control.ts'

/** `withdrawn`: no sweep needs the batches any more. */
export type StopReason = 'deadline' | 'released' | 'withdrawn'

export interface SlicePosition {
  /** The index of the batch in the slice. */
  readonly batch: number
  readonly phase: Phase
}

/** A flag asks the thread to stop. A thread that does not stop within `graceMs` is terminated. */
export class Computation {
  readonly control = new Control()
  private readonly killer = new AbortController()
  /** Aborting this signal removes a waiting task from the queue of the pool, or terminates a running task's thread. */
  readonly signal = this.killer.signal
  readonly aborted: Promise<unknown> = once(this.signal, 'abort')
  private started: number | null = null
  private lastPosition = ''
  private stoppedAt: number | null = null
  reason: StopReason | null = null
  private stoppedPosition: SlicePosition | null = null
  /** Number of batches of the slice that had finished before the running task started. */
  offset = 0

  constructor(
    readonly leases: readonly Lease[],
    readonly tables: Tables,
    private readonly graceMs: number,
  ) {}

  get computing(): boolean {
    const { phase } = this.control
    return phase === 'trials' || phase === 'premises'
  }

  get position(): SlicePosition {
    return this.stoppedPosition ?? { batch: this.offset + this.control.batch, phase: this.control.phase }
  }

  stop(reason: StopReason): void {
    if (this.reason !== null) return
    this.stoppedPosition = this.position
    this.reason = reason
    this.stoppedAt = performance.now()
    this.control.stop()
    if (this.control.phase === 'queued') this.killer.abort(reason)
  }

  /**
   * Stops the computation if the running batch has exceeded its time limit. The time counts from the first check
   * that finds the batch running.
   */
  checkLimits(): void {
    const now = performance.now()
    const at = `${this.control.phase} ${this.control.batch}`
    if (at !== this.lastPosition) {
      this.lastPosition = at
      this.started = this.computing ? now : null
    }
    if (this.started !== null && now - this.started > this.control.limitMs) this.stop('deadline')
    if (this.stoppedAt !== null && now - this.stoppedAt > this.graceMs) this.killer.abort(this.reason)
  }

  requeue(offset: number): void {
    this.offset = offset
    this.control.requeue()
  }
}
