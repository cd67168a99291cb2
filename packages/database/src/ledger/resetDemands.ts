import { type Demand, demandOf } from '@driftfarm/spec'
import type pg from 'pg'
import { firstTarget } from './planCells.ts'

/** What was asked has changed: prefixes are merged anew, so that results are exactly those of the new demand. No trial is lost. */
export async function resetDemands(client: pg.PoolClient, sweepId: string, demand: Demand): Promise<void> {
  const replicas = demandOf(demand, 'splitting').trials
  await client.query(
    `update farm.demand d set state = 'open', target = case when c.method = 'splitting' then $3::bigint else $2::bigint end, trials = 0, batches = 0,
       tally = null, digest = null, cpu_seconds = 0, estimates = null, stopped = null
       from farm.cell c where d.sweep_id = $1 and c.id = d.cell_id`,
    [sweepId, firstTarget(demand), replicas],
  )
  await client.query('delete from farm.contrast where sweep_id = $1', [sweepId])
}
