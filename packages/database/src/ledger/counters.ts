import { finiteJson, groupedBy } from '@driftfarm/formula'
import type { Demand } from '@driftfarm/spec'
import { type Estimate, halfWidth, isPrecise, preciseAbsolute, preciseHalfWidth } from '@driftfarm/statistics'
import type pg from 'pg'
import { prepared, runDeferred } from '../connection/prepared.ts'
import type { Columns } from './rows.ts'
import type { OpenDemand, Settled } from './settlement.ts'

interface WidestInterval {
  readonly cell: number
  readonly relative: number
}

/** The finished cell with the widest finite interval: of several, the first. */
interface Widest {
  readonly cell: number
  readonly half: number
}

/** The estimate whose interval measures the progress of a sweep. */
export const leadingEstimate = ({ until, estimates }: Pick<OpenDemand['demand'], 'until' | 'estimates'>): string =>
  until?.rules[0]?.estimate ?? estimates?.[0] ?? 'escape'

export interface Measured
  extends Columns<
    'Sweep',
    'measured' | 'precise' | 'widest' | 'worst' | 'demand',
    { widest: Widest | null; worst: WidestInterval | null; demand: Demand }
  > {}

/**
 * Converts the counters of precision of a sweep for a document. `precision` is that of the finished cells; it is absent
 * before the first cell has finished.
 */
export function withPrecision<Row extends Measured>({ measured, precise, widest, worst, demand, ...rest }: Row) {
  const named = <Interval>(of: Interval | null) => of && { ...of, estimate: leadingEstimate(demand) }
  const precision = measured === 0 ? {} : { precision: { finished: measured, precise, widest: named(widest) } }
  return { ...rest, ...precision, worst: named(worst) }
}

/** The transaction must have locked the rows of the sweeps. The update is sent with the next statement. */
export function addToCounters(client: pg.PoolClient, settled: readonly Settled[]): void {
  for (const [sweep, some] of groupedBy(settled, ({ demand }) => demand.sweep)) {
    const sum = new Sum()
    for (const each of some) sum.add(each)
    runDeferred(client, addStatement, [sweep, finiteJson({ ...sum, steps: String(sum.steps) })])
  }
}

const addStatement = prepared(`
  update farm.sweep s
     set open = s.open - u.done - u.failed, done = s.done + u.done, failed = s.failed + u.failed,
         trials = s.trials + u.trials, batches = s.batches + u.batches, events = s.events + u.events,
         steps = s.steps + u.steps, cpu_seconds = s.cpu_seconds + u."cpuSeconds", unmet = s.unmet + u.unmet,
         worst = case when (s.worst ->> 'cell')::int <> all(u.cells)
                       and (u.worst is null
                         or (s.worst ->> 'relative')::float8 >= (u.worst ->> 'relative')::float8) then s.worst
                      else u.worst end,
         measured = s.measured + u.measured, precise = s.precise + u.precise,
         widest = case when u.widest is null or ((s.widest ->> 'half')::float8, -(s.widest ->> 'cell')::int)
                                                 >= ((u.widest ->> 'half')::float8, -(u.widest ->> 'cell')::int)
                       then s.widest else u.widest end
    from json_to_record($2::json) u (done int, failed int, trials bigint, batches bigint, events bigint, steps numeric,
                                     "cpuSeconds" float8, unmet int, worst json, cells int[],
                                     measured int, precise int, widest json)
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
  measured = 0
  precise = 0
  widest: Widest | null = null
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
    const name = leadingEstimate(demand.demand)
    const estimate = settlement.estimates?.[name]
    if (settlement.state === 'done' && estimate !== undefined) this.#measure(name, estimate, demand.index)
    const relative = relativeHalfWidth(estimate)
    if (relative !== null && !(relative <= (this.worst?.relative ?? -1))) this.worst = { cell: demand.index, relative }
  }

  /** A finished cell does not change any more, so it is counted once. */
  #measure(name: string, estimate: Estimate, cell: number): void {
    this.measured++
    if (isPrecise(name, estimate)) this.precise++
    const half = halfWidth(estimate)
    const { half: most, cell: first } = this.widest ?? { half: -1, cell: 0 }
    if (Number.isFinite(half) && (half > most || (half === most && cell < first))) this.widest = { cell, half }
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
  const { rows } = await client.query<{ demand: OpenDemand['demand'] }>('select demand from farm.sweep where id = $1', [
    sweepId,
  ])
  const estimate = leadingEstimate(rows[0]!.demand)
  await client.query(
    `update farm.sweep s
        set open = d.open, done = d.done, failed = d.failed, trials = d.trials, batches = d.batches, events = d.events,
            steps = d.steps, cpu_seconds = d.cpu_seconds, unmet = d.unmet, worst = null,
            measured = d.measured, precise = d.precise, widest = d.widest
       from (select count(*) filter (where state = 'open') as open, count(*) filter (where state = 'done') as done,
                    count(*) filter (where state = 'failed') as failed, coalesce(sum(trials), 0) as trials,
                    coalesce(sum(batches), 0) as batches, coalesce(sum((tally ->> 'escaped')::bigint), 0) as events,
                    coalesce(sum((tally ->> 'steps')::numeric), 0) as steps,
                    coalesce(sum(cpu_seconds), 0) as cpu_seconds,
                    count(*) filter (where stopped ->> 'rule' in (${unmetRules}) and state = 'done') as unmet,
                    count(e.half) as measured,
                    count(*) filter (where e.half <= greatest($3::float8, $4 * abs(e.value))) as precise,
                    (array_agg(json_build_object('cell', index, 'half', e.half) order by e.half desc, index)
                      filter (where e.half < 'Infinity'))[1] as widest
               from farm.request
               left join lateral (
                 select (x.e ->> 'value')::float8 as value,
                        ((x.e ->> 'high')::float8 - (x.e ->> 'low')::float8) / 2 as half
                   from (select estimates -> $2 as e) x) e on state = 'done'
              where sweep_id = $1) d
      where s.id = $1`,
    [sweepId, estimate, preciseAbsolute(estimate), preciseHalfWidth.relative],
  )
}

/** The cell with the widest interval relative to its estimate; null if no estimate is above 0. */
export async function widestIntervalNow(
  client: pg.Pool | pg.PoolClient,
  sweepId: string,
  estimate: string,
): Promise<WidestInterval | null> {
  const { rows } = await client.query<WidestInterval>(
    `select index as cell, ((e ->> 'high')::float8 - (e ->> 'low')::float8) / 2 / (e ->> 'value')::float8 as relative
       from farm.request cross join lateral (select estimates -> $2 as e) x
      where sweep_id = $1 and (e ->> 'value')::float8 > 0
      order by relative desc limit 1`,
    [sweepId, estimate],
  )
  return rows[0] ?? null
}
