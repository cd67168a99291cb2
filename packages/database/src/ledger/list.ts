import type { Demand, SweepState } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import { type Columns, columns, type SweepModel } from '../rows.ts'
import { leadingEstimate, type WidestInterval } from './counters.ts'
import { displayedState } from './displayedState.ts'
import { newest } from './newest.ts'

export interface SweepLine
  extends Columns<SweepModel, 'id' | 'name' | 'cells' | 'tags', { tags: Readonly<Record<string, string>> }> {
  readonly state: SweepState
  readonly trialsDone: number | bigint
  /**
   * Number of requested trials. If a stopping rule decides the number, this is the upper limit until the sweep is
   * complete, and then the number of finished trials.
   */
  readonly trialsRequested: number | bigint
  readonly stopsByRule: boolean
  /**
   * Approximately the cell with the widest interval relative to its value: an update compares only this cell and the
   * cells that have just been settled.
   */
  readonly worst: { readonly cell: number; readonly estimate: string; readonly relative: number } | null
  /** Time of submission in ISO 8601. */
  readonly submittedAt: string
  /** Whether this sweep is the newest with its name, so that the name refers to this sweep. */
  readonly newest: boolean
}

interface Row
  extends Omit<SweepLine, 'submittedAt' | 'worst'>,
    Columns<SweepModel, 'submittedAt' | 'demand' | 'worst', { demand: Demand; worst: WidestInterval | null }> {}

export async function listSweeps({ pool }: Database): Promise<SweepLine[]> {
  const { rows } = await pool.query<Row>(
    `select ${columns<SweepModel>('s', 'id', 'name')}, ${displayedState('s')} as state,
            ${columns<SweepModel>('s', 'cells', 'tags')}, s.trials as "trialsDone",
            s.worst, s.demand, s.demand ->> 'trials' is null as "stopsByRule",
            case when s.demand ->> 'trials' is null and s.state = 'complete' then s.trials
                 else s.max_trials end::bigint as "trialsRequested",
            ${columns<SweepModel>('s', 'submittedAt')}, ${newest('s')} as newest
       from farm.sweep s
      order by s.submitted_at desc, s.id`,
  )
  return rows.map(({ demand, worst, ...row }) => ({
    ...row,
    worst: worst === null ? null : { ...worst, estimate: leadingEstimate(demand) },
    submittedAt: row.submittedAt.toISOString(),
  }))
}
