import type { Sweep } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import type { Columns, RequestModel } from '../rows.ts'
import { gaplessTrials } from './endCriterion.ts'
import { limits } from './limits.ts'

/**
 * For each cell of the sweep, by index, the number of finished trials before the first gap. Trials that other sweeps
 * requested count too.
 */
export async function storedTrialsOf({ pool }: Database, sweep: Sweep): Promise<Float64Array> {
  const done = new Float64Array(sweep.cellCount)
  let from = 0
  const look = async (ids: readonly string[]): Promise<void> => {
    const { rows } = await pool.query<{ place: number; trials: number }>(
      `select u.place, ${gaplessTrials('u.id')} as trials
         from unnest($1::text[]) with ordinality u (id, place)
        where exists (select from farm.cell c where c.id = u.id offset 0)`,
      [ids],
    )
    for (const { place, trials } of rows) done[from + place - 1] = trials
    from += ids.length
  }
  let ids: string[] = []
  for (const id of sweep.ids()) {
    if (ids.push(id) < limits.cellsAtATime) continue
    await look(ids)
    ids = []
  }
  if (ids.length > 0) await look(ids)
  return done
}

/**
 * The cells of a sweep with a stopping rule that have ended. Such a cell ends, for example, by the rule, at the maximum
 * number of trials, or because the budget is spent.
 */
export interface EndedCells {
  /** The number of trials of each ended cell, by cell index; NaN for every other cell. */
  readonly trials: Float64Array
  /**
   * The rule that ended each cell, as plain JSON, by cell index. Cells whose index is `most` or higher have no entry
   * (see `endedCellsOf`).
   */
  readonly stopped: ReadonlyMap<number, Readonly<Record<string, unknown>>>
}

type EndedRow = Columns<RequestModel, 'index' | 'trials' | 'stopped', { stopped: Readonly<Record<string, unknown>> }>

/**
 * Returns the ended cells of the stored sweep. If `sweep` has no stopping rule, or its request differs from the last
 * request of the stored sweep, no cell is returned. The rules that ended cells are included only for cells with an
 * index below `most`.
 */
export async function endedCellsOf({ pool }: Database, sweep: Sweep, most: number): Promise<EndedCells> {
  const trials = new Float64Array(sweep.cellCount).fill(Number.NaN)
  const stopped = new Map<number, EndedRow['stopped']>()
  for (let from = 0; sweep.demand.until !== null && from < sweep.cellCount; from += limits.cellsAtATime) {
    const { rows } = await pool.query<Pick<EndedRow, 'index' | 'trials'> & Partial<EndedRow>>(
      `select d.index, d.trials, case when d.index < $5 then d.stopped end as stopped
         from farm.request d join farm.sweep s on s.id = d.sweep_id
        where s.id = $1 and s.demand = $2::jsonb and d.index >= $3 and d.index < $4
          and d.state = 'done' and d.stopped is not null`,
      [sweep.id(), JSON.stringify(sweep.demand), from, from + limits.cellsAtATime, most],
    )
    for (const row of rows) {
      trials[row.index] = row.trials
      if (row.index < most) stopped.set(row.index, row.stopped!)
    }
  }
  return { trials, stopped }
}
