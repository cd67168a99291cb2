/**
 * Packets may vanish without an error: a firewall drops them, or a machine loses power and sends no FIN or RST. Without
 * these limits, the driver would wait forever.
 */
export interface SilenceLimits {
  /**
   * If a response is due and there was no traffic for this time, a query on another connection checks whether the
   * server is still executing the statement. A fixed time limit would instead abort slow statements.
   */
  readonly askAfterMs: number
  /**
   * If the server is not executing the statement and the response does not arrive within this time, the connection is
   * destroyed.
   */
  readonly graceMs: number
  /** Time limit that applies whatever the server reports; Infinity if a statement may take any time. */
  readonly answerMs: number
}

/** With these values, a silent connection is dropped after 6 s if the server answers the check at once. */
export const silenceLimits: SilenceLimits = Object.freeze({
  askAfterMs: 5_000,
  graceMs: 1_000,
  /** A little longer than the server's own limit, `statementMs`. */
  answerMs: 130_000,
})

/** The server aborts our statements after this time. */
export const statementMs = 120_000

/**
 * The code `ETIMEDOUT` makes this error retryable, but only for idempotent work, because the statement may have taken
 * effect.
 */
export class SilentConnection extends Error {
  override readonly name = 'SilentConnection'
  readonly code = 'ETIMEDOUT'
}
