import { type DriftfarmError, driftfarmError } from '@driftfarm/formula'
import type pg from 'pg'
import { WatchedClient } from '../connection/client.ts'
import { connectionTimeoutMillis, parseUrl, unreachable, withoutPassword } from '../connection/connect.ts'
import { fullError, isFull, isRetryable } from '../connection/retry.ts'
import { values } from '../connection/values.ts'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { cellsCalls, type Rewritten, rewritten } from './cellsCalls.ts'

export interface Column {
  readonly name: string
  /** The type as PostgreSQL prints it: bigint, double precision, jsonb, text[], ... */
  readonly type: string
}

const page = 1_000

/**
 * Runs one statement of a user in a read-only transaction. `url` must have the login of the reader, which cannot access
 * the farm's own tables. Setting a role would not be enough, because the statement itself could reset the role.
 *
 * The rows have their values in the order of the columns. They are fetched as the caller reads them. Reading to the end
 * or leaving the loop closes the query.
 */
export async function runReadOnly(url: string, sql: string) {
  const client = new WatchedClient({
    ...parseUrl(url),
    types: values,
    connectionTimeoutMillis,
    application_name: 'driftfarm sql',
  })
  await client.connect().catch((error: unknown) => {
    throw unreachable(url, error)
  })
  try {
    await requireReader(client, url)
    await client.query('begin read only')
    const first = await begin(client, await withTypedCells(client, sql.trim().replace(/(\s*;)+$/, '')))
    const columns = await columnsOf(client, first)
    return { columns, rows: rowsOf(client, first) }
  } catch (error) {
    await client.end().catch(() => {})
    throw queryError(error)
  }
}

type Page = pg.QueryArrayResult<unknown[]>

// The extended protocol accepts only a single statement. A cursor needs a query; statements that show settings or plans
// have short results and are run directly.
async function begin(client: pg.Client, { text, original }: Rewritten): Promise<Page> {
  if (text === '') throw new DatabaseError('QUERY', 'The statement is empty')
  if (/^(explain|show)\b/i.test(text)) return queryExtended(client, text, original)
  const cursor = 'declare result no scroll cursor for '
  await queryExtended(client, cursor + text, (at) => original(at - cursor.length))
  return fetch(client)
}

/** Rewrites the statement so that each call `cells('name')` has exactly the columns of the named sweep. */
async function withTypedCells(client: pg.Client, statement: string): Promise<Rewritten> {
  const calls = cellsCalls(statement)
  const texts: string[] = []
  for (const { sweep, start } of calls) {
    const { rows } = await queryExtended(client, `select public.cells_query(${sweep})`, () => start)
    const all = `select * from (${rows[0]![0]}) c limit 0`
    const columns = await columnsOf(client, await queryExtended(client, all, () => start))
    const names = columns.map(({ name }) => client.escapeLiteral(name)).join(', ')
    const types = columns.map(({ name, type }) => `${client.escapeIdentifier(name)} ${type}`).join(', ')
    // In `rows from`, the table has the function's name unless an alias follows.
    texts.push(`rows from (public.cells(${sweep}, array[${names}]) as (${types}))`)
  }
  return rewritten(statement, calls, texts)
}

const fetch = (client: pg.Client): Promise<Page> => queryExtended(client, `fetch ${page} from result`)

function queryExtended(client: pg.Client, text: string, original = (at: number) => at): Promise<Page> {
  const query = { text, rowMode: 'array', queryMode: 'extended' } as pg.QueryArrayConfig
  return client.query<unknown[]>(query).catch((error: unknown) => {
    throw queryError(error, original)
  })
}

async function* rowsOf(client: pg.Client, first: Page): AsyncGenerator<readonly unknown[]> {
  try {
    for (let current = first; ; current = await fetch(client)) {
      yield* current.rows
      if (current.command !== 'FETCH' || current.rows.length < page) return
    }
  } finally {
    await client.end().catch(() => {})
  }
}

async function columnsOf(client: pg.Client, { fields }: Page): Promise<Column[]> {
  const { rows } = await client.query<{ type: string }>(
    'select format_type(oid, null) as type from unnest($1::oid[]) with ordinality as t (oid, n) order by n',
    [fields.map(({ dataTypeID }) => dataTypeID)],
  )
  return fields.map(({ name }, i) => ({ name, type: rows[i]?.type ?? 'unknown' }))
}

async function requireReader(client: pg.Client, url: string): Promise<void> {
  const { rows } = await client.query<{ may: boolean }>(
    `select coalesce(bool_or(has_table_privilege(c.oid, 'select, insert, update, delete')), false) or
       (select rolsuper from pg_roles where rolname = current_user) as may
     from pg_class c where c.relnamespace = to_regnamespace('farm') and c.relkind = 'r'`,
  )
  if (rows[0]?.may === false) return
  throw new DatabaseError('READER', `The login of ${withoutPassword(url)} is allowed to do more than read the views`)
}

function queryError(error: unknown, original = (at: number) => at): DriftfarmError {
  const code = codeOf(error)
  const { position, hint } = error as { position?: string; hint?: string }
  const where = position === undefined ? '' : ` (at character ${original(Number(position) - 1) + 1})`
  if (code === '57014') {
    const slow = 'Filter by cell: `where cell = ...` reads the outcomes of one cell only.'
    return new DatabaseError('QUERY', 'The statement took longer than the limit of 60 s', { hint: slow, cause: error })
  }
  if (isFull(error)) return fullError(error)
  if (error instanceof DatabaseError || code === undefined) return driftfarmError(error)
  if (isRetryable(error)) return new DatabaseError('UNREACHABLE', messageOf(error), { cause: error })
  const own = code === '42702' ? ambiguous : hint
  return new DatabaseError('QUERY', messageOf(error) + where, { hint: own, cause: error })
}

const ambiguous =
  'Several tables have a column of this name. Write the name of the table before that of the column, such as ' +
  '`t.escape` after `from trial t`.'
