import { codedError, DriftfarmError, driftfarmError, type Ending, endings, kindOf } from '@driftfarm/formula'
import type { ReportedError } from '@driftfarm/report'
import type { SpecFinding } from '@driftfarm/spec'

/** How a request ended that was refused: by the status, the finer ones included. */
const endingOf = (status: number): Ending => {
  const known = (Object.keys(endings) as Ending[]).find((ending) => endings[ending].status === status)
  if (known !== undefined) return known
  if (status === 403) return 'notAuthorised'
  if (status === 429) return 'unreachable'
  return status >= 500 ? 'unexpected' : 'usage'
}

/** An error that the farm has answered: the same code, message and way out as it had there. */
export class RemoteError extends DriftfarmError {
  override readonly name = 'RemoteError'
  override readonly path: string | null
  /** All mistakes of a spec; absent where there is no list. */
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

/** No farm is at the address. */
export class PlaceError extends codedError({
  STRANGE_ANSWER: {
    ends: 'unreachable',
    retryable: false,
    hint: 'check DRIFTFARM_URL: it names the address at which a farm is served, without /api',
  },
  UNREACHABLE: {
    ends: 'unreachable',
    hint: 'start it there (driftfarm up, or driftfarm coordinator), or name another by DRIFTFARM_URL',
  },
  SILENT: { ends: 'unreachable', hint: 'the connection may be cut, or the server or its database frozen: try again' },
}) {}

/** The error of an answer that is none of ours: of a proxy, or of another server. */
export const strangeAnswer = (url: string, status: number): PlaceError =>
  new PlaceError('STRANGE_ANSWER', `${url} answers ${status}, and not as Drift Farm does`)

/** The server, or the network on the way to it, has said nothing for so long. */
export const silent = (url: string, ms: number): PlaceError =>
  new PlaceError('SILENT', `nothing has come from ${url} for ${Math.floor(ms / 1000)} s`)

/** No connection, or one that broke in the middle of an answer. */
export const unreachable = (url: string, thrown: unknown): PlaceError => {
  const cause = (thrown as Error).cause ?? thrown
  const kind = kindOf(cause)
  return new PlaceError('UNREACHABLE', `no farm answers at ${url}: ${kind?.says ?? driftfarmError(cause).message}`, {
    cause: thrown,
    // The others of these hints are about databases.
    hint: kind?.is === 'tls' ? kind.hint : undefined,
    retryable: kind?.retryable,
  })
}
