const phases = ['queued', 'trials', 'premises', 'ended'] as const
export type Phase = (typeof phases)[number]

/**
 * Shared memory through which the main thread and a computing thread communicate while the computing thread cannot read
 * messages. It contains the stop flag that the kernel checks (int32 at byte 0), the phase (int32 at 4) and the index of
 * the running batch in the slice (int32 at 8). The time limit of this phase of the batch follows (float64 at 16, in ms
 * from the start of the phase).
 */
export class Control {
  readonly flag: Int32Array
  private readonly limit: Float64Array

  constructor(readonly buffer: SharedArrayBuffer = new SharedArrayBuffer(24)) {
    this.flag = new Int32Array(buffer, 0, 3)
    this.limit = new Float64Array(buffer, 16, 1)
  }

  stop(): void {
    Atomics.store(this.flag, 0, 1)
  }

  get stopped(): boolean {
    return Atomics.load(this.flag, 0) !== 0
  }

  /** Called in the thread when it begins the trials or the premises of a batch, but not while it waits or compiles. */
  begin(phase: 'trials' | 'premises', batch: number, limitMs: number): void {
    this.limit[0] = limitMs
    Atomics.store(this.flag, 2, batch)
    Atomics.store(this.flag, 1, phases.indexOf(phase))
  }

  end(): void {
    Atomics.store(this.flag, 1, phases.indexOf('ended'))
  }

  requeue(): void {
    Atomics.store(this.flag, 2, 0)
    Atomics.store(this.flag, 1, 0)
  }

  get phase(): Phase {
    return phases[Atomics.load(this.flag, 1)] ?? 'queued'
  }

  get batch(): number {
    return Atomics.load(this.flag, 2)
  }

  get limitMs(): number {
    return this.limit[0]!
  }
}
