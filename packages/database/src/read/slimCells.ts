import type { SweepState } from '@driftfarm/spec'
import type { ReadSource } from '../connection/database.ts'
import type { CellsColumn } from '../ledger/cellsColumns.ts'
import { displayedState, type IndexSelection, requestsAt, requestsTrials } from '../ledger/conditions.ts'
import { unmetRules } from '../ledger/counters.ts'
import { LedgerError } from '../ledger/errors.ts'
import { type Columns, columns, type RequestModel, type SweepModel } from '../ledger/rows.ts'

/** The part of a cell's data that a map shows. */
export interface SlimCell
  extends Columns<RequestModel, 'index' | 'trials' | 'params', { params: Readonly<Record<string, unknown>> }> {
  readonly state: 'waiting' | 'running' | 'open' | 'met' | 'max' | 'failed'
  /** Whether another sweep also contains the cell. */
  readonly shared: boolean
  /** The worst verdict of the checks of the cell: 2 is wrong, 1 is doubtful, 0 is neither. */
  readonly doubt: 0 | 1 | 2
  /**
   * The estimates and their limits; null before there are any. The field `at` of a column (see `CellsColumn`) is the
   * position of its number in this list, counted from 1.
   */
  readonly numbers: readonly (number | null)[] | null
}

/** The data needed to interpret slim cells. */
export interface SlimHead
  extends Columns<
    SweepModel,
    'id' | 'name' | 'cells' | 'axes' | 'columns',
    { axes: readonly string[]; columns: readonly CellsColumn[] }
  > {
  readonly state: SweepState
  /** Changes whenever the stored data of a cell changes, but not when its computation only starts or stops. */
  readonly version: string
}

export async function slimHead({ pool }: ReadSource, sweepId: string): Promise<SlimHead> {
  const { rows } = await pool.query<SlimHead>(
    `select ${columns<SweepModel>('s', 'id', 'name', 'cells', 'axes', 'columns')}, ${displayedState('s')} as state,
            concat_ws('.', s.submission, s.batches, s.trials, s.done, s.failed, s.state) as version
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/**
 * The cells of a sweep, in order, with the data that a map shows: all cells, or those with the given indices. Reading
 * them takes about 3 us per cell.
 */
export async function slimCells(
  { pool }: ReadSource,
  { id, cells }: Pick<SlimHead, 'id' | 'cells'>,
  among: readonly number[] | null = null,
): Promise<SlimCell[]> {
  const places: IndexSelection = among === null ? { from: 0, to: cells } : { indices: among }
  const { sql, values } = requestsAt(places)
  const { rows } = await pool.query<SlimCell>(
    `with computed as materialized (
       select distinct p.cell_id from farm.bundle u join farm.pending p on p.bundle = u.id
        where u.sweep_id = $1 and u.worker_id is not null)
     select ${columns<RequestModel>('d', 'index', 'trials', 'params', 'numbers')},
            case when d.state = 'failed' then 'failed'
                 when d.state = 'done' and d.stopped ->> 'rule' in (${unmetRules}) then 'max'
                 when d.state = 'done' then 'met'
                 when r.cell_id is not null then 'running'
                 when d.trials = 0 then 'waiting' else 'open' end as state,
            exists (select from farm.request o where o.cell_id = d.cell_id and o.sweep_id <> $1) as shared,
            case when d.checks is null or d.checks::text = '[]' then 0
                 when d.checks::text like '%"verdict":"wrong"%' then 2
                 when d.checks::text like '%"verdict":"doubtful"%' then 1 else 0 end as doubt
       from ${sql} left join computed r on r.cell_id = d.cell_id
      where ${requestsTrials('d')} order by d.index`,
    [id, ...values],
  )
  return rows
}
