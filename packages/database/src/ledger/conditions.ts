import { liveStates, presentStates, type SweepMove, statesBefore } from '@driftfarm/spec'

const among = (column: string, words: readonly string[]): string =>
  `${column} in (${words.map((word) => `'${word}'`).join(', ')})`

/** SQL: sweep s is in a live state: it is computed as soon as a process is responsible for it. */
export const live = (s: string): string => among(`${s}.state`, liveStates)

/**
 * SQL: worker w has not signed off. The possible states are listed, because a planner without statistics would expect
 * `state <> ..` to match nearly all rows, and read every worker that ever existed.
 */
export const present = (w: string): string => among(`${w}.state`, presentStates)

/** SQL: `move` is possible in the state of sweep s. */
export const allowsMove = (s: string, move: SweepMove): string => among(`${s}.state`, statesBefore(move))

/** A worker without a heartbeat for this time counts as dead. Workers send a heartbeat every 3 s. */
export const workerDeadAfter = "interval '15 seconds'"

/**
 * SQL: worker w is alive. A heartbeat from the future was written before the clock was set back. It is ignored, since a
 * live worker sends its next heartbeat within 3 s. This test is good enough for display and scheduling. It is not used
 * for irreversible decisions: `reclaim` instead takes the list of dead workers from the coordinator (`lost`).
 */
export const alive = (w: string): string =>
  `(${present(w)} and ${w}.seen_at between now() - ${workerDeadAfter} and now() + ${workerDeadAfter})`

/**
 * SQL: the farm or a live process is responsible for sweep s. A sweep of a `run` process is not computed while that
 * process is gone. A sweep without a runner belongs to the farm.
 */
export const hasLiveOwner = (s: string): string =>
  `(${s}.runner is null
    or exists (select from farm.worker runner where runner.id = ${s}.runner and ${alive('runner')}))`

export const schedulable = (s: string): string => `(${live(s)} and ${hasLiveOwner(s)})`

/**
 * SQL: sweep s has a stopping rule, and each open cell continues after a check point without waiting for other cells.
 * Cells that share a budget wait for each other.
 */
export const continuesByItself = (s: string): string =>
  `(${s}.demand ->> 'trials' is null and not ${s}.demand -> 'until' ? 'budget')`

/** SQL: the target of request d is above 0. In a search, the target is 0 until the search visits the cell. */
export const requestsTrials = (d: string): string => `${d}.target > 0`

/**
 * SQL: request d may need trials beyond its next check point, because it requests trials and has met no stopping rule.
 */
export const mayContinue = (d: string): string => `(${requestsTrials(d)} and ${d}.stopped is null)`

/**
 * SQL: the requests d for a cell. With `offset 0`, PostgreSQL looks up the requests of each cell separately. Without
 * `offset 0`, a query planner that has no statistics would read all requests of a sweep for each cell. Here and below,
 * `cell` may be a column of an outer table `d`, so the inner query does not use the alias `d`.
 */
export const requestsOn = (cell: string): string =>
  `(select * from farm.request where request.cell_id = ${cell} offset 0) d`

export const requestsOf = (sweep: string, cell: string): string =>
  `(select * from farm.request where request.cell_id = ${cell} and request.sweep_id = ${sweep} offset 0) d`

/**
 * With more live sweeps than this, looking up the requests by sweep takes longer than reading all requests for the
 * cell.
 */
const fewSweeps = 64
const fewRequests = 32

const isMore = (than: number, rows: string): string =>
  `((select count(*) from (select ${rows} limit ${than + 1}) n) > ${than})`

/**
 * SQL: the requests d of live sweeps for a cell. They are looked up by the cell and the live sweeps, so that requests
 * of other sweeps are not read, however many there are. If more than `fewSweeps` sweeps are live, and the cell has at
 * most `fewRequests` requests, all requests of the cell are read instead.
 */
export const liveRequestsOn = (cell: string): string => {
  const sweeps = `from farm.sweep s where ${live('s')}`
  const onCell = `from farm.request where request.cell_id = ${cell}`
  const byBoth = `(not ${isMore(fewSweeps, sweeps)} or ${isMore(fewRequests, onCell)})`
  return `(
    select * ${onCell} and ${byBoth}
       and request.sweep_id = any(array(select s.id ${sweeps} order by s.id))
    union all
    select * ${onCell} and not ${byBoth}
       and exists (select ${sweeps} and s.id = request.sweep_id offset 0)
    offset 0) d`
}

/**
 * SQL: the requests d of live sweeps for the trials of a cell from index `first`, each with its sweep s. Requests with
 * a stopping rule may need trials beyond their next check point.
 */
export const liveRequestsFrom = (cell: string, first: string): string =>
  `${liveRequestsOn(cell)}
     cross join lateral (select * from farm.sweep s where s.id = d.sweep_id limit 1) s
    where ${schedulable('s')} and d.state = 'open'
      and (d.target > ${first} or (${continuesByItself('s')} and ${mayContinue('d')}))`

/**
 * SQL: the displayed state of sweep s. A sweep whose `run` died is shown as interrupted, even before a coordinator has
 * noticed.
 */
export const displayedState = (s: string): string =>
  `case when ${live(s)} and not ${hasLiveOwner(s)} then 'interrupted' else ${s}.state end`

/** SQL: the key `method` of documents, which says what numbers of trials count; null if it is absent there. */
export const method = (s: string): string => `case when ${s}.demand ->> 'replicas' is null
  then nullif(${s}.layout ->> 'method', 'direct') else 'several' end`

/** SQL: sweep s is the last one that was submitted under its name, so the name refers to it. */
export const newest = (s: string): string =>
  `not exists (select from farm.sweep later where later.name = ${s}.name and later.submitted_at > ${s}.submitted_at)`

/** SQL: the trial index at which the finished and dispatched batches of a cell end. */
export const endOf = (cell: string): string =>
  `greatest(0, ${['batch', 'pending']
    .map(
      (table) => `(select x.first + x.count from farm.${table} x where x.cell_id = ${cell}
                            order by x.first desc limit 1)`,
    )
    .join(', ')})`

/** Selects requests of a sweep by their indices. `to` is not included. */
export type IndexSelection = { readonly from: number; readonly to: number } | { readonly indices: readonly number[] }

/** SQL for the requests d of sweep $1 at the selected indices. `values` contains the parameters $2 and $3. */
export function requestsAt(places: IndexSelection): { readonly sql: string; readonly values: readonly unknown[] } {
  if ('indices' in places)
    return {
      sql: `unnest($2::int[]) u (index) cross join lateral (
              select * from farm.request d where $3::int is null and d.sweep_id = $1 and d.index = u.index limit 1) d`,
      values: [places.indices, null],
    }
  return {
    sql: `(select * from farm.request d where d.sweep_id = $1 and d.index >= $2 and d.index < $3
            order by d.index limit $3::int - $2::int) d`,
    values: [places.from, places.to],
  }
}

export const rankColumns = (order: string): string =>
  `row_number() over (order by ${order}) - 1 as place, count(*) over () as total`

/**
 * SQL: whether a row belongs to a selection of evenly spaced rows, which includes the first and the last row. The
 * selection has `most` rows, or all rows if there are fewer; `most` must be at least 2. Let q(p) be
 * p * (most - 1) / (n - 1), rounded down. Of n rows, the row at position p (from 0) is chosen if p = 0 or
 * q(p) > q(p - 1).
 */
export const isEvenlySpaced = (most: string): string =>
  `(total <= ${most} or place * (${most} - 1) % greatest(total - 1, 1) < ${most} - 1)`

/** SQL: a time in ISO 8601, UTC. */
export const iso = (time: string): string => `to_char((${time}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
