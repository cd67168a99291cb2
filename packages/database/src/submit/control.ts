import {
  type ControlVerb,
  type Demand,
  hintAfter,
  isEnded,
  type SweepState,
  specTextWithOptions,
  statesBefore,
  sweepVerbs,
} from '@driftfarm/spec'
import type pg from 'pg'
import { type Actor, noteAction, requireMayChange } from '../access/actions.ts'
import type { Database } from '../connection/database.ts'
import { liveRequestsFrom, requestsOf } from '../ledger/conditions.ts'
import { recount } from '../ledger/counters.ts'
import { collectData } from '../ledger/data.ts'
import { LedgerError } from '../ledger/errors.ts'
import { deleteLostPremises } from '../ledger/premises.ts'
import type { Columns } from '../ledger/rows.ts'
import { resetRequests } from './resetRequests.ts'

const advisoryLockKey = 620_261_124

/**
 * Serialises submissions and removals until the end of the transaction. Without this lock, two transactions that lock
 * the same cells in different orders would deadlock, and a cell could be removed while another sweep starts to use it.
 * The lock ends with the transaction, so a frozen process loses the lock as soon as the server ends the transaction.
 */
export async function serialiseSubmissions(client: pg.PoolClient): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [advisoryLockKey])
}

/**
 * Applies a user's verb (such as pause or cancel) to a sweep, as the table of states defines it. Throws SWEEP_STATE if
 * the state does not allow it.
 */
export async function control(database: Database, sweepId: string, verb: ControlVerb, by?: Actor): Promise<void> {
  await database.transaction(
    async (client) => {
      const { name, state } = await lockSweep(client, sweepId, by)
      const { to, reason } = sweepVerbs[verb]
      const next = to[state]
      if (next === undefined)
        throw new LedgerError('SWEEP_STATE', `cannot ${verb} ${name}: it is ${state}`, hintAfter(verb, state))
      // A sweep may be incomplete although no batch failed, because a step other than a batch failed. In this case,
      // `retry` repeats that step.
      if (verb === 'retry' && !(await retryFailed(client, sweepId)) && state !== 'incomplete')
        throw new LedgerError(
          'SWEEP_STATE',
          `${name} has no failed batches`,
          'Run it again to continue with the remaining trials.',
        )
      await noteAction(client, by, { verb, sweep: { id: sweepId, name } })
      if (state === next) return
      // If the coordinator made no scheduling pass during the pause, it does not know that batches were parked. With a
      // new submission number, the coordinator treats the sweep as new.
      await client.query(
        `update farm.sweep set state = $2, reason = $3, finished_at = case when $4 then now() end,
           submission = submission + $5::int where id = $1`,
        [sweepId, next, reason, isEnded(next), verb === 'resume' ? 1 : 0],
      )
      if (verb === 'cancel') await withdraw(client, sweepId)
    },
    { retry: true },
  )
}

/**
 * Marks a sweep as interrupted because its `run` has died or was asked to stop. Ended sweeps are not changed. If
 * `runner` is given, sweeps that another process runs are not changed either.
 */
export async function interruptSweep(
  database: Database,
  sweepId: string,
  reason: string,
  runner?: string,
): Promise<void> {
  const { sweep } = await database.prisma()
  await sweep.updateMany({
    where: {
      id: sweepId,
      state: { in: [...statesBefore('interrupt')] },
      ...(runner === undefined ? {} : { runner }),
    },
    data: { state: 'interrupted', reason },
  })
}

export async function lockSweep(client: pg.PoolClient, sweepId: string, by: Actor | undefined) {
  const { rows } = await client.query<
    Columns<'Sweep', 'name' | 'owner' | 'state' | 'demand', { state: SweepState; demand: Demand }>
  >('select name, owner, state, demand from farm.sweep where id = $1 for no key update', [sweepId])
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  requireMayChange(by, rows[0])
  return rows[0]
}

async function retryFailed(client: pg.PoolClient, sweepId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update farm.pending p set state = 'ready', failures = 0, vanished = 0, generation = generation + 1
      where p.state = 'failed'
        and exists (select from ${requestsOf('$1', 'p.cell_id')})`,
    [sweepId],
  )
  await client.query(`update farm.request set state = 'open' where sweep_id = $1 and state = 'failed'`, [sweepId])
  await recount(client, sweepId)
  return (rowCount ?? 0) > 0
}

/**
 * Removes the batches of a sweep from their bundles, except those that another live sweep needs. Workers notice that
 * they no longer hold the lease of such a batch, and stop computing it.
 */
async function withdraw(client: pg.PoolClient, sweepId: string): Promise<void> {
  await client.query(
    `with held as (
       select u.id, u.leases from farm.bundle u
        where exists (select from farm.pending p
                       where p.bundle = u.id
                         and exists (select from ${requestsOf('$1', 'p.cell_id')}))
          for update of u)
     update farm.pending p
        set state = 'parked', bundle = null, generation = p.generation + 1, attempts = p.attempts + held.leases
       from held
      where p.bundle = held.id
        and exists (select from ${requestsOf('$1', 'p.cell_id')})
        and not exists (select from ${liveRequestsFrom('p.cell_id', 'p.first')} and s.id <> $1)`,
    [sweepId],
  )
  await client.query('delete from farm.bundle u where not exists (select from farm.pending p where p.bundle = u.id)')
}

/**
 * Raises the request of a sweep to `trials` trials per cell. The farm takes over the sweep, because its `run` process
 * may have ended.
 */
export async function extendSweep(database: Database, sweepId: string, trials: number, by?: Actor): Promise<void> {
  await database.transaction(
    async (client) => {
      const { name, demand } = await lockSweep(client, sweepId, by)
      if (demand.trials === null)
        throw new LedgerError(
          'SWEEP_STATE',
          `${name} has a stopping rule, not a number of trials`,
          demand.until?.threshold === undefined
            ? 'Raise `max` under `until` in the spec, and run the spec again.'
            : 'Raise `trials` in the spec (the largest number of trials at one point of the search), and run the ' +
                'spec again.',
        )
      if (demand.trials > trials)
        throw new LedgerError(
          'SWEEP_STATE',
          `${name} already has ${demand.trials} trials per cell, more than ${trials}`,
          'To see the results of fewer trials, run the spec with `--trials N`.',
        )
      await noteAction(client, by, { verb: 'extend', sweep: { id: sweepId, name }, detail: { trials } })
      if (demand.trials === trials) return
      const next: Demand = { ...demand, trials }
      const { rows } = await client.query<{ spec: string }>('select spec from farm.sweep where id = $1', [sweepId])
      await client.query(
        `update farm.sweep set demand = $2, state = 'planned', reason = null, runner = null,
           finished_at = null, spec = $3, submission = submission + 1 where id = $1`,
        [sweepId, JSON.stringify(next), specTextWithOptions(rows[0]!.spec, { trials })],
      )
      await resetRequests(client, sweepId, demand, next)
      await deleteLostPremises(client, sweepId)
      // The sum of the targets may differ from `trials` times the number of cells, because cells with replicas have
      // their own targets.
      await client.query(
        `update farm.sweep set max_trials = (select sum(d.target::numeric) from farm.request d where d.sweep_id = $1)
          where id = $1`,
        [sweepId],
      )
    },
    { retry: true },
  )
}

/**
 * Removes a sweep, with the cells that no other sweep contains, all their trials, and the data sets that no other cell
 * uses. A later commit of a removed batch does nothing.
 */
export async function removeSweep(database: Database, sweepId: string, by?: Actor) {
  const remove = async (client: pg.PoolClient) => {
    await serialiseSubmissions(client)
    const { name } = await lockSweep(client, sweepId, by)
    await client.query('delete from farm.contrast where sweep_id = $1', [sweepId])
    const { rows } = await client.query<{ cell_id: string }>(
      `with held as (delete from farm.request where sweep_id = $1 returning cell_id)
       select distinct h.cell_id from held h where not exists
         (select from farm.request d where d.cell_id = h.cell_id and d.sweep_id <> $1)`,
      [sweepId],
    )
    const lone = rows.map(({ cell_id }) => cell_id)
    const data = await removeCells(client, lone)
    await collectData(client, data)
    await client.query('delete from farm.bundle u where not exists (select from farm.pending p where p.bundle = u.id)')
    await client.query('delete from farm.sweep where id = $1', [sweepId])
    await noteAction(client, by, { verb: 'remove', sweep: { id: sweepId, name }, detail: { cells: lone.length } })
    return { cells: lone.length }
  }
  // Conflicts are retried, because workers and the coordinator lock the deleted rows in different orders. Other errors
  // are not retried, because the removal may have succeeded, and a retry would then report that there is no such sweep.
  return database.transaction(remove, { retry: 'conflicts' })
}

/**
 * An SQL condition: row t belongs to one of the cells in $1. For a condition in this form, PostgreSQL uses an index,
 * whatever statistics the planner has.
 */
const among = (table: string, column: string): string =>
  `t.ctid = any(array(select x.tid from unnest($1::text[]) u (id) cross join lateral (
     select x.ctid as tid from farm.${table} x where x.${column} = u.id offset 0) x))`

/**
 * Returns the hashes of the data sets that the cells used. Locks the pending rows first. If another transaction holds
 * one of these rows, the lock waits until that transaction ends, so the deletions see everything that it has written. A
 * transaction that tries to lock the rows after the deletions finds none.
 */
async function removeCells(client: pg.PoolClient, cells: readonly string[]): Promise<string[]> {
  await client.query(
    `select from unnest($1::text[]) u (id) cross join lateral (
       select from farm.pending p where p.cell_id = u.id order by p.first for update) p`,
    [cells.toSorted()],
  )
  for (const table of ['pending', 'batch', 'outcome', 'event_bits', 'premises', 'failure', 'exact'])
    await client.query(`delete from farm.${table} t where ${among(table, 'cell_id')}`, [cells])
  const { rows } = await client.query<Columns<'Data', 'hash'>>(
    `with gone as (delete from farm.cell t where ${among('cell', 'id')} returning data_hash, test_hash, start_hash)
     select distinct hash from gone, unnest(array[data_hash, test_hash, start_hash]) hash where hash is not null`,
    [cells],
  )
  return rows.map(({ hash }) => hash)
}
