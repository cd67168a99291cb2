import { kindOf } from '@driftfarm/formula'
import type pg from 'pg'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { WatchedClient } from './client.ts'

export const connectionTimeoutMillis = 10_000

/** Runs `work` on a separate connection without a time limit for statements, because migrations and dumps are slow. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new WatchedClient({
    ...parseUrl(url),
    connectionTimeoutMillis,
    silence: { answerMs: Number.POSITIVE_INFINITY },
  })
  try {
    await client.connect()
  } catch (error) {
    throw unreachable(url, error)
  }
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** Throws a DatabaseError for a malformed URL, so that it is not reported as a failed connection. */
export function parseUrl(url: string): { connectionString: string } {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DatabaseError('URL', `Not the URL of a PostgreSQL database: ${withoutPassword(url)}`)
  }
  return { connectionString: url }
}

/**
 * Whether a connection pooler such as PgBouncer is in front of the server. When a connection opens, a pooler sends a
 * process id that is not the one of the server process. Behind a pooler, each transaction may use another server
 * connection, so LISTEN, session locks and settings do not work.
 */
export async function isPooled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  // pg stores the process id, but its types omit it.
  return (client as unknown as { processID: number | null }).processID !== rows[0]!.pid
}

export function unreachable(url: string, error: unknown): DatabaseError {
  const code = codeOf(error)
  const reason = messageOf(error) || (code ?? 'no answer')
  // Decodes the slashes in the path of a certificate file, so that the message is readable.
  const address = withoutPassword(url).replace(/%2F/gi, '/')
  const kind = kindOf(error)
  return new DatabaseError('UNREACHABLE', `Cannot connect to ${address}: ${reason}`, {
    cause: error,
    hint: kind?.hint,
    retryable: kind?.retryable,
  })
}

export const withoutPassword = (url: string): string =>
  url.replace(/(:\/\/[^:@/?]*):[^@]*@/, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***')
