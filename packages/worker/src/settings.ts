/** What may be otherwise: how long things take before something is done about them. Tests have less time. */
export type WorkerLimits = Readonly<Record<'heartbeatMs' | 'watchMs' | 'graceMs' | 'retryDelayMs', number>>

/** Defaults of a worker, each with its reason. */
export const settings = Object.freeze({
  /** Five missed ones (15 s) and the farm counts the worker as dead. */
  heartbeatMs: 3_000,
  /**
   * No heartbeat got through for so long: all connections to the database are made anew. Long enough for a server that
   * is only slow.
   */
  anewMs: 60_000,
  /** A batch may take this many times what its cell's earlier batches took a trial ... */
  deadlineFactor: 20,
  /** ... but never less than this: small batches on a busy machine. */
  leastDeadlineMs: 60_000,
  /**
   * Before the first batch of a cell: thread time of a step, coordinate and summand, twenty times slower than any
   * formula measured.
   */
  uncalibratedSecondsPerStep: 1e-6,
  /** The reference is slower than the kernel that calibrated the cell. */
  referenceSlowness: 200,
  /** How often deadlines are looked at. */
  watchMs: 100,
  /** A kernel looks at its stop flag every millisecond or so; what has not stopped by then loses its thread. */
  graceMs: 2_000,
  /** No formula that the specification admits takes nearly as long to compile. */
  compileLimitMs: 120_000,
  /** What a cell rests on is found in some hundred milliseconds; after this it is said not to have been. */
  premisesLimitMs: 60_000,
  /** JavaScript heap of a thread. Records are outside of it. */
  heapMb: 1_024,
  /** Compiled shapes that the process keeps, a few kB each. */
  modules: 64,
  /** Shapes that go along with each task: the clone of a module is a reference. */
  modulesSent: 16,
  /** Kernel instances (0.2 MB, and a copy of their data) that a thread keeps. */
  kernels: 64,
  /** Of those, data copied into them. One cell's data may be more. */
  kernelDataBytes: 268_435_456,
  /** Data sets that the process keeps for its threads, and their bytes. One may be larger. */
  dataSets: 64,
  dataBytes: 268_435_456,
  /** The database may be away this long before a finished batch is given up and computed again. */
  patienceMs: 300_000,
  retryDelayMs: 500,
  /** Jobs wait in the queue and none arrives for this long: the consumer is made anew. */
  watchdogMs: 20_000,
  /** After so many in vain the worker says that it is wedged. */
  rebuilds: 3,
})
