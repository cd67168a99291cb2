import type { Lease } from '@driftfarm/database'
import type { DataTable } from '@driftfarm/spec'
import { Control } from './control.ts'

/** Why a batch was stopped before its end. `withdrawn`: no sweep wants it any more. */
export type StopReason = 'deadline' | 'released' | 'withdrawn'

/**
 * One batch that a thread computes. It can be stopped softly by its flag and, if that does not help, by ending its
 * thread.
 */
export class Computation {
  readonly control = new Control()
  private readonly killer = new AbortController()
  private startedAt: number | null = null
  private stoppedAt: number | null = null
  private why: StopReason | null = null

  constructor(
    readonly lease: Lease,
    readonly data: DataTable | null,
    private readonly clock: () => number,
    /** Time from a soft stop to the end of the thread. */
    private readonly graceMs: number,
  ) {}

  /** Aborted to remove the task from the queue of the pool, or to end its thread. */
  get signal(): AbortSignal {
    return this.killer.signal
  }

  get reason(): StopReason | null {
    return this.why
  }

  get computing(): boolean {
    return this.control.phase === 'computing'
  }

  stop(reason: StopReason): void {
    if (this.why !== null) return
    this.why = reason
    this.stoppedAt = this.clock()
    this.control.stop()
    if (this.control.phase === 'queued') this.killer.abort(reason)
  }

  /** Checks the limits; called regularly. The deadline counts from when the trials began. */
  watch(): void {
    const now = this.clock()
    if (this.startedAt === null && this.computing) this.startedAt = now
    if (this.startedAt !== null && now - this.startedAt > this.control.deadlineMs) this.stop('deadline')
    if (this.stoppedAt !== null && now - this.stoppedAt > this.graceMs) this.killer.abort(this.why)
  }

  /** Called when the trials are computed: what is done beside the batch does not count against its deadline. */
  finish(): void {
    this.startedAt = null
  }

  /** Called before the task is given to another thread. */
  requeue(): void {
    this.control.requeue()
    this.startedAt = null
  }
}
