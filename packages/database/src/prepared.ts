import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { WatchedClient } from './client.ts'
import { codeOf } from './errors.ts'
import type { Statement } from './turn.ts'

/** A statement that a connection parses and plans once: for those that run with each bundle. */
export interface Prepared {
  readonly name: string
  readonly text: string
}

/** Its name is made of its text: behind a pooler processes of several versions share what is prepared. */
export const prepared = (text: string): Prepared => ({
  name: `driftfarm_${createHash('sha256').update(text).digest('hex').slice(0, 16)}`,
  text,
})

/**
 * Settings of a transaction in which plans are kept. A plan lives as long as its session, also one that was made when a
 * table was empty and reading all of it was the cheapest; prepared statements all find their rows by keys. Where that
 * cannot be, a plan without it looks so dear that it would be compiled each time. One row at a time is found, most of
 * them once: bitmaps of their places, and memories of what was found, cost more than they spare.
 */
export const keptPlans = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  enable_memoize: 'off',
  jit: 'off',
} as const

/** Connections on which such a transaction is under way. */
export const planKeepers = new WeakSet<pg.ClientBase>()

/** Runs a prepared statement; where plans are not kept it is a statement like any other. */
export function run<Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: Prepared,
  values: readonly unknown[],
): Promise<pg.QueryResult<Row>> {
  return client.query<Row>({ ...nameOf(client, statement), values: [...values] })
}

/**
 * The same for a statement whose answer nobody needs: it is sent with the next one of the transaction, at the latest
 * with its commit.
 */
export function runAhead(client: pg.ClientBase, statement: Prepared, values: readonly unknown[] = []): void {
  ;(client as WatchedClient).ahead({ ...nameOf(client, statement), values })
}

const nameOf = (client: pg.ClientBase, { name, text }: Prepared): Pick<Statement, 'name' | 'text'> =>
  planKeepers.has(client) ? { name, text } : { text }

/**
 * Whether a pooler does not keep prepared statements (PgBouncer before 1.21, or `max_prepared_statements = 0`): the
 * server's connection does not know the statement, or knows it of somebody else. It had no effect.
 */
export const isNotKept = (error: unknown): boolean => ['26000', '42P05'].includes(codeOf(error) ?? '')
