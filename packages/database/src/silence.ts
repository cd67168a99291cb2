/**
 * When a connection counts as silent. Packets that vanish without FIN or RST (NAT, a firewall, a machine that lost
 * power) raise no error anywhere: without these limits the driver would wait for ever.
 */
export interface Silence {
  /**
   * If an answer is due and no byte came or went for this time, the server is asked on another connection whether it is
   * still working on the statement. A fixed time limit would instead end every statement that is merely slow.
   */
  readonly askAfterMs: number
  /**
   * If the server is not working on the statement, the answer may still be under way for this time. Then the connection
   * is destroyed.
   */
  readonly graceMs: number
  /** The limit whatever the server says; Infinity where a statement may take as long as it likes. */
  readonly answerMs: number
}

/**
 * With these values a silent connection is given up 6 s after the first statement on it, not counting a refused or lost
 * reconnection.
 */
export const silence: Silence = Object.freeze({
  askAfterMs: 5_000,
  graceMs: 1_000,
  /** A little longer than the server's own limit, `statementMs`. */
  answerMs: 130_000,
})

/** The server aborts our statements after this time. */
export const statementMs = 120_000

/**
 * The error of a silent connection. Its code `ETIMEDOUT` makes it retryable: it is unknown whether the statement took
 * effect.
 */
export class SilentConnection extends Error {
  override readonly name = 'SilentConnection'
  readonly code = 'ETIMEDOUT'
}
