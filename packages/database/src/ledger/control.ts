import {
  type ControlVerb,
  type Demand,
  hintAfter,
  isEnded,
  type SweepState,
  statesBefore,
  sweepVerbs,
} from '@driftfarm/spec'
import type pg from 'pg'
import type { Database } from '../database.ts'
import type { Columns, SweepModel } from '../rows.ts'
import { collectData } from './data.ts'
import { driven, wants } from './driven.ts'
import { LedgerError } from './errors.ts'
import { extendedBy, type Looked, lookedAt } from './extended.ts'
import { oneAtATime } from './holdings.ts'
import { resetDemands } from './resetDemands.ts'

/**
 * Applies a user's verb to a sweep, as the table of a sweep's life defines it. Throws SWEEP_STATE where the state does
 * not allow it.
 */
export async function control(database: Database, sweepId: string, verb: ControlVerb): Promise<void> {
  await database.transaction(
    async (client) => {
      const { name, state } = await lockSweep(client, sweepId)
      const { to, reason } = sweepVerbs[verb]
      const next = to[state]
      if (next === undefined)
        throw new LedgerError('SWEEP_STATE', `${name} is ${state}: nothing to ${verb}`, hintAfter(verb, state))
      // An incomplete sweep may have no failed batch. What ended it is then tried again.
      if (verb === 'retry' && !(await retryFailed(client, sweepId)) && state !== 'incomplete')
        throw new LedgerError('SWEEP_STATE', `${name} has no failed batches`, 'Run it again to go on with the rest.')
      if (state === next) return
      await client.query(
        `update farm.sweep set state = $2, reason = $3, finished_at = case when $4 then now() end where id = $1`,
        [sweepId, next, reason, isEnded(next)],
      )
      if (verb === 'cancel') await withdraw(client, sweepId)
    },
    { retry: true },
  )
}

/**
 * Marks a sweep as interrupted, because its `run` is gone or was told to end; running it again goes on with it. Sweeps
 * that have ended are not changed.
 */
export async function interruptSweep(database: Database, sweepId: string, reason: string): Promise<void> {
  const { sweep } = await database.prisma()
  await sweep.updateMany({
    where: { id: sweepId, state: { in: [...statesBefore('interrupt')] } },
    data: { state: 'interrupted', reason },
  })
}

async function lockSweep(client: pg.PoolClient, sweepId: string) {
  const { rows } = await client.query<Columns<SweepModel, 'name' | 'state', { state: SweepState }> & Looked>(
    `select s.name, s.state, s.demand, s.extended, ${lookedAt('s')} as looked from farm.sweep s
      where s.id = $1 for no key update of s`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

async function retryFailed(client: pg.PoolClient, sweepId: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `update farm.batch set state = 'ready', failures = 0, vanished = 0, generation = generation + 1, fed_at = null
      where state = 'failed' and cell_id in (select cell_id from farm.demand where sweep_id = $1)`,
    [sweepId],
  )
  await client.query(`update farm.demand set state = 'open' where sweep_id = $1 and state = 'failed'`, [sweepId])
  return (rowCount ?? 0) > 0
}

/**
 * Takes back the running batches that no other live sweep wants. Workers see that the lease is no longer theirs and
 * stop computing.
 */
async function withdraw(client: pg.PoolClient, sweepId: string): Promise<void> {
  await client.query(
    `update farm.batch b set state = 'ready', generation = generation + 1, fed_at = null, worker_id = null
      where b.state = 'leased' and b.cell_id in (select cell_id from farm.demand where sweep_id = $1)
        and not exists (select from farm.demand d join farm.sweep s on s.id = d.sweep_id
                         where d.cell_id = b.cell_id and s.id <> $1
                           and ${driven('s')} and ${wants('d', 's', 'b.first')})`,
    [sweepId],
  )
}

/**
 * Raises the demand of a sweep to `trials` a cell. The farm's leader takes the sweep over, since there may be no `run`
 * that attends to it.
 */
export async function extendSweep(database: Database, sweepId: string, trials: number): Promise<void> {
  await database.transaction(
    async (client) => {
      const known = await lockSweep(client, sweepId)
      const { name, demand } = known
      if (demand.trials === null)
        throw new LedgerError(
          'SWEEP_STATE',
          `${name} ends by a stop rule`,
          'Raise `max` of its `until` and run it again.',
        )
      if (demand.trials === trials) return
      if (demand.trials > trials)
        throw new LedgerError(
          'SWEEP_STATE',
          `${name} has ${demand.trials} trials a cell; ${trials} are fewer`,
          'Run it with --trials to show fewer.',
        )
      const next: Demand = { ...demand, trials }
      await client.query(
        `update farm.sweep set demand = $2, state = 'planned', reason = null, runner = null,
           finished_at = null, extended = $3, submission = submission + 1 where id = $1`,
        [sweepId, JSON.stringify(next), extendedBy(known, next)],
      )
      await resetDemands(client, sweepId, demand, next)
      // Replicas have a number of their own, so the sum is taken over the targets.
      await client.query(
        `update farm.sweep set max_trials = (select sum(d.target::numeric) from farm.demand d where d.sweep_id = $1)
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
export async function removeSweep(database: Database, sweepId: string): Promise<{ readonly cells: number }> {
  return database.transaction(async (client) => {
    await oneAtATime(client)
    await lockSweep(client, sweepId)
    // The name then stands for the newest of the other sweeps with this name.
    await client.query(
      `update farm.sweep_name n set sweep_id = o.id
         from (select distinct on (name) name, id from farm.sweep where id <> $1 order by name, submitted_at desc) o
        where n.sweep_id = $1 and o.name = n.name`,
      [sweepId],
    )
    const { rows } = await client.query<{ cells: number; data: readonly string[] }>(
      `with held as (delete from farm.demand where sweep_id = $1 returning cell_id),
            lone as (select distinct cell_id from held where not exists
                      (select from farm.demand d where d.cell_id = held.cell_id and d.sweep_id <> $1)),
            failures as (delete from farm.failure f using lone where f.cell_id = lone.cell_id),
            gone as (delete from farm.cell c using lone where c.id = lone.cell_id returning c.data_hash)
       select count(*)::int as cells,
              coalesce(array_agg(distinct data_hash) filter (where data_hash is not null), '{}') as data
         from gone`,
      [sweepId],
    )
    await collectData(client, rows[0]?.data ?? [])
    await client.query('delete from farm.sweep where id = $1', [sweepId])
    return { cells: rows[0]?.cells ?? 0 }
  })
}
