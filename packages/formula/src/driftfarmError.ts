import { DriftfarmError } from './codedError.ts'

/** Codes of Node and PostgreSQL for servers that cannot be reached; our own error tables do not contain them. */
const unreachable = /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH|57P0[1-3]|53300|08\w{3}|28\w{3}|3D000)$/

// Words of PostgreSQL's driver, which gives them no code.
const brokenConnection = new RegExp(
  [
    'terminated unexpectedly',
    'Connection terminated',
    'connection timeout',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'client has encountered a connection error',
  ].join('|'),
  'i',
)

/** Whether an error without a code is that of a connection that broke. */
export const saysBroken = (message: string): boolean => brokenConnection.test(message)

/** What can be done about a server that does not answer. */
export const serverHint =
  'Check that the server runs and that its address (DATABASE_URL, or an access file) is right, then run again.'

/**
 * The error as one of ours. Those of Node, PostgreSQL or Redis keep their code and message, and are the `cause`; one
 * that has no code and is that of a broken connection is UNREACHABLE.
 */
export function driftfarmError(error: unknown): DriftfarmError {
  if (error instanceof DriftfarmError) return error
  if (!(error instanceof Error)) return new DriftfarmError('UNEXPECTED', String(error), { ends: 'unexpected' })
  const { code } = error as Error & { readonly code?: unknown }
  const lost = { hint: serverHint, cause: error }
  if (typeof code === 'string') {
    const message = error.message || code
    return unreachable.test(code)
      ? new DriftfarmError(code, message, { ends: 'unreachable' }, lost)
      : new DriftfarmError(code, message, { ends: 'unexpected' }, { cause: error })
  }
  return saysBroken(error.message)
    ? new DriftfarmError('UNREACHABLE', `The connection broke: ${error.message}`, { ends: 'unreachable' }, lost)
    : new DriftfarmError('UNEXPECTED', error.message || 'UNEXPECTED', { ends: 'unexpected' }, { cause: error })
}
