import type { Actor } from '../access/actions.ts'
import type { Columns, SweepModel } from '../rows.ts'
import { LedgerError } from './errors.ts'

/**
 * Throws SWEEP_OF_ANOTHER if `by` may not change the sweep. A change needs the token that first submitted the sweep, or
 * a token that may change all sweeps. A process with direct access to the database (`by` is undefined) needs no token.
 */
export function requireMayChange(by: Actor | undefined, { name, owner }: Columns<SweepModel, 'name' | 'owner'>): void {
  if (by === undefined || by.mayChangeAll || (by.token !== null && by.token === owner)) return
  throw new LedgerError(
    'SWEEP_OF_ANOTHER',
    `${name} was submitted ${owner === null ? 'without a token' : `with the token ${owner}`}, so the token ` +
      `${by.token} may not change it`,
  )
}
