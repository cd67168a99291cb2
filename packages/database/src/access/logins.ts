import type pg from 'pg'
import { withClient } from '../connection/connect.ts'
import type { Database } from '../connection/database.ts'
import { codeOf } from '../errors.ts'
import { newPassword, onThisDatabase } from '../schema/reader.ts'
import { AccessError } from './errors.ts'

/**
 * The database role from which logins inherit their rights. A migration creates this role. A worker may only lease,
 * commit and report. It can neither submit sweeps nor read recorded outcomes.
 */
const group = 'driftfarm_worker'

const names = /^[a-z0-9][a-z0-9_]{0,30}$/

/** Creates a login for a worker, with a password that cannot be shown again. Throws LOGIN_REFUSED. */
export async function createLogin(database: Database, given: string) {
  if (!names.test(given))
    throw new AccessError('LOGIN_REFUSED', `${JSON.stringify(given)} is not a valid name for a login`, {
      hint: 'use at most 31 lower-case letters, digits and underscores, and begin with a letter or digit',
    })
  const name = loginName(given)
  const password = newPassword()
  await database.transaction(async (client) => {
    await createRole(client, name, given)
    await client.query(`alter role ${name} login password ${client.escapeLiteral(password)}`)
    await client.query(`grant ${group} to ${name}`)
    await client.query(onThisDatabase(`grant connect on database %I to ${name}`))
  })
  return { name: given, password }
}

/**
 * Grants workers access to the queue on PostgreSQL. Call it after BullMQ has created or changed the tables of the
 * queue. Workers need to write to these tables, because taking a job moves it from one table to another.
 */
export async function grantQueue(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query(`select from pg_namespace where nspname = 'bullmq'`)
    if (rowCount === 0) return
    await client.query(`
      grant select, insert, update, delete on all tables in schema bullmq to ${group};
      grant usage on all sequences in schema bullmq to ${group};
      grant execute on all routines in schema bullmq to ${group};
      grant usage on schema bullmq to ${group}`)
  })
}

async function createRole(client: pg.PoolClient, name: string, given: string): Promise<void> {
  try {
    await client.query(`create role ${name}`)
  } catch (error) {
    if (codeOf(error) === '42710')
      throw new AccessError('LOGIN_REFUSED', `the login ${name} already exists`, {
        hint: `choose another name, or revoke the login: \`driftfarm access --revoke ${given}\``,
      })
    if (codeOf(error) !== '42501') throw error
    throw new AccessError('LOGIN_REFUSED', 'the login in DATABASE_URL has no permission to create roles', {
      hint: 'give this login the attribute `createrole`, or use the login that ran `driftfarm db migrate`',
      cause: error,
    })
  }
}

export async function listLogins({ pool }: Database): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select substr(m.rolname, length($1) + 2) as name
       from pg_auth_members a join pg_roles g on g.oid = a.roleid join pg_roles m on m.oid = a.member
      where g.rolname = $1 and starts_with(m.rolname, $1 || '_') order by 1`,
    [group],
  )
  return rows.map(({ name }) => name)
}

/** Removes a login permanently and terminates its connections. Throws LOGIN_NOT_FOUND. */
export async function revokeLogin(database: Database, name: string): Promise<void> {
  if (!(await listLogins(database)).includes(name)) throw new AccessError('LOGIN_NOT_FOUND', `no login ${name}`)
  const full = loginName(name)
  // Once the login is removed, PostgreSQL no longer knows which connections belonged to it. Therefore these connections
  // are terminated first.
  await database.pool.query(`alter role ${full} nologin`)
  // Without superuser rights, the current user must be a member of a role to terminate the connections of that role.
  // Dropping the role also ends the membership.
  await database.pool.query(`grant ${full} to current_user`)
  await database.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [full])
  await database.transaction(async (client) => {
    await client.query(onThisDatabase(`revoke connect on database %I from ${full}`))
    await client.query(`drop role ${full}`)
  })
}

/** The name of a login in the database. */
export const loginName = (name: string): string => `${group}_${name}`
