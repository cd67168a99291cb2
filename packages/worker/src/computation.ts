import type { Lease } from '@driftfarm/database'
import type { DataTable } from '@driftfarm/spec'
import { Control } from './control.ts'

/** Why a batch was stopped before its end. withdrawn: nobody wants it any more. */
export type StopReason = 'deadline' | 'released' | 'withdrawn'

/** One batch on its way through a thread: what stops it, softly first, and its thread if that does not help. */
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
    /** From a soft stop to the end of the thread. */
    private readonly graceMs: number,
  ) {}

  /** Aborted to take the task out of the line, or its thread down. */
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

  /** Called now and then: the deadline counts from when trials began. */
  watch(): void {
    const now = this.clock()
    if (this.startedAt === null && this.computing) this.startedAt = now
    if (this.startedAt !== null && now - this.startedAt > this.control.deadlineMs) this.stop('deadline')
    if (this.stoppedAt !== null && now - this.stoppedAt > this.graceMs) this.killer.abort(this.why)
  }

  /** The batch is computed: what is done beside it does not count against its deadline. */
  finish(): void {
    this.startedAt = null
  }

  /** Before the task is handed to a thread once more. */
  requeue(): void {
    this.control.requeue()
    this.startedAt = null
  }
}
