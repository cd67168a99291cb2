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

export function invariants({ pool }: Database, sweepId: string): Promise<Invariants> {
  return checkInvariants(pool, sweepId)
}

export async function checkInvariants(client: pg.Pool | pg.PoolClient, sweepId: string): Promise<Invariants> {
  const list = async (statement: string): Promise<string[]> => {
    const { rows } = await client.query<{ violation: string }>(`${statement} limit ${mostListed}`, [sweepId])
    return rows.map(({ violation }) => violation)
  }
  return { I1: await list(complete), I2: await list(once), I4: await list(nothingExtra) }
}

// A batch that is being computed again (for a cut or richer rows) keeps its digest, so it still counts.
const complete = `
  select case
           when d.state = 'failed' then format('cell %s: trials from %s on failed', d.index, d.trials)
           when d.state = 'open' then format('cell %s: %s of %s trials are done', d.index, d.trials, d.target)
           else format('cell %s: the ledger accounts for %s of its %s trials', d.index, coalesce(b.trials, 0), d.trials)
         end as violation
    from farm.demand d
    join farm.sweep s on s.id = d.sweep_id
    join farm.cell c on c.id = d.cell_id
    cross join lateral (
      select coalesce(
               case when c.method = 'splitting' then s.demand ->> 'replicas' end,
               s.demand ->> 'trials')::bigint as trials) demanded
    left join lateral (
      select sum(b.count)::bigint as trials, max(b.first + b.count) as until, min(b.first) as since from farm.batch b
       where b.cell_id = d.cell_id and b.first < d.trials and b.digest is not null) b on true
   where d.sweep_id = $1
     and (d.state <> 'done' or b.trials is distinct from d.trials or b.until is distinct from d.trials or b.since <> 0
       or demanded.trials <> d.trials or (d.tally ->> 'trials')::bigint is distinct from d.trials)
   order by d.index`

const once = `
  select format('cell %s: trials %s to %s stand in two batches',
                d.index, b.following, b.first + b.count - 1) as violation
    from farm.demand d
    cross join lateral (
      select b.first, b.count, lead(b.first) over (order by b.first) as following
        from farm.batch b where b.cell_id = d.cell_id) b
   where d.sweep_id = $1 and b.following < b.first + b.count
   union all
  select format('cell %s: the batch at %s has %s trials and tallies %s',
                d.index, b.first, b.count, b.tally ->> 'trials')
    from farm.demand d join farm.batch b on b.cell_id = d.cell_id
   where d.sweep_id = $1 and b.digest is not null and (b.tally ->> 'trials')::bigint is distinct from b.count`

const nothingExtra = `
  select format('cell %s: the batch at %s lies beyond trial %s, up to which batches were handed out',
                d.index, b.first, c.next) as violation
    from farm.demand d join farm.cell c on c.id = d.cell_id join farm.batch b on b.cell_id = c.id
   where d.sweep_id = $1 and b.first + b.count > c.next
   union all
  select format('cell %s: outcomes at %s without a batch that is done', d.index, o.first)
    from farm.demand d join farm.outcome o on o.cell_id = d.cell_id
    left join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
   where d.sweep_id = $1 and b.digest is null
   union all
  select format('cell %s: outcomes at %s outside their batch of %s trials', d.index, o.first, b.count)
    from farm.demand d join farm.outcome o on o.cell_id = d.cell_id
    join farm.batch b on b.cell_id = o.cell_id and b.first = o.first
   where d.sweep_id = $1
     and (cardinality(o.ends) > b.count
       or (o.offsets is null and cardinality(o.ends) <> b.count)
       or (o.offsets is not null
         and (cardinality(o.offsets) <> cardinality(o.ends)
           or o.offsets[1] < 0 or o.offsets[cardinality(o.offsets)] >= b.count)))`
