import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { parseUrl } from './connect.ts'
import { codeOf, messageOf } from './errors.ts'

/** The login of outside clients, created by the migration of the views. */
export const readerRole = 'driftfarm_reader'

/** A password of 144 random bits. */
export const newPassword = (): string => randomBytes(18).toString('base64url')

/** The URL of the same database with the login of the reader. */
export function readerUrl(url: string, password: string): string {
  const reader = new URL(parseUrl(url).connectionString)
  reader.username = readerRole
  reader.password = encodeURIComponent(password)
  return reader.href
}

/**
 * Sets up what the migration of the views cannot, because it belongs to the server and not to one database: the
 * reader's login and limits, and the withdrawal of rights that every login has by default. It does as much as our own
 * rights permit.
 */
export async function prepareReader(client: pg.Client, password?: string): Promise<void> {
  const statements = [
    `alter role ${readerRole} set statement_timeout = '60s'`,
    `alter role ${readerRole} set idle_in_transaction_session_timeout = '60s'`,
    `alter role ${readerRole} set default_transaction_read_only = on`,
    // Compiling a query for rows that are read from arrays takes longer than it saves.
    `alter role ${readerRole} set jit = off`,
    // Views joined with views are more tables than the planner looks at together by default: it would unfold the trials
    // of all cells before it looks for the ones that are asked for.
    `alter role ${readerRole} set join_collapse_limit = 14`,
    `alter role ${readerRole} set from_collapse_limit = 14`,
    `alter role ${readerRole} connection limit 20`,
    `do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
    `do $$ begin execute format('grant connect on database %I to ${readerRole}', current_database()); end $$`,
    // Anyone who may call these functions could create and fill large objects.
    'revoke execute on function lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) from public',
  ]
  if (password !== undefined)
    statements.push(`alter role ${readerRole} login password ${client.escapeLiteral(password)}`)
  for (const statement of statements) await attempt(client, statement)
}

/**
 * Runs a statement about roles. Roles belong to the whole server, so the migration of another database may be changing
 * the same role at this moment. The statement is then retried.
 */
async function attempt(client: pg.Client, statement: string, tries = 20): Promise<void> {
  try {
    await client.query(statement)
  } catch (error) {
    if (codeOf(error) === '42501') return // our rights do not permit it
    // 23505: both insert the first setting of the role.
    const isConcurrent = codeOf(error) === '23505' || messageOf(error).includes('tuple concurrently updated')
    if (tries === 0 || !isConcurrent) throw error
    await sleep(10)
    await attempt(client, statement, tries - 1)
  }
}
