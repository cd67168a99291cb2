import { type Demand, demandOf } from '@driftfarm/spec'
import type pg from 'pg'
import { methods } from './extended.ts'
import { firstTarget } from './planCells.ts'

/**
 * What was asked has changed, and results are exactly those of the new demand. Cells of which the same is asked stay as
 * they are. Where only more trials are, what is merged stays, and stays to be seen; else prefixes are merged anew. No
 * trial is lost.
 */
export async function resetDemands(client: pg.PoolClient, sweepId: string, was: Demand, demand: Demand): Promise<void> {
  const asked = methods
    .map((method) => [method, demandOf(was, method), demandOf(demand, method)] as const)
    // A tilt has no stop rule: where there is one, no cell is tilted.
    .filter(([, before, after]) => (after.trials !== null || after.until !== null) && !alike(before, after))
  const keeps = 'u.keeps and d.trials <= u.target'
  await client.query(
    `update farm.demand d set state = 'open', target = u.target, estimates = null, stopped = null,
       trials = case when ${keeps} then d.trials else 0 end, batches = case when ${keeps} then d.batches else 0 end,
       tally = case when ${keeps} then d.tally end, digest = case when ${keeps} then d.digest end,
       cpu_seconds = case when ${keeps} then d.cpu_seconds else 0 end
       from farm.cell c, unnest($2::text[], $3::bigint[], $4::boolean[]) u (method, target, keeps)
      where d.sweep_id = $1 and c.id = d.cell_id and u.method = c.method`,
    [
      sweepId,
      asked.map(([method]) => method),
      asked.map(([, , after]) => firstTarget(after)),
      asked.map(([, before, after]) => after.trials !== null && alike(ofTrials(before), ofTrials(after))),
    ],
  )
  await client.query('delete from farm.contrast where sweep_id = $1', [sweepId])
}

/** What a prefix must hold, beside its length. A stop rule must look at each check point again. */
function ofTrials({ record, horizons, rateAfter = 0, estimates, contrasts }: Demand) {
  return { record, horizons, rateAfter, estimates, contrasts }
}

/** JSON keeps the order of keys in neither. */
function alike(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b
  const [left, right] = [present(a), present(b)]
  return left.size === right.size && [...left].every(([key, value]) => right.has(key) && alike(value, right.get(key)))
}

const present = (value: object): ReadonlyMap<string, unknown> =>
  new Map(Object.entries(value).filter(([, each]) => each !== undefined))
