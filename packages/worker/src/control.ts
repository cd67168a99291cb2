const phases = ['queued', 'computing', 'ended'] as const
export type Phase = (typeof phases)[number]

/**
 * What the main thread and a computing thread tell each other while the latter cannot read messages: a stop flag
 * (int32 at 0, the kernel's own), how far it is (int32 at 4), and its deadline (float64 at 8, ms from the start).
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

  /** Called in the thread, when trials begin: waiting and compiling do not count. */
  begin(deadlineMs: number): void {
    this.deadline[0] = deadlineMs
    Atomics.store(this.flag, 1, 1)
  }

  end(): void {
    Atomics.store(this.flag, 1, 2)
  }

  /** For a task that is handed to a thread once more. */
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
