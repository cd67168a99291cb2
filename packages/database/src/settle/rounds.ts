import { type Demand, demandOf, type Searched } from '@driftfarm/spec'
import type { Database } from '../connection/database.ts'
import { fieldsOf } from '../connection/values.ts'
import { requestsTrials, schedulable } from '../ledger/conditions.ts'
import { asLeader } from '../ledger/leadership.ts'
import { type Columns, columns } from '../ledger/rows.ts'
import type { OpenDemand, Settled } from '../ledger/settlement.ts'
import { initialTarget } from '../submit/planCells.ts'
import { type DemandRow, openDemand, openDemandOf, type SettledSweep } from './settle.ts'
import { writeSettled } from './writeSettled.ts'

/** The result of a round: cells that continue to their next check point, and cells that end. */
export interface BudgetRound {
  readonly continuing: readonly { readonly index: number; readonly target: number }[]
  readonly end: readonly Settled[]
}

/**
 * If all open cells of a sweep with a shared budget are waiting at their check points, runs one round; otherwise does
 * nothing. `spend` gets the waiting cells and the number of trials so far, and decides which cells continue and which
 * end. The round is one transaction, so if the coordinator dies, its successor repeats the round. Returns the number of
 * changed cells.
 */
export async function spendBudget(
  database: Database,
  epoch: number,
  sweepId: string,
  spend: (waiting: readonly OpenDemand[], spent: number) => BudgetRound,
): Promise<{ readonly changes: number; readonly raised: readonly number[] }> {
  return asLeader(database, epoch, async (client) => {
    const { rows } = await client.query<SettledSweep & { busy: boolean; waiting: number; spent: number | bigint }>(
      `select s.id, s.demand, s.cells, s.columns, d.* from farm.sweep s
        cross join lateral (
          select coalesce(bool_or(state = 'open' and trials < target), false) as busy,
                 count(*) filter (where state = 'open')::int as waiting, coalesce(sum(trials), 0)::bigint as spent
            from farm.request where sweep_id = s.id) d
        where s.id = $1 and ${schedulable('s')} and s.demand -> 'until' ? 'budget' for no key update of s`,
      [sweepId],
    )
    const [round] = rows
    if (round === undefined || round.busy || round.waiting === 0) return { changes: 0, raised: [] }
    const { rows: waiting } = await client.query<DemandRow>(
      `select ${openDemand}, 0 as next, 0 as missing
         from farm.request d join farm.cell c on c.id = d.cell_id
        where d.sweep_id = $1 and d.state = 'open' order by d.index`,
      [sweepId],
    )
    const demands = waiting.map((row) => openDemandOf(row, round))
    const { continuing, end } = spend(demands, Number(round.spent))
    writeSettled(client, end, () => round.columns)
    await client.query(
      `update farm.request d set target = u.target from unnest($2::int[], $3::bigint[]) u (index, target)
        where d.sweep_id = $1 and d.index = u.index`,
      [sweepId, ...fieldsOf(continuing, 'index', 'target')],
    )
    return { changes: continuing.length + end.length, raised: continuing.map(({ index }) => index) }
  })
}

export interface VisitedCell extends Columns<'Request', 'index' | 'state'> {
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
    const { rows: sweeps } = await client.query<Columns<'Sweep', 'demand' | 'cells' | 'open', { demand: Demand }>>(
      `select ${columns<'Sweep'>('s', 'demand', 'cells', 'open')} from farm.sweep s
        where s.id = $1 and ${schedulable('s')} and s.demand -> 'until' ? 'threshold' for no key update of s`,
      [sweepId],
    )
    const [sweep] = sweeps
    if (sweep === undefined || sweep.open === 0) return { raised: [], ended: false }
    const { rows: visited } = await client.query<VisitedCell>(
      `select ${columns<'Request'>('d', 'index', 'state')}, d.stopped ->> 'decision' as decision
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
