export const settings = Object.freeze({
  /** How long a dead worker can hold its job. With a shorter time, a paused laptop would lose its jobs too often. */
  lockDurationMs: 10_000,
  /**
   * Interval of the search for jobs whose lock has expired. When a worker dies, the lock of its job expires within
   * 10 s. The job is found at most two intervals later, which is at most 20 s after the worker died.
   */
  stalledIntervalMs: 5_000,
  /**
   * Number of times a job may stall before the queue itself gives up on it. The number is high, because the ledger
   * counts attempts and decides when to give up a batch.
   */
  maxStalledCount: 10,
  /**
   * How long an idle consumer waits for a wake-up (BZPOPMIN, LISTEN). Then it checks the queue, in case a wake-up was
   * lost.
   */
  drainDelayS: 2,
  /** Delay after a failed fetch. BullMQ's default of 15 s is longer than a restart of Redis or PostgreSQL takes. */
  runRetryDelayMs: 500,
  /** Maximum number of jobs added in one call. On Redis, an interrupted `addBulk` may have added some of its jobs. */
  slice: 1_000,
  /** Delay before a job is delivered again, after its handler threw. */
  againDelayMs: 1_000,
  /**
   * If no byte of a response arrives for this long after a command, the connection is destroyed and replaced. Redis
   * responds in milliseconds or not at all. PostgreSQL is first asked whether it is still executing the statement.
   */
  silenceMs: 5_000,
  /**
   * Time between two tests of a connection that only LISTENs. While the connection does not respond, wake-ups are
   * lost, so a job may wait up to `drainDelayS`.
   */
  checkIdleMs: 5_000,
  /** After this idle time, the operating system probes a connection ten times, once a second. */
  keepAliveMs: 10_000,
  /** Time limit of every operation on Redis or PostgreSQL. A longer operation fails with QUEUE_UNREACHABLE. */
  operationTimeoutMs: 10_000,
  /** Time limit for closing connections, after handlers have finished or run out of time. */
  closeTimeoutMs: 3_000,
  /** Maximum length of the event stream. It is short, since the stream is never read (BullMQ's default is 10,000). */
  events: 100,
  schema: 'bullmq',
  connections: 4,
  /** Minimum for a queue on PostgreSQL: one connection only LISTENs, so all other work needs a second one. */
  minConnections: 2,
})

/** The durations of `settings`, which tests can shorten. */
export type QueueLimits = Readonly<Record<Extract<keyof typeof settings, `${string}Ms`> | 'drainDelayS', number>>
