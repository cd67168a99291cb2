import type pg from 'pg'
import { LedgerError } from '../ledger/errors.ts'
import type { Columns } from '../ledger/rows.ts'

/** Who requested a change over HTTP. It is recorded in the same transaction as the change. */
export interface Actor {
  /** Name of the token; null if the request comes from the farm's own machine and the farm has no tokens. */
  readonly token: string | null
  /** Whether the request may change sweeps that another token has submitted. */
  readonly mayChangeAll: boolean
  /** Id of the request. */
  readonly request: string
}

export type ActionVerb = 'submit' | 'pause' | 'resume' | 'stop' | 'cancel' | 'retry' | 'extend' | 'describe' | 'remove'

interface Acted {
  readonly verb: ActionVerb
  readonly sweep: { readonly id: string; readonly name: string }
  readonly detail?: Readonly<Record<string, unknown>>
}

/** The SQL is hand-written, because Prisma would execute the statement outside the transaction of `client`. */
export async function noteAction(
  client: pg.PoolClient,
  by: Actor | undefined,
  { verb, sweep, detail = {} }: Acted,
): Promise<void> {
  if (by === undefined) return
  await client.query(
    `insert into farm.action (token, verb, sweep_id, sweep_name, detail, request) values ($1, $2, $3, $4, $5, $6)`,
    [by.token, verb, sweep.id, sweep.name, JSON.stringify(detail), by.request],
  )
}

/**
 * Throws SWEEP_OF_ANOTHER if `by` may not change the sweep. A change needs the token that first submitted the sweep, or
 * a token that may change all sweeps. A process with direct access to the database (`by` is undefined) needs no token.
 */
export function requireMayChange(by: Actor | undefined, { name, owner }: Columns<'Sweep', 'name' | 'owner'>): void {
  if (by === undefined || by.mayChangeAll || (by.token !== null && by.token === owner)) return
  throw new LedgerError(
    'SWEEP_OF_ANOTHER',
    `${name} was submitted ${owner === null ? 'without a token' : `with the token ${owner}`}, so the token ` +
      `${by.token} may not change it`,
  )
}
