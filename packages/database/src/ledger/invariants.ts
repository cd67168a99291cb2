import type pg from 'pg'
import type { Database } from '../database.ts'

/** Violations of the invariants, as sentences. All lists are empty if the sweep is intact. */
export interface Invariants {
  /** Complete: every demanded trial is accounted for, without gaps. */
  readonly I1: string[]
  /** Once: no trial counts twice. */
  readonly I2: string[]
  /** Nothing extra: no outcome lies outside the ledger of its cell. */
  readonly I4: string[]
}

/** Violations listed for each invariant: enough to act on. A damaged sweep of 10^6 cells must not fill the memory. */
const mostListed = 100

/** Cells looked at by one statement, which takes some tenths of a second. */
const cellsAtATime = 10_000

/** Looks at the cells of a sweep; `onCells` is called now and then with how many have been looked at. */
export function invariants(
  { pool }: Database,
  sweepId: string,
  onCells: (done: number) => void = () => undefined,
): Promise<Invariants> {
  return checkInvariants(pool, sweepId, onCells)
}

export async function checkInvariants(
  client: pg.Pool | pg.PoolClient,
  sweepId: string,
  onCells: (done: number) => void = () => undefined,
): Promise<Invariants> {
  const { rows: sizes } = await client.query<{ cells: number }>(
    'select coalesce(max(index) + 1, 0) as cells from farm.demand where sweep_id = $1',
    [sweepId],
  )
  const cells = sizes[0]?.cells ?? 0
  const found = { I1: [], I2: [], I4: [] } as Record<keyof Invariants, string[]>
  for (let from = 0; from < cells; from += cellsAtATime) {
    for (const [name, statement] of Object.entries(statements) as [keyof Invariants, string][]) {
      const left = mostListed - found[name].length
      if (left === 0) continue
      const values = [sweepId, from, from + cellsAtATime, left]
      const { rows } = await client.query<{ violation: string }>(`${statement} limit $4`, values)
      found[name].push(...rows.map(({ violation }) => violation))
    }
    onCells(Math.min(cells, from + cellsAtATime))
  }
  return found
}

/** SQL: the demands of a page. `offset 0` makes the planner look into each cell by itself, whatever it knows. */
const page = `(select * from farm.demand d where d.sweep_id = $1 and d.index >= $2 and d.index < $3
                order by d.index offset 0) d`

/** SQL: the batches of demand d's cell that are done. */
const batches = `(select * from farm.batch b where b.cell_id = d.cell_id offset 0) b`

/** SQL: the sizes of the arrays of outcomes o; a column that is the same in all of them has one element. */
const longest = ['ends', 'exits', 'settled', 'classes', 'escaped_at', 'converged_at', 'steps', 'loss', 'distance']
  .map((column) => `cardinality(o.${column})`)
  .join(', ')

const statements: Readonly<Record<keyof Invariants, string>> = {
  // A batch that is being computed again (for a cut or richer rows) still counts.
  I1: `
  select case
           when d.state = 'failed' then format('cell %s: trials from %s on failed', d.index, d.trials)
           when d.state = 'open' then format('cell %s: %s of %s trials are done', d.index, d.trials, d.target)
           else format('cell %s: the ledger accounts for %s of its %s trials', d.index, coalesce(b.trials, 0), d.trials)
         end as violation
    from ${page}
    join farm.sweep s on s.id = $1
    cross join lateral (select c.method from farm.cell c where c.id = d.cell_id limit 1) c
    cross join lateral (
      select coalesce(
               case when c.method = 'splitting' then s.demand ->> 'replicas' end,
               s.demand ->> 'trials')::bigint as trials) demanded
    cross join lateral (
      select sum(b.count)::bigint as trials, max(b.first + b.count) as until, min(b.first) as since
        from ${batches} where b.first < d.trials) b
   where d.state <> 'done' or b.trials is distinct from d.trials or b.until is distinct from d.trials or b.since <> 0
      or demanded.trials <> d.trials or (d.tally ->> 'trials')::bigint is distinct from d.trials
   order by d.index`,
  I2: `
  select format('cell %s: trials %s to %s stand in two batches', d.index, b.following, b.first + b.count - 1)
           as violation
    from ${page}
    cross join lateral (
      select b.first, b.count, lead(b.first) over (order by b.first) as following from ${batches}) b
   where b.following < b.first + b.count
   union all
  select format('cell %s: the batch at %s has %s trials and tallies %s',
                d.index, b.first, b.count, b.tally ->> 'trials')
    from ${page} cross join lateral ${batches}
   where (b.tally ->> 'trials')::bigint is distinct from b.count
   union all
  select format('cell %s: trials %s to %s are handed out and lie in a batch that is done', d.index, p.first,
                p.first + p.count - 1)
    from ${page} cross join lateral (
      select p.first, p.count from farm.pending p where p.cell_id = d.cell_id and not p.again
         and exists (select from farm.batch b where b.cell_id = p.cell_id
                        and b.first < p.first + p.count and b.first + b.count > p.first) offset 0) p`,
  I4: `
  select format('cell %s: outcomes at %s without a batch that is done', d.index, o.first) as violation
    from ${page}
    cross join lateral (
      select o.first from farm.outcome o where o.cell_id = d.cell_id
         and not exists (select from farm.batch b where b.cell_id = o.cell_id and b.first = o.first) offset 0) o
   union all
  select format('cell %s: outcomes at %s outside their batch of %s trials', d.index, o.first, o.count)
    from ${page}
    cross join lateral (
      select o.first, b.count from farm.outcome o
        cross join lateral (
          select b.count from farm.batch b where b.cell_id = o.cell_id and b.first = o.first limit 1) b
       where o.cell_id = d.cell_id
         and (greatest(${longest}) > coalesce(cardinality(o.offsets), b.count) or cardinality(o.offsets) > b.count
           or o.offsets[1] < 0 or o.offsets[cardinality(o.offsets)] >= b.count) offset 0) o
   union all
  select format('cell %s: the batch at %s lies beyond trial %s, up to which batches were handed out',
                d.index, b.following, b.until)
    from ${page}
    cross join lateral (
      select b.first, b.first + b.count as until, lead(b.first) over (order by b.first) as following
        from (select first, count from ${batches}
               union all
              select p.first, p.count from farm.pending p where p.cell_id = d.cell_id and not p.again) b) b
   where b.following > b.until`,
}
