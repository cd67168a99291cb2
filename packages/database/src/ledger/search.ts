import { type Demand, demandOf, type Searched } from '@driftfarm/spec'
import type { Database } from '../database.ts'
import { type Columns, columns, type RequestModel, type SweepModel } from '../rows.ts'
import { asLeader } from './leadership.ts'
import { initialTarget } from './planCells.ts'
import { requestsTrials, schedulable } from './schedulable.ts'

export interface VisitedCell extends Columns<RequestModel, 'index' | 'state'> {
  /** The result of the trials of the point; null while they are running or if they failed. */
  readonly decision: 'above' | 'below' | 'undecided' | null
}

/** If there are no cells to visit and no trials are running, the search has ended. */
export interface SearchRound {
  readonly visit: readonly number[]
  /** Whether trials of previously visited cells are still running. */
  readonly waits: boolean
  /** Number of lines on which the search found no threshold. The cells of a line differ only in the searched value. */
  readonly unmet: number
}

/**
 * Runs one round of a search for a threshold. From the cells visited so far, `search` decides which cells come next
 * (`raised`). When the search has ended, the cells that it did not visit are marked as done, without trials. The round
 * is one transaction, so if the coordinator dies, its successor repeats the round.
 */
export async function searchThreshold(
  database: Database,
  epoch: number,
  sweepId: string,
  search: (visited: readonly VisitedCell[], searched: Searched, cells: number) => SearchRound,
): Promise<{ readonly raised: readonly number[]; readonly ended: boolean }> {
  return asLeader(database, epoch, async (client) => {
    const { rows: sweeps } = await client.query<Columns<SweepModel, 'demand' | 'cells' | 'open', { demand: Demand }>>(
      `select ${columns<SweepModel>('s', 'demand', 'cells', 'open')} from farm.sweep s
        where s.id = $1 and ${schedulable('s')} and s.demand -> 'until' ? 'threshold' for no key update of s`,
      [sweepId],
    )
    const [sweep] = sweeps
    if (sweep === undefined || sweep.open === 0) return { raised: [], ended: false }
    const { rows: visited } = await client.query<VisitedCell>(
      `select ${columns<RequestModel>('d', 'index', 'state')}, d.stopped ->> 'decision' as decision
         from farm.request d where d.sweep_id = $1 and ${requestsTrials('d')} order by d.index`,
      [sweepId],
    )
    const { visit, waits, unmet } = search(visited, sweep.demand.until!.threshold!, sweep.cells)
    if (visit.length > 0) {
      await client.query(
        `update farm.request d set target = $3
          where d.sweep_id = $1 and d.index = any($2::int[]) and not ${requestsTrials('d')} and d.state = 'open'`,
        [sweepId, visit, initialTarget(demandOf(sweep.demand, 'direct'))],
      )
      return { raised: visit, ended: false }
    }
    if (waits) return { raised: [], ended: false }
    const { rowCount } = await client.query(
      `update farm.request d set state = 'done', stopped = '{"rule": "unvisited"}'
        where d.sweep_id = $1 and not ${requestsTrials('d')} and d.state = 'open'`,
      [sweepId],
    )
    await client.query('update farm.sweep set open = open - $2, done = done + $2, unmet = $3 where id = $1', [
      sweepId,
      rowCount,
      unmet,
    ])
    return { raised: [], ended: true }
  })
}
