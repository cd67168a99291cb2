import { createHash } from 'node:crypto'
import type pg from 'pg'
import { codeOf } from '../errors.ts'
import type { WatchedClient } from './client.ts'
import type { Statement } from './statementBatch.ts'

/**
 * A prepared statement, which a connection parses and plans only once. Statements that run with each bundle are
 * prepared.
 */
export interface Prepared {
  readonly name: string
  readonly text: string
}

/**
 * Makes a prepared statement. Its name is a hash of its text: behind a pooler, processes of different versions share
 * prepared statements, so different texts need different names.
 */
export function prepared(text: string): Prepared {
  const name = () => `driftfarm_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  const statement = statements.get(text) ?? { name: name(), text }
  statements.set(text, statement)
  return statement
}

/** Statements by their text, so that a text that is made for each call is hashed only once. */
export const statements = new Map<string, Prepared>()

/**
 * Settings of a transaction with prepared statements. A plan lives as long as its session, even if it was made when a
 * table was empty and a sequential scan was cheapest. With these settings, plans find rows by key whenever possible. An
 * unavoidable sequential scan gets such a high estimated cost that PostgreSQL would compile the plan (JIT) at every
 * execution, so JIT is off. Rows are looked up one by one, and mostly only once, so bitmap scans and memoization cost
 * more than they save.
 */
export const preparedPlanSettings = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_memoize: 'off',
  jit: 'off',
} as const

/** Connections on which a transaction with prepared statements is in progress. */
export const clientsKeepingPlans = new WeakSet<pg.ClientBase>()

/** Outside a transaction with prepared statements, the statement runs as an ordinary statement. */
export function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: Prepared,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  return client.query<Row>({ ...nameOf(client, statement), values: [...values] })
}

/**
 * Runs a prepared statement whose result is not needed. It is sent together with the next statement of the
 * transaction, which may be the commit.
 */
export function runDeferred(client: pg.ClientBase, statement: Prepared, values: readonly unknown[] = []): void {
  ;(client as WatchedClient).ahead({ ...nameOf(client, statement), values })
}

const nameOf = (client: pg.ClientBase, { name, text }: Prepared): Pick<Statement, 'name' | 'text'> =>
  clientsKeepingPlans.has(client) ? { name, text } : { text }

/**
 * Whether an error shows that a pooler does not support prepared statements (PgBouncer before 1.21, or
 * `max_prepared_statements = 0`). Through such a pooler, a statement may reach a server connection that does not know
 * its name, or that has already stored the name for another client. The server refuses such a statement, so the
 * statement had no effect.
 */
export const isPreparedStatementMissing = (error: unknown): boolean => ['26000', '42P05'].includes(codeOf(error) ?? '')
