import type pg from 'pg'
import type { Database } from '../database.ts'
import { asLeader } from './leadership.ts'
import { schedulable } from './schedulable.ts'
import { type DemandRow, openDemand, openDemandOf, type SettledSweep } from './settle.ts'
import type { OpenDemand, Settled } from './settlement.ts'
import { SettledRows, writeSettled } from './writeSettled.ts'

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
    const { continuing, end } = spend(await waitingDemands(client, round), Number(round.spent))
    const ended = new SettledRows()
    for (const each of end) ended.add(each, round.columns)
    writeSettled(client, ended)
    await client.query(
      `update farm.request d set target = u.target from unnest($2::int[], $3::bigint[]) u (index, target)
        where d.sweep_id = $1 and d.index = u.index`,
      [sweepId, continuing.map(({ index }) => index), continuing.map(({ target }) => target)],
    )
    return { changes: continuing.length + end.length, raised: continuing.map(({ index }) => index) }
  })
}

async function waitingDemands(client: pg.PoolClient, sweep: SettledSweep): Promise<OpenDemand[]> {
  const { rows } = await client.query<DemandRow>(
    `select ${openDemand}, 0 as next, 0 as missing
       from farm.request d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and d.state = 'open' order by d.index`,
    [sweep.id],
  )
  return rows.map((row) => openDemandOf(row, sweep, []))
}
