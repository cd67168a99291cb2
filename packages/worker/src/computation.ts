import type { Lease } from '@driftfarm/database'
import type { DataTable } from '@driftfarm/spec'
import { Control, type Phase } from './control.ts'
import { settings } from './settings.ts'

/** Why batches were stopped before their end. `withdrawn`: no sweep needs them any more. */
export type StopReason = 'deadline' | 'released' | 'withdrawn'

/** What a thread is computing: the index of a batch in the slice, and the phase of the batch. */
export interface SlicePosition {
  readonly batch: number
  readonly phase: Phase
}

/**
 * A slice of batches that a thread computes one after the other. A flag asks the thread to stop. If the thread does not
 * stop in time, it is terminated.
 */
export class Computation {
  readonly control = new Control()
  private readonly killer = new AbortController()
  private started: { readonly wall: number; readonly share: number } | null = null
  private lastPosition = ''
  private stoppedAt: number | null = null
  private stopReason: StopReason | null = null
  private stoppedPosition: SlicePosition | null = null
  /** Number of batches of the slice that had finished before the running task started. */
  offset = 0

  constructor(
    readonly leases: readonly Lease[],
    readonly data: DataTable | null,
    private readonly clocks: {
      readonly wall: () => number
      /** Processor time that a thread has received; see `ThreadTime`. */
      readonly share: () => number
    },
    /** Time from the stop flag to the termination of the thread. */
    private readonly graceMs: number,
  ) {}

  /** Aborting this signal removes a waiting task from the queue of the pool, or terminates a running task's thread. */
  get signal(): AbortSignal {
    return this.killer.signal
  }

  get reason(): StopReason | null {
    return this.stopReason
  }

  get computing(): boolean {
    const { phase } = this.control
    return phase === 'trials' || phase === 'premises'
  }

  /** The batch that the thread is computing, or was computing when it stopped or ended. */
  get position(): SlicePosition {
    return this.stoppedPosition ?? { batch: this.offset + this.control.batch, phase: this.control.phase }
  }

  stop(reason: StopReason): void {
    if (this.stopReason !== null) return
    this.stoppedPosition = this.position
    this.stopReason = reason
    this.stoppedAt = this.clocks.wall()
    this.control.stop()
    if (this.control.phase === 'queued') this.killer.abort(reason)
  }

  /**
   * Checks the time limits; called regularly. The time of a batch counts from the first check that finds it running.
   * For premises, processor time is limited, so that they are not stopped merely because the machine is loaded.
   * Premises that exceed the limit are not computed again with the next batch.
   */
  checkLimits(): void {
    const now = this.clocks.wall()
    const at = `${this.control.phase} ${this.control.batch}`
    if (at !== this.lastPosition) {
      this.lastPosition = at
      this.started = this.computing ? { wall: now, share: this.clocks.share() } : null
    }
    if (this.started !== null && this.hasExceededLimit(this.started, now)) this.stop('deadline')
    if (this.stoppedAt !== null && now - this.stoppedAt > this.graceMs) this.killer.abort(this.stopReason)
  }

  private hasExceededLimit({ wall, share }: { readonly wall: number; readonly share: number }, now: number): boolean {
    const { phase, limitMs } = this.control
    if (phase !== 'premises') return now - wall > limitMs
    return this.clocks.share() - share > limitMs || now - wall > settings.premisesPatience * limitMs
  }

  /** Called before the batches from index `offset` on are given to a thread again. */
  requeue(offset: number): void {
    this.offset = offset
    this.control.requeue()
  }
}
