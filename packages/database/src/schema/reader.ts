import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { parseUrl } from '../connection/connect.ts'
import { codeOf, messageOf } from '../errors.ts'
import { readerRole } from './roles.ts'

/** The server ends statements and idle transactions of this login after this time. */
export const readerLimit = '60s'

/** A statement that needs the name of the current database, written as `%I`. */
export const onThisDatabase = (statement: string): string =>
  `do $$ begin execute format('${statement}', current_database()); end $$`

export const newPassword = (): string => randomBytes(18).toString('base64url')

/** The URL of the same database with the read-only login. */
export function readerUrl(url: string, password: string): string {
  const reader = new URL(parseUrl(url).connectionString)
  reader.username = readerRole
  reader.password = encodeURIComponent(password)
  return reader.href
}

/**
 * Sets up the read-only login with its limits, and revokes rights that every login has by default. The migration of the
 * views cannot do this, because these settings concern the server and not one database. Skips statements that the
 * current login is not allowed to run.
 */
export async function prepareReader(client: pg.Client, password?: string): Promise<void> {
  const statements = [
    `alter role ${readerRole} set statement_timeout = '${readerLimit}'`,
    `alter role ${readerRole} set idle_in_transaction_session_timeout = '${readerLimit}'`,
    `alter role ${readerRole} set default_transaction_read_only = on`,
    // JIT compilation of a query whose rows come from arrays takes more time than it saves.
    `alter role ${readerRole} set jit = off`,
    // A join of views has more tables than this limit allows by default. With the default, the planner would unnest the
    // trials of all cells before it selects the requested cells.
    `alter role ${readerRole} set join_collapse_limit = 14`,
    `alter role ${readerRole} set from_collapse_limit = 14`,
    `alter role ${readerRole} connection limit 20`,
    onThisDatabase('revoke temporary on database %I from public'),
    onThisDatabase(`grant connect on database %I to ${readerRole}`),
    // Anyone who may call these functions could create and fill large objects.
    'revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public',
  ]
  if (password !== undefined)
    statements.push(`alter role ${readerRole} login password ${client.escapeLiteral(password)}`)
  for (const statement of statements) await attempt(client, statement)
}

/**
 * Runs a statement about roles, and retries it after a conflict. Roles belong to the whole server, so the migration of
 * another database may be changing the same role at the same time.
 */
async function attempt(client: pg.Client, statement: string, tries = 20): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    if (codeOf(error) === '42501') return // our rights do not permit it
    // 23505: two sessions insert the first setting of the role at the same time.
    const isConcurrent = codeOf(error) === '23505' || messageOf(error).includes('tuple concurrently updated')
    if (tries === 0 || !isConcurrent) throw error
    await sleep(10)
    await attempt(client, statement, tries - 1)
  }
}
