import type { Writable } from 'node:stream'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '../connection/connect.ts'
import { migrationsTable } from './migrate.ts'
import { migrations } from './migrations.generated.ts'

/** Each table follows the tables that it references. */
const tables = [
  'public._prisma_migrations',
  'farm.sweep',
  'farm.data',
  'farm.data_part',
  'farm.cell',
  'farm.premises',
  'farm.request',
  'farm.contrast',
  'farm.batch',
  'farm.pending',
  'farm.bundle',
  'farm.pending_update',
  'farm.outcome',
  'farm.event_bits',
  'farm.worker',
  'farm.failure',
  'farm.cells_column',
] as const

/**
 * Writes a consistent snapshot of the whole database as an SQL script, with all values exact bit for bit. The embedded
 * server does not include pg_dump. To load the script into an empty database:
 * psql -v ON_ERROR_STOP=1 -f dump.sql
 */
export async function dumpDatabase(url: string, out: Writable): Promise<void> {
  await withClient(url, async (client) => {
    await client.query('begin isolation level repeatable read read only')
    await write(out, ['begin;', `${migrationsTable};`, ...migrations.map(({ sql }) => sql)].join('\n'))
    for (const table of tables) {
      const columns = await columnsOf(client, table)
      // The migrations have already inserted a few rows into this table.
      if (table === 'farm.cells_column') await write(out, `\ndelete from ${table};`)
      await write(out, `\ncopy ${table} (${columns}) from stdin;\n`)
      for await (const rows of client.query(copyTo(`copy ${table} (${columns}) to stdout`))) await write(out, rows)
      await write(out, '\\.\n')
    }
    const next = ['failure', 'bundle', 'pending_update', 'cells_column'].map(
      (table) =>
        `select setval(pg_get_serial_sequence('farm.${table}', 'id'), coalesce(max(id), 0) + 1, false)
      from farm.${table};`,
    )
    await write(out, `\n${next.join('\n')}\nselect farm.define_cells();\ncommit;\n`)
    await client.query('commit')
  })
}

async function columnsOf(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ' order by attnum) as columns from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped`,
    [table],
  )
  return rows[0]?.columns ?? ''
}

function write(out: Writable, text: string | Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    out.write(text, (error) => (error ? reject(error) : resolve()))
  })
}
