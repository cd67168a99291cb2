import { finiteJson } from '@driftfarm/formula'
import type { Estimate } from '@driftfarm/statistics'
import type pg from 'pg'
import { prepared, runDeferred } from '../connection/prepared.ts'
import type { OpenDemand, Settled } from './settlement.ts'

export interface WidestInterval {
  readonly cell: number
  readonly relative: number
}

/** The estimate whose interval measures the progress of a sweep. */
export const leadingEstimate = ({ until, estimates }: Pick<OpenDemand['demand'], 'until' | 'estimates'>): string =>
  until?.rules[0]?.estimate ?? estimates?.[0] ?? 'escape'

/** A stored widest interval with the name of its estimate. */
export const worstOf = (
  widest: WidestInterval | null,
  demand: Parameters<typeof leadingEstimate>[0],
): (WidestInterval & { readonly estimate: string }) | null =>
  widest === null ? null : { ...widest, estimate: leadingEstimate(demand) }

/** The transaction must have locked the rows of the sweeps. The update is sent with the next statement. */
export function addToCounters(client: pg.PoolClient, settled: readonly Settled[]): void {
  const sums = new Map<string, Sum>()
  for (const each of settled) {
    const sum = sums.get(each.demand.sweep) ?? new Sum()
    sum.add(each)
    sums.set(each.demand.sweep, sum)
  }
  for (const [sweep, sum] of sums)
    runDeferred(client, addStatement, [sweep, finiteJson({ ...sum, steps: String(sum.steps) })])
}

const addStatement = prepared(`
  update farm.sweep s
     set open = s.open - u.done - u.failed, done = s.done + u.done, failed = s.failed + u.failed,
         trials = s.trials + u.trials, batches = s.batches + u.batches, events = s.events + u.events,
         steps = s.steps + u.steps, cpu_seconds = s.cpu_seconds + u."cpuSeconds", unmet = s.unmet + u.unmet,
         worst = case when (s.worst ->> 'cell')::int <> all(u.cells)
                       and (u.worst is null
                         or (s.worst ->> 'relative')::float8 >= (u.worst ->> 'relative')::float8) then s.worst
                      else u.worst end
    from json_to_record($2::json) u (done int, failed int, trials bigint, batches bigint, events bigint, steps numeric,
                                     "cpuSeconds" float8, unmet int, worst json, cells int[])
   where s.id = $1`)

class Sum {
  done = 0
  failed = 0
  trials = 0
  batches = 0
  events = 0
  steps = 0n
  cpuSeconds = 0
  unmet = 0
  worst: WidestInterval | null = null
  readonly cells: number[] = []

  add({ demand, settlement }: Settled): void {
    if (settlement.state === 'done') this.done++
    if (settlement.state === 'failed') this.failed++
    this.trials += settlement.trials - demand.trials
    this.batches += settlement.batches - demand.batches
    this.events += Number(settlement.tally?.escaped ?? 0) - Number(demand.tally?.escaped ?? 0)
    this.steps += BigInt(settlement.tally?.steps ?? 0) - BigInt(demand.tally?.steps ?? 0)
    this.cpuSeconds += settlement.cpuSeconds - demand.cpuSeconds
    const rule = settlement.state === 'done' ? settlement.stopped?.rule : null
    if (rule === 'max' || rule === 'budget') this.unmet++
    this.cells.push(demand.index)
    const relative = relativeHalfWidth(settlement.estimates?.[leadingEstimate(demand.demand)])
    if (relative !== null && !(relative <= (this.worst?.relative ?? -1))) this.worst = { cell: demand.index, relative }
  }
}

function relativeHalfWidth(estimate: Estimate | undefined): number | null {
  if (estimate === undefined || !(estimate.value > 0)) return null
  const relative = (estimate.high - estimate.low) / 2 / estimate.value
  return Number.isNaN(relative) ? null : relative
}

/** SQL: the values of `stopped.rule` for a cell that ended before its stopping rule was met. */
export const unmetRules = "'max', 'budget'"

export async function recount(client: pg.PoolClient, sweepId: string): Promise<void> {
  await client.query(
    `update farm.sweep s
        set open = d.open, done = d.done, failed = d.failed, trials = d.trials, batches = d.batches, events = d.events,
            steps = d.steps, cpu_seconds = d.cpu_seconds, unmet = d.unmet, worst = null
       from (select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'done') as done,
                    count(*) filter (where state = 'failed') as failed, coalesce(sum(trials), 0) as trials,
                    coalesce(sum(batches), 0) as batches, coalesce(sum((tally ->> 'escaped')::bigint), 0) as events,
                    coalesce(sum((tally ->> 'steps')::numeric), 0) as steps,
                    coalesce(sum(cpu_seconds), 0) as cpu_seconds,
                    count(*) filter (where stopped ->> 'rule' in (${unmetRules}) and state = 'done') as unmet
               from farm.request where sweep_id = $1) d
      where s.id = $1`,
    [sweepId],
  )
}
