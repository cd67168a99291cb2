export const settings = Object.freeze({
  /** The farm counts the worker as dead after five missed heartbeats (15 s). */
  heartbeatMs: 3_000,
  /**
   * If no heartbeat succeeds for this long, all connections to the database are replaced. This is long enough for a
   * server that is merely slow to answer.
   */
  replaceConnectionsMs: 60_000,
  /**
   * Messages are expensive, so several batches are sent to a thread in one message. Together, these batches take about
   * `sliceSeconds` to compute. If the thread dies, all of them are computed again, even the finished ones.
   */
  sliceSeconds: 0.25,
  sliceBatches: 100,
  /**
   * Interval between commits of a bundle, unless the bundle is expected to take longer. Finished batches are committed
   * earlier if their total size reaches `commitBytes`.
   */
  commitMs: 1_000,
  commitBytes: 67_108_864,
  /** Deadline of a batch, as a multiple of the time expected from earlier batches of its cell ... */
  deadlineFactor: 20,
  /** ... but never less than this, for small batches on a busy machine. */
  minDeadlineMs: 60_000,
  /**
   * Until a batch of the cell has been measured, this thread time is assumed for each step, coordinate and summand (see
   * `summandsOf`). It is twenty times the longest time measured for any formula.
   */
  uncalibratedSecondsPerStep: 1e-6,
  /** The reference implementation is assumed to be this many times slower than the kernel, whose speed was measured. */
  referenceSlowness: 200,
  /** Interval at which deadlines are checked. */
  watchMs: 100,
  /**
   * A kernel checks its stop flag about every millisecond. If a batch has not stopped after this time, its thread is
   * terminated.
   */
  graceMs: 2_000,
  /** A worker that has received no work for this long after its start compiles a common shape. */
  compileCommonMs: 500,
  /** Every valid formula compiles in a small fraction of this time. */
  compileLimitMs: 120_000,
  /** Computing premises takes a few hundred milliseconds, but more on a loaded machine. */
  premisesLimitMs: 300_000,
  /** Limit of the JavaScript heap of a thread, in MiB. Records are stored outside the heap. */
  heapMb: 1_024,
  /**
   * Size of the heap for young objects, in MB. By default, V8 fills 48 MB before it collects garbage. The objects of a
   * batch are short-lived, so this smaller size saves a fifth of the memory of a run and costs no time (see
   * `npm run bench sweeps`).
   */
  youngHeapMb: 12,
  /** Maximum number of compiled shapes that the process keeps. Each takes a few kB. */
  modules: 64,
  /** Maximum number of modules sent with each task. Cloning a module copies only a reference. */
  modulesSent: 16,
  /** Maximum total size of the files of training runs, in bytes. */
  trainingBytes: 1_073_741_824,
  /** A shape gets native lanes after this processor time on WebAssembly, so that a run of a second compiles nothing. */
  nativeAfterMs: 4_000,
  /** Limits of the C compiler: processor time, and memory in KiB. */
  nativeCompileSeconds: 60,
  nativeCompileKb: 4_194_304,
  /** Maximum total size of the kept libraries of native lanes, in bytes. */
  nativeBytes: 268_435_456,
  /** Both engines compute about as many trials as WebAssembly computes in this time. Then the faster one is kept. */
  nativeTrialSeconds: 0.1,
  /** Native lanes are kept if they are this many times as fast. */
  nativeLeastGain: 1.03,
  /** After this number of batches, both engines compute some of the same trials again. */
  nativeCheckBatches: 1_000,
  /** Maximum number of kernel instances that a thread keeps. Each takes 0.2 MB plus a copy of its data. */
  kernels: 64,
  /**
   * Maximum total size of the data copied into the kernel instances of a thread, in bytes. The data of a single cell
   * may exceed this limit.
   */
  kernelDataBytes: 268_435_456,
  dataSets: 64,
  /**
   * Maximum total size of the data sets that the process keeps for its threads, in bytes. A single data set may exceed
   * this size.
   */
  dataBytes: 268_435_456,
  /** How long the database may be unreachable before a finished batch is given up and computed again. */
  patienceMs: 300_000,
  /** If jobs wait in the queue and none arrives for this long, the consumer is recreated. */
  watchdogMs: 20_000,
  /** If the consumer has been recreated this often without success, the worker reports that it is wedged. */
  rebuilds: 3,
})

/** The time limits and intervals, and the size of the heap: a caller can replace them, as tests do. */
export type WorkerLimits = Readonly<Record<Extract<keyof typeof settings, `${string}Ms`> | 'heapMb', number>>
