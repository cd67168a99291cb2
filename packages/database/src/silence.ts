/**
 * The limits after which a connection counts as silent. Packets that vanish without FIN or RST (NAT, a firewall, a
 * machine that lost power) raise no error anywhere. Without these limits, the driver would wait forever.
 */
export interface SilenceLimits {
  /**
   * If a response is due and no byte has been sent or received for this time, the server is asked on another connection
   * whether it is still executing the statement. A fixed time limit would instead abort statements that are
   * merely slow.
   */
  readonly askAfterMs: number
  /**
   * If the server is not executing the statement, the response must arrive within this time. Otherwise the connection
   * is destroyed.
   */
  readonly graceMs: number
  /** Time limit that applies whatever the server reports; Infinity if a statement may take any time. */
  readonly answerMs: number
}

/**
 * With these values, a silent connection is dropped 6 s after the first statement on it, if the server answers at once
 * on the other connection.
 */
export const silenceLimits: SilenceLimits = Object.freeze({
  askAfterMs: 5_000,
  graceMs: 1_000,
  /** A little longer than the server's own limit, `statementMs`. */
  answerMs: 130_000,
})

/** The server aborts our statements after this time. */
export const statementMs = 120_000

/**
 * The error of a silent connection. Its code `ETIMEDOUT` makes it retryable, but only for idempotent work, since it is
 * unknown whether the statement took effect.
 */
export class SilentConnection extends Error {
  override readonly name = 'SilentConnection'
  readonly code = 'ETIMEDOUT'
}
