const phases = ['queued', 'computing', 'ended'] as const
export type Phase = (typeof phases)[number]

/**
 * Memory by which the main thread and a computing thread communicate while the latter cannot read messages: a stop flag
 * of the kernel (int32 at byte 0), the phase (int32 at 4), and the deadline (float64 at 8, in ms from the start of the
 * trials).
 */
export class Control {
  readonly flag: Int32Array
  private readonly deadline: Float64Array

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.flag = new Int32Array(buffer, 0, 2)
    this.deadline = new Float64Array(buffer, 8, 1)
  }

  stop(): void {
    Atomics.store(this.flag, 0, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.flag, 0) !== 0
  }

  /** Called in the thread when the trials begin: waiting and compiling do not count. */
  begin(deadlineMs: number): void {
    this.deadline[0] = deadlineMs
    Atomics.store(this.flag, 1, 1)
  }

  end(): void {
    Atomics.store(this.flag, 1, 2)
  }

  /** Called before a task is given to another thread. */
  requeue(): void {
    Atomics.store(this.flag, 1, 0)
  }

  get phase(): Phase {
    return phases[Atomics.load(this.flag, 1)] ?? 'queued'
  }

  get deadlineMs(): number {
    return this.deadline[0]!
  }
}
