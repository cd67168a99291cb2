import type { ReadSource } from '../connection/database.ts'
import { type IndexSelection, requestsAt, requestsTrials } from '../ledger/conditions.ts'
import { unmetRules } from '../ledger/counters.ts'
import { type Columns, columns } from '../ledger/rows.ts'
import type { SweepHead } from './prefixes.ts'

/** The part of a cell's data that a map shows. */
export interface SlimCell
  extends Columns<'Request', 'index' | 'trials' | 'params', { params: Readonly<Record<string, unknown>> }> {
  readonly state: 'waiting' | 'running' | 'open' | 'met' | 'max' | 'failed'
  /** Whether another sweep also contains the cell. */
  readonly shared: boolean
  /** The worst verdict of the checks of a finished cell: 2 is wrong, 1 is doubtful, 0 is neither. */
  readonly doubt: 0 | 1 | 2
  /**
   * The estimates and their limits; null before there are any. The field `at` of a column (see `CellsColumn`) is the
   * position of its number in this list, counted from 1.
   */
  readonly numbers: readonly (number | null)[] | null
}

/**
 * The cells of a sweep, in order, with the data that a map shows: all cells, or those with the given indices. Reading
 * them takes about 3 us per cell.
 */
export async function slimCells(
  { pool }: ReadSource,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
  among: readonly number[] | null = null,
): Promise<SlimCell[]> {
  const places: IndexSelection = among === null ? { from: 0, to: cells } : { indices: among }
  const { sql, values } = requestsAt(places)
  const { rows } = await pool.query<SlimCell>(statement(sql, 'true'), [id, ...values])
  return rows
}

/** The cells that may have changed since an earlier read. */
export interface SlimChanges {
  /** In order. */
  readonly cells: readonly SlimCell[]
  /** Transactions from this one on may have changed cells that this read did not see. */
  readonly since: string
  /** Indices of the cells whose batches were being computed. */
  readonly running: readonly number[]
}

/**
 * Reads the cells of a sweep that may have changed since `before`, or all cells if it is null. A row of the database
 * names the transaction that wrote it, so unchanged cells cost almost nothing. `reading` must be a snapshot.
 */
export async function changedCells({ pool }: ReadSource, { id }: Pick<SweepHead, 'id'>, before: SlimChanges | null) {
  const { rows } = await pool.query<SlimCell>(changedQuery, [id, before?.since ?? null, before?.running ?? []])
  const now = await pool.query<{ since: string }>(`select pg_snapshot_xmin(pg_current_snapshot())::text as since`)
  const running = rows.filter(({ state }) => state === 'running').map(({ index }) => index)
  return { cells: rows, since: now.rows[0]!.since, running }
}

function statement(requests: string, where: string): string {
  return `with computed as materialized (
     select distinct p.cell_id from farm.bundle u join farm.pending p on p.bundle = u.id
      where u.sweep_id = $1 and u.worker_id is not null)
   select ${columns<'Request'>('d', 'index', 'trials', 'params', 'numbers')},
          case when d.state = 'failed' then 'failed'
               when d.state = 'done' and d.stopped ->> 'rule' in (${unmetRules}) then 'max'
               when d.state = 'done' then 'met'
               when r.cell_id is not null then 'running'
               when d.trials = 0 then 'waiting' else 'open' end as state,
          exists (select from farm.request o where o.cell_id = d.cell_id and o.sweep_id <> $1) as shared,
          case when d.state <> 'done' or d.checks is null or d.checks::text = '[]' then 0
               when d.checks::text like '%"verdict":"wrong"%' then 2
               when d.checks::text like '%"verdict":"doubtful"%' then 1 else 0 end as doubt
     from ${requests} left join computed r on r.cell_id = d.cell_id
    where ${requestsTrials('d')} and ${where} order by d.index`
}

const changedQuery = statement(
  'farm.request d',
  `d.sweep_id = $1 and ($2::xid8 is null or age(d.xmin) <= age(xid($2::xid8)) or r.cell_id is not null
     or d.index = any($3::int[]))`,
)
