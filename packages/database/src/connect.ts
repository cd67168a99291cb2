import { kindOf } from '@driftfarm/formula'
import type pg from 'pg'
import { WatchedClient } from './client.ts'
import { codeOf, DatabaseError, messageOf } from './errors.ts'

const connectionTimeoutMillis = 10_000

/** Runs `work` on a connection of its own. It may take as long as the server works on it: a migration, a dump. */
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

/** Checks the form of a URL, so that a mistake in it is reported as such. Throws a DatabaseError. */
export function parseUrl(url: string): { connectionString: string } {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new DatabaseError('URL', `Not the URL of a PostgreSQL database: ${withoutPassword(url)}`)
  }
  return { connectionString: url }
}

/**
 * Whether there is a connection pooler between us and the server (PgBouncer and its like): the server's process is
 * another than the one that was named to us when we connected. Behind it a session may have another server connection
 * for each transaction, so nothing that belongs to a session works: LISTEN, session locks, settings.
 */
export async function isPooled(client: pg.ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  // pg keeps it, and its types omit it.
  return (client as unknown as { processID: number | null }).processID !== rows[0]!.pid
}

export function unreachable(url: string, error: unknown): DatabaseError {
  const code = codeOf(error)
  const reason = messageOf(error) || (code ?? 'no answer')
  // The path of a certificate's file stays readable.
  const address = withoutPassword(url).replace(/%2F/gi, '/')
  const kind = kindOf(error)
  return new DatabaseError('UNREACHABLE', `Cannot connect to ${address}: ${reason}`, {
    cause: error,
    hint: kind?.hint,
    retryable: kind?.retryable,
  })
}

/** Whether a connection failed by its encryption: the server has none, or its certificate is not to be trusted. */
export const concernsTls = (error: unknown): boolean => kindOf(error)?.is === 'tls'

/** The URL without its password, for messages and logs. */
export const withoutPassword = (url: string): string =>
  url.replace(/(:\/\/[^:@/?]*):[^@]*@/, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***')
