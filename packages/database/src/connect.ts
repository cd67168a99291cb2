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

export function unreachable(url: string, error: unknown): DatabaseError {
  const code = codeOf(error)
  const reason = messageOf(error) || (code ?? 'no answer')
  return new DatabaseError('UNREACHABLE', `Cannot connect to ${withoutPassword(url)}: ${reason}`, { cause: error })
}

/** The URL without its password, for messages and logs. */
export const withoutPassword = (url: string): string =>
  url.replace(/(:\/\/[^:@/?]*):[^@]*@/, '$1:***@').replace(/([?&]password=)[^&]*/gi, '$1***')
