import { isDeepStrictEqual } from 'node:util'
import { type Demand, demandOf, type Method } from '@driftfarm/spec'
import { firstPlaces } from '@driftfarm/statistics'
import type pg from 'pg'
import { fieldsOf } from '../connection/values.ts'
import { recount } from '../ledger/counters.ts'
import { chosenAfterInterimLook, endCriterionOf, methods } from './endCriterion.ts'
import { initialTarget } from './planCells.ts'

/**
 * Adapts the cells of a sweep to a new request, so that results are exactly those of the new request. Cells whose
 * request is unchanged keep their state. If the only change is a larger number of trials, the merged prefix is kept and
 * stays visible. Otherwise prefixes are merged again from the stored batches. No trial is lost.
 */
export async function resetRequests(
  client: pg.PoolClient,
  sweepId: string,
  was: Demand,
  demand: Demand,
): Promise<void> {
  const changes = methods.flatMap((method) => {
    const [before, after] = [demandOf(was, method), demandOf(demand, method)]
    // For splitting, `trials` and `until` are both null if the sweep has a stopping rule and no `replicas`. Such a
    // sweep has no splitting cells, so there is nothing to adapt.
    if ((after.trials === null && after.until === null) || deepEqual(before, after)) return []
    // With a stopping rule, prefixes are always merged again, because the rule must be checked at each check point.
    const keeps = after.trials !== null && deepEqual(prefixRequirements(before), prefixRequirements(after))
    const until = after.until === null ? null : JSON.stringify(after.until)
    const endsAlike = hasSameEndCriterion(method, was, demand)
    return [{ method, target: initialTarget(after), keeps, trials: after.trials, until, endsAlike }]
  })
  const keeps = 'u.keeps and d.trials <= u.target'
  await client.query(
    `update farm.request d set state = 'open', target = u.target, estimates = null, checks = null, numbers = null,
       stopped = null,
       trials = case when ${keeps} then d.trials else 0 end, batches = case when ${keeps} then d.batches else 0 end,
       tally = case when ${keeps} then d.tally end, digest = case when ${keeps} then d.digest end,
       cpu_seconds = case when ${keeps} then d.cpu_seconds else 0 end,
       extended = case when u.ends_alike then d.extended
                       else ${chosenAfterInterimLook({ cell: 'd.cell_id', ending: 'u', sweep: 's' })} end
       from farm.cell c, farm.sweep s,
            unnest($2::text[], $3::bigint[], $4::boolean[], $5::bigint[], $6::jsonb[], $7::boolean[])
              u (method, target, keeps, trials, until, ends_alike)
      where d.sweep_id = $1 and c.id = d.cell_id and u.method = c.method and s.id = $1`,
    [sweepId, ...fieldsOf(changes, 'method', 'target', 'keeps', 'trials', 'until', 'endsAlike')],
  )
  if (demand.until?.threshold !== undefined)
    await client.query(`update farm.request set target = 0 where sweep_id = $1 and index % $2 <> all($3::int[])`, [
      sweepId,
      demand.until.threshold.points,
      firstPlaces(demand.until.threshold),
    ])
  await client.query('delete from farm.contrast where sweep_id = $1', [sweepId])
  await recount(client, sweepId)
}

export const hasSameEndCriterion = (method: Method['kind'], was: Demand, demand: Demand): boolean =>
  deepEqual(endCriterionOf(was, method), endCriterionOf(demand, method))

/**
 * Calls `replan`, then restores `extended` of each cell whose number of trials or stopping rule has not changed.
 * `extended` says whether that number or rule was chosen after an interim look.
 */
export async function replanKeepingChoices(
  client: pg.PoolClient,
  sweepId: string,
  [was, demand]: readonly [was: Demand, demand: Demand],
  replan: () => Promise<unknown>,
): Promise<void> {
  await client.query(
    `create temp table chosen on commit drop as
     select d.cell_id, bool_or(d.extended) as extended from farm.request d where d.sweep_id = $1 group by d.cell_id`,
    [sweepId],
  )
  await replan()
  await client.query(
    `update farm.request d set extended = w.extended
       from chosen w, farm.cell c
      where d.sweep_id = $1 and w.cell_id = d.cell_id and c.id = d.cell_id and c.method = any($2)
        and w.extended <> d.extended`,
    [sweepId, methods.filter((method) => hasSameEndCriterion(method, was, demand))],
  )
}

/** The parts of a request that determine what a prefix contains, without those that determine its number of trials. */
function prefixRequirements({ record, horizons, rateAfter = 0, estimates, contrasts, observe }: Demand) {
  return { record, horizons, rateAfter, estimates, contrasts, observe }
}

/** As JSON, in which a field that is absent equals one that is undefined. The order of keys does not matter. */
const deepEqual = (a: object, b: object): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)))
