/**
 * When a connection counts as silent. Packets that vanish without FIN or RST (NAT, a firewall, a machine that lost
 * power) are an error for nobody: without this the driver waits for the answer for ever.
 */
export interface Silence {
  /**
   * An answer is owed, and for so long not a byte came or went: the server is asked on another connection whether it
   * still works on the statement. A fixed limit instead would end statements that are only slow, again and again.
   */
  readonly askAfterMs: number
  /** It does not, yet the answer may be under way for so long. Then the connection is destroyed. */
  readonly graceMs: number
  /** The limit whatever the server says; Infinity where a statement may take as long as it likes. */
  readonly answerMs: number
}

/**
 * With these a silent connection is given up 6 s after the first statement on it, a refused or lost reconnect apart.
 */
export const silence: Silence = Object.freeze({
  askAfterMs: 5_000,
  graceMs: 1_000,
  /** A little longer than the server's own limit, `statementMs`. */
  answerMs: 130_000,
})

/** The server ends a statement of ours after this. */
export const statementMs = 120_000

/** `ETIMEDOUT`, and so retryable: whether the statement had its effect is unknown. */
export class SilentConnection extends Error {
  override readonly name = 'SilentConnection'
  readonly code = 'ETIMEDOUT'
}
