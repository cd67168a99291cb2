import type pg from 'pg'
import { lookUp } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { requestsTrials } from '../ledger/conditions.ts'

/** Violations of the invariants, as sentences. All lists are empty if the sweep is intact. */
export interface Invariants {
  /** Completeness: every requested trial is accounted for, without gaps. */
  readonly I1: string[]
  /** Uniqueness: no trial counts twice. */
  readonly I2: string[]
  /** No extras: every outcome is in the ledger of its cell. */
  readonly I4: string[]
}

/**
 * Maximum number of violations listed for each invariant. A list for a damaged sweep of 10^6 cells must not fill the
 * memory.
 */
const maxListed = 100

/** Number of cells checked by one statement, which takes a few tenths of a second. */
const cellsAtATime = 10_000

/** `pool` is a single connection only in tests. With a pool, `lanes` pages may be checked at the same time. */
export async function invariants(
  { pool }: { readonly pool: pg.Pool | pg.PoolClient },
  sweepId: string,
  { lanes = 1 }: { readonly lanes?: number } = {},
): Promise<Invariants> {
  const { rows: sizes } = await pool.query<{ cells: number }>(
    'select coalesce(max(index) + 1, 0) as cells from farm.request where sweep_id = $1',
    [sweepId],
  )
  const cells = sizes[0]?.cells ?? 0
  const pages: Invariants[] = []
  let left = 0
  const lane = async (): Promise<void> => {
    while (left < cells) {
      const from = left
      left += cellsAtATime
      pages[from / cellsAtATime] = await checkPage(pool, sweepId, from)
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  const all = (name: keyof Invariants) => pages.flatMap((page) => page[name]).slice(0, maxListed)
  return { I1: all('I1'), I2: all('I2'), I4: all('I4') }
}

async function checkPage(client: pg.Pool | pg.PoolClient, sweepId: string, from: number): Promise<Invariants> {
  const { rows: looked } = await lookUp<{ index: number }>(client, notPlain, [sweepId, from, from + cellsAtATime])
  const indices = looked.map(({ index }) => index)
  const found = { I1: [], I2: [], I4: [] } as Record<keyof Invariants, string[]>
  if (indices.length === 0) return found
  for (const [name, statement] of Object.entries(statements) as [keyof Invariants, string][]) {
    const values = [sweepId, from, from + cellsAtATime, maxListed, indices]
    const { rows } = await client.query<{ violation: string }>(`${statement} limit $4`, values)
    found[name] = rows.map(({ violation }) => violation)
  }
  return found
}

/**
 * SQL: the requests of a page of cells, except for cells that a search did not visit. `offset 0` prevents the planner
 * from merging the subquery into a larger query. Each cell is therefore checked separately, whatever statistics the
 * planner has.
 */
const pageWhere = (more: string): string =>
  `(select * from farm.request d where d.sweep_id = $1 and d.index >= $2 and d.index < $3
      and ${requestsTrials('d')} ${more}
     order by d.index offset 0) d`

/** SQL: the requests of a page that need a full check. */
const page = pageWhere('and d.index = any($5)')

const batches = `(select * from farm.batch b where b.cell_id = d.cell_id offset 0) b`

/**
 * SQL: whether the outcomes `o` do not fit a batch of `count` trials: a column has too many elements, or an offset is
 * outside the batch. A column whose values are all equal is stored as one element.
 */
function outcomesMismatch(o: string, count: string): string {
  const longest = ['ends', 'exits', 'settled', 'classes', 'escaped_at', 'converged_at', 'steps', 'loss', 'distance']
    .map((column) => `cardinality(${o}.${column})`)
    .join(', ')
  return `greatest(${longest}) > coalesce(cardinality(${o}.offsets), ${count})
           or coalesce(cardinality(${o}.offsets) > ${count}, false)
           or coalesce(${o}.offsets[1] < 0 or ${o}.offsets[cardinality(${o}.offsets)] >= ${count}, false)`
}

/**
 * SQL: whether a tally counts this number of trials. The text of every stored tally begins with its number of trials,
 * so this function compares texts. Parsing the JSON would take half of the time of checking a plain cell.
 */
const showsTrials = (tally: string, trials: string): string =>
  `starts_with(${tally}::text, '{"trials":' || ${trials} || ',')`

/**
 * SQL: the indices of all requests on a page except the plain ones. A plain request satisfies all invariants: it is
 * finished, and has one batch with all of its trials, nothing dispatched, and at most one row of outcomes, which fits
 * the batch. Most requests of large sweeps are plain, so only a few need the full checks.
 */
const notPlain = prepared(`
  select d.index
    from ${pageWhere('')}
    cross join lateral (
      select count(*) as batches, min(b.first) as first, min(b.count) as count,
             bool_and(${showsTrials('b.tally', 'd.trials')}) as counts
        from ${batches}) b
    cross join lateral (
      select count(*) as rows, bool_and(o.first = 0 and not (${outcomesMismatch('o', 'd.trials')})) as fit
        from farm.outcome o where o.cell_id = d.cell_id) o
   where coalesce(d.state <> 'done' or b.batches <> 1 or b.first <> 0 or b.count <> d.trials or not b.counts
                  or not ${showsTrials('d.tally', 'd.trials')}
                  or (select demand ->> 'replicas' is not null from farm.sweep where id = $1)
                  or coalesce((select (demand ->> 'trials')::bigint from farm.sweep where id = $1) <> d.trials, false)
                  or o.rows > 1 or coalesce(not o.fit, false), true)
      or exists (select from farm.pending p where p.cell_id = d.cell_id offset 0)`)

export const statements: Readonly<Record<keyof Invariants, string>> = {
  // A batch that is being recomputed, to cut it in two or to record more of its trials, still counts as done.
  I1: `
  select case
           when d.state = 'failed' then format('cell %s: it failed at trial %s', d.index, d.trials)
           when d.state = 'open' then format('cell %s: %s of %s trials are done', d.index, d.trials, d.target)
           else format('cell %s: the ledger accounts for %s of its %s trials', d.index, coalesce(b.trials, 0), d.trials)
         end as violation
    from ${page}
    join farm.sweep s on s.id = $1
    cross join lateral (select c.method from farm.cell c where c.id = d.cell_id limit 1) c
    cross join lateral (
      select coalesce(
               case when c.method = 'splitting' then s.demand ->> 'replicas' end,
               s.demand ->> 'trials')::bigint as trials) requested
    cross join lateral (
      select sum(b.count)::bigint as trials, max(b.first + b.count) as until, min(b.first) as since
        from ${batches} where b.first < d.trials) b
   where d.state <> 'done' or b.trials is distinct from d.trials or b.until is distinct from d.trials or b.since <> 0
      or requested.trials <> d.trials or (d.tally ->> 'trials')::bigint is distinct from d.trials
   order by d.index`,
  I2: `
  select format('cell %s: trials %s to %s are in two batches', d.index, b.following, b.first + b.count - 1)
           as violation
    from ${page}
    cross join lateral (
      select b.first, b.count, lead(b.first) over (order by b.first) as following from ${batches}) b
   where b.following < b.first + b.count
   union all
  select format('cell %s: the batch at trial %s has %s trials, but its tally counts %s',
                d.index, b.first, b.count, b.tally ->> 'trials')
    from ${page} cross join lateral ${batches}
   where (b.tally ->> 'trials')::bigint is distinct from b.count
   union all
  select format('cell %s: trials %s to %s are dispatched but already in a finished batch', d.index, p.first,
                p.first + p.count - 1)
    from ${page} cross join lateral (
      select p.first, p.count from farm.pending p where p.cell_id = d.cell_id and not p.again
         and exists (select from farm.batch b where b.cell_id = p.cell_id
                        and b.first < p.first + p.count and b.first + b.count > p.first) offset 0) p`,
  I4: `
  select format('cell %s: outcomes at trial %s have no finished batch', d.index, o.first) as violation
    from ${page}
    cross join lateral (
      select o.first from farm.outcome o where o.cell_id = d.cell_id
         and not exists (select from farm.batch b where b.cell_id = o.cell_id and b.first = o.first) offset 0) o
   union all
  select format('cell %s: outcomes at trial %s are outside their batch of %s trials', d.index, o.first, o.count)
    from ${page}
    cross join lateral (
      select o.first, b.count from farm.outcome o
        cross join lateral (
          select b.count from farm.batch b where b.cell_id = o.cell_id and b.first = o.first limit 1) b
       where o.cell_id = d.cell_id
         and (${outcomesMismatch('o', 'b.count')}) offset 0) o
   union all
  select format('cell %s: the batch at trial %s lies beyond trial %s, where dispatched batches end',
                d.index, b.following, b.until)
    from ${page}
    cross join lateral (
      select b.first, b.first + b.count as until, lead(b.first) over (order by b.first) as following
        from (select first, count from ${batches}
               union all
              select p.first, p.count from farm.pending p where p.cell_id = d.cell_id and not p.again) b) b
   where b.following > b.until`,
}
