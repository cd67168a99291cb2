import type pg from 'pg'

/** What was asked has changed: prefixes are merged anew, so that results are exactly those of the new demand. No trial is lost. */
export async function resetDemands(client: pg.PoolClient, sweepId: string, target: number): Promise<void> {
  await client.query(
    `update farm.demand set state = 'open', target = $2, trials = 0, batches = 0, tally = null, digest = null, cpu_seconds = 0,
       estimates = null, stopped = null where sweep_id = $1`,
    [sweepId, target],
  )
  await client.query('delete from farm.contrast where sweep_id = $1', [sweepId])
}
