import type { Client } from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '../connection/connect.ts'
import { commentsOf } from './comments.ts'
import { migrationsTable } from './migrate.ts'
import { migrations } from './migrations.generated.ts'

/** The tables in the order in which they were created: each follows the tables that it references. */
const tables = `
select c.oid::regclass::text as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
  from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
 where c.relkind = 'r' and (c.relnamespace = 'farm'::regnamespace or c.relname = '_prisma_migrations')
   and c.relname not in ('leader', 'token', 'action', 'exact', 'upload') group by c.oid order by c.oid`

/**
 * Passes to `write` a consistent snapshot of the whole database as an SQL script, with all values exact bit for bit.
 * The embedded server does not include pg_dump. To load the script into an empty database:
 * psql -v ON_ERROR_STOP=1 -f dump.sql
 */
export function dumpDatabase(
  url: string,
  write: (dump: AsyncIterable<string | Buffer>) => Promise<void>,
): Promise<void> {
  return withClient(url, (client) => write(dumpOf(client)))
}

async function* dumpOf(client: Client): AsyncGenerator<string | Buffer> {
  await client.query('begin isolation level repeatable read read only')
  yield ['begin;', `${migrationsTable};`, ...migrations.flatMap(({ sql }) => [sql, commentsOf(sql)])].join('\n')
  const { rows: found } = await client.query<{ name: string; columns: string }>(tables)
  for (const { name: table, columns } of found) {
    // The migrations have already inserted a few rows into this table.
    if (table === 'farm.cells_column') yield `\ndelete from ${table};`
    yield `\ncopy ${table} (${columns}) from stdin;\n`
    yield* client.query(copyTo(`copy ${table} (${columns}) to stdout`))
    yield '\\.\n'
  }
  const next = ['failure', 'bundle', 'pending_update', 'cells_column'].map(
    (table) =>
      `select setval(pg_get_serial_sequence('farm.${table}', 'id'), coalesce(max(id), 0) + 1, false)
      from farm.${table};`,
  )
  yield `\n${next.join('\n')}\nselect farm.define_cells();\ncommit;\n`
  await client.query('commit')
}
