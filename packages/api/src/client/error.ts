import { codedError, DriftfarmError, driftfarmError, type Ending, endings, kindOf } from '@driftfarm/formula'
import type { ReportedError } from '@driftfarm/report'
import type { SpecFinding } from '@driftfarm/spec'

const endingOf = (status: number): Ending => {
  const known = (Object.keys(endings) as Ending[]).find((ending) => endings[ending].status === status)
  if (known !== undefined) return known
  if (status === 403) return 'notAuthorised'
  if (status === 429) return 'unreachable'
  return status >= 500 ? 'unexpected' : 'usage'
}

/** An error that the farm returned, with the same code, message and hint as on the farm. */
export class RemoteError extends DriftfarmError {
  override readonly name = 'RemoteError'
  override readonly path: string | null
  /** All mistakes of a spec; absent for other errors. */
  readonly errors?: readonly SpecFinding[]
  readonly mayBeMore?: boolean

  constructor({ code, message, hint, path, retryable, errors }: ReportedError, status: number) {
    super(code, message, { ends: endingOf(status), status, retryable }, { hint })
    this.path = path
    if (errors !== undefined) {
      this.errors = errors
      this.mayBeMore = errors.length >= 20
    }
  }
}

export class ServerAddressError extends codedError('ServerAddressError', {
  STRANGE_ANSWER: {
    ends: 'unreachable',
    retryable: false,
    hint: 'check DRIFTFARM_URL: it must be the address of a farm, without /api',
    means: 'The server at DRIFTFARM_URL is not a farm, but a proxy or another program.',
  },
  UNREACHABLE: {
    ends: 'unreachable',
    hint: 'start a farm there (`driftfarm up` or `driftfarm coordinator`), or set DRIFTFARM_URL to another address',
    means: 'No server answers at DRIFTFARM_URL.',
  },
  SILENT: {
    ends: 'unreachable',
    hint: 'try again: the connection may be cut, or the server or its database may hang',
    means: 'The farm at DRIFTFARM_URL accepted the connection, but then sent nothing for too long.',
  },
}) {}

export const unexpectedResponse = (url: string, status: number): ServerAddressError =>
  new ServerAddressError('STRANGE_ANSWER', `${url} answered with status ${status}, but it is not a Drift Farm server`)

export const silentServer = (url: string, ms: number): ServerAddressError =>
  new ServerAddressError('SILENT', `no data from ${url} for ${Math.floor(ms / 1000)} s`)

/** The error for a connection that failed, or that broke in the middle of an answer. */
export const unreachable = (url: string, thrown: unknown): ServerAddressError => {
  const cause = (thrown as Error).cause ?? thrown
  const kind = kindOf(cause)
  return new ServerAddressError(
    'UNREACHABLE',
    `no farm answers at ${url}: ${kind?.says ?? driftfarmError(cause).message}`,
    {
      cause: thrown,
      // Only the hint for TLS errors fits a farm; the hints for the other kinds of errors are about databases.
      hint: kind?.is === 'tls' ? kind.hint : undefined,
      retryable: kind?.retryable,
    },
  )
}
