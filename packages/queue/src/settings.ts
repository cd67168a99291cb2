/** Time limits that can be changed; tests use shorter ones. */
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
  /** How long a dead worker can hold its job. With a shorter time, a paused laptop would lose its jobs too often. */
  lockDurationMs: 10_000,
  /**
   * A job whose lock has expired is found within two of these intervals, at most 20 s after its worker died. The
   * leading coordinator notices missing heartbeats sooner, and dispatches the bundles again.
   */
  stalledIntervalMs: 5_000,
  /**
   * The ledger counts attempts and decides when a batch is given up; the queue itself gives up a job only if it stalls
   * far more often.
   */
  maxStalledCount: 10,
  /**
   * An idle consumer waits for a wake-up (BZPOPMIN, LISTEN). It also checks the queue this often, in case a wake-up is
   * lost.
   */
  drainDelayS: 2,
  /** Delay after a failed fetch. BullMQ's default of 15 s is longer than a restart of either server takes. */
  runRetryDelayMs: 500,
  /** Jobs added in one call: addBulk is not atomic on Redis, so an interruption affects at most this many. */
  slice: 1_000,
  /** Delay before a batch whose handler threw is delivered again. */
  againDelayMs: 1_000,
  /**
   * If no byte of a response arrives for this long after a command, the connection is destroyed and replaced. Redis
   * responds in milliseconds or not at all. PostgreSQL is first asked whether it is still executing the statement.
   */
  silenceMs: 5_000,
  /** A connection that only LISTENs is tested this often. While it is silent, each job is delayed by 2 s. */
  checkIdleMs: 5_000,
  /** After this idle time the operating system probes the connection, ten times at intervals of a second. */
  keepAliveMs: 10_000,
  /** Time limit of every operation with a server. An operation that takes longer fails with QUEUE_UNREACHABLE. */
  operationTimeoutMs: 10_000,
  /** Time limit for closing connections, after handlers have finished or been given up. */
  closeTimeoutMs: 3_000,
  /** Length of the event stream. It is never read and only has to be kept short (BullMQ's default is 10,000). */
  events: 100,
  /** Schema of BullMQ's own tables in the database. */
  schema: 'bullmq',
  /**
   * Default number of PostgreSQL connections of a factory. One LISTENs; the others add, claim and acknowledge jobs and
   * renew locks.
   */
  connections: 4,
  /** Smallest number of PostgreSQL connections. One is not enough, because one connection LISTENs. */
  minConnections: 2,
})
