import { createHash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { isPooled, withClient, withoutPassword } from '../connection/connect.ts'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { commentsOf } from './comments.ts'
import { migrations } from './migrations.generated.ts'
import { prepareReader } from './reader.ts'

// Prisma's own migrate command is not shipped. This module applies Prisma's migration files and uses Prisma's table of
// migrations.

/** `behind`: some of our migrations are not applied. `ahead`: migrations that we do not know are applied. */
export type MigrationState = 'current' | 'behind' | 'ahead'

/** Prisma's own migrate command locks the same key, so it never runs at the same time as this module. */
const advisoryLockKey = 72707369
const lockTimeoutMs = 60_000

interface Applied {
  readonly migration_name: string
  readonly checksum: string
}

export async function migrationState(url: string): Promise<MigrationState> {
  return withClient(url, async (client) => stateOf(await readApplied(client)))
}

/**
 * Applies the missing migrations under an advisory lock, each in a transaction. They are recorded in Prisma's own
 * table, so that Prisma's tools know them. If `readerPassword` is given, also sets up the read-only login. Returns the
 * names of the applied migrations.
 */
export async function migrate(url: string, options: { readerPassword?: string } = {}): Promise<string[]> {
  return withClient(url, async (client) => {
    await requireVersion(client)
    if (await isPooled(client))
      throw new DatabaseError(
        'POOLED',
        `${withoutPassword(url)} leads to a connection pooler, which may change the session between transactions; ` +
          'a migration needs one session',
      )
    await client.query(`set lock_timeout = ${lockTimeoutMs}`)
    await client.query('select pg_advisory_lock($1)', [advisoryLockKey])
    await client.query('set lock_timeout = 0')
    await client.query(migrationsTable)
    const applied = await readApplied(client)
    if (stateOf(applied) === 'ahead') {
      throw new DatabaseError(
        'MIGRATION_AHEAD',
        'The database has migrations that this version of driftfarm does not have',
      )
    }
    const done = new Set(applied.map(({ migration_name }) => migration_name))
    const missing = migrations.filter(({ name }) => !done.has(name))
    for (const { name, sql } of missing) await apply(client, name, sql)
    if (missing.length > 0 || options.readerPassword !== undefined) await prepareReader(client, options.readerPassword)
    return missing.map(({ name }) => name)
  })
}

async function apply(client: pg.Client, name: string, sql: string): Promise<void> {
  try {
    await client.query('begin')
    await client.query(`${sql}\n${commentsOf(sql)}`)
    await client.query(
      `insert into public._prisma_migrations
         (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       values ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksumOf(sql), name],
    )
    await client.query('commit')
  } catch (cause) {
    await client.query('rollback').catch(() => {})
    throw new DatabaseError('MIGRATION_FAILED', `Migration ${name} failed: ${messageOf(cause)}`, { cause })
  }
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  try {
    const { rows } = await client.query<Applied>(
      'select migration_name, checksum from public._prisma_migrations where finished_at is not null and ' +
        'rolled_back_at is null',
    )
    return rows
  } catch (error) {
    if (codeOf(error) === '42P01') return []
    throw error
  }
}

function stateOf(applied: readonly Applied[]): MigrationState {
  const ours = new Map(migrations.map(({ name, sql }) => [name, checksumOf(sql)]))
  for (const { migration_name: name, checksum } of applied) {
    const expected = ours.get(name)
    if (expected === undefined) return 'ahead'
    if (expected !== checksum) {
      throw new DatabaseError(
        'MIGRATION_EDITED',
        `Migration ${name} in the database differs from the same migration in this version of driftfarm`,
      )
    }
  }
  return applied.length < migrations.length ? 'behind' : 'current'
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ server_version_num: string; server_version: string }>(
    `select current_setting('server_version_num') as server_version_num,
      current_setting('server_version') as server_version`,
  )
  if (Number(rows[0]?.server_version_num) >= 150_000) return
  throw new DatabaseError('SERVER_VERSION', `The server is PostgreSQL ${rows[0]?.server_version}`)
}

const checksumOf = (sql: string): string => createHash('sha256').update(sql).digest('hex')

// The table as Prisma's schema engine creates it.
export const migrationsTable = `create table if not exists public._prisma_migrations (
  id                  varchar(36) primary key not null,
  checksum            varchar(64) not null,
  finished_at         timestamptz,
  migration_name      varchar(255) not null,
  logs                text,
  rolled_back_at      timestamptz,
  started_at          timestamptz not null default now(),
  applied_steps_count integer not null default 0
)`
