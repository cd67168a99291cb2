import { DriftfarmError } from './codedError.ts'

/** Codes of Node and PostgreSQL for servers that cannot be reached; our own error tables do not contain them. */
const unreachable = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|57P0[1-3]|53300|08\w{3}|28\w{3}|3D000)$/

/**
 * The error as one of ours. Those of Node, PostgreSQL or Redis keep their code and message, and are the `cause`.
 */
export function driftfarmError(error: unknown): DriftfarmError {
  if (error instanceof DriftfarmError) return error
  if (!(error instanceof Error)) return new DriftfarmError('UNEXPECTED', String(error), { ends: 'unexpected' })
  const { code } = error as Error & { readonly code?: unknown }
  const word = typeof code === 'string' ? code : 'UNEXPECTED'
  const ends = unreachable.test(word) ? 'unreachable' : 'unexpected'
  return new DriftfarmError(word, error.message || word, { ends }, { cause: error })
}
