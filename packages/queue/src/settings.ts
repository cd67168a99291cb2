/** What may be otherwise: how long things take before something is done about them. Tests have less time. */
export type QueueLimits = Readonly<
  Record<
    | 'lockDurationMs'
    | 'stalledIntervalMs'
    | 'drainDelayS'
    | 'runRetryDelayMs'
    | 'againDelayMs'
    | 'silenceMs'
    | 'checkIdleMs'
    | 'operationTimeoutMs'
    | 'closeTimeoutMs',
    number
  >
>

/** Defaults of the queue, each with its reason. */
export const settings = Object.freeze({
  /** A worker that died holds its job no longer than this. Shorter, and a paused laptop loses its jobs too often. */
  lockDurationMs: 10_000,
  /** A job whose lock ran out is found within this, two looks apart: recovery in at most 15 s (promised: 20 s). */
  stalledIntervalMs: 5_000,
  /** The ledger counts attempts and decides what is poison; the queue gives up only on what loops beyond all reason. */
  maxStalledCount: 10,
  /** An idle consumer waits for a wake-up (BZPOPMIN, LISTEN) and looks for itself this often, should one be lost. */
  drainDelayS: 2,
  /** After a failed fetch. BullMQ's default is 15 s, longer than a restart of either server takes. */
  runRetryDelayMs: 500,
  /** addBulk is not atomic on Redis: what an interrupted one left behind stays small. */
  slice: 1_000,
  /** A batch whose handler threw comes back after this. */
  againDelayMs: 1_000,
  /**
   * A command was sent and for so long nothing came back: the connection is destroyed and made anew. Redis answers in
   * milliseconds or is not to be reached; PostgreSQL is asked first whether it is still at it.
   */
  silenceMs: 5_000,
  /** A connection that only LISTENs is asked something this often: silent, it would cost 2 s for each job. */
  checkIdleMs: 5_000,
  /** From then on the kernel asks by itself whether the other side is there, ten times, a second apart. */
  keepAliveMs: 10_000,
  /** Nothing that talks to a server takes longer; beyond it an operation fails with QUEUE_UNREACHABLE. */
  operationTimeoutMs: 10_000,
  /** After the handlers are done or given up: closing connections. */
  closeTimeoutMs: 3_000,
  /** Events are read by nobody; the stream only must not grow (BullMQ keeps 10,000). */
  events: 100,
  /** Schema of BullMQ's own tables in the database. */
  schema: 'bullmq',
  /** Connections of one producer to PostgreSQL: one works, one more while the first waits. */
  producerConnections: 2,
  /** Of one consumer: one LISTENs, claims and acknowledgements are on another, lock renewals never behind them. */
  consumerConnections: 3,
})
