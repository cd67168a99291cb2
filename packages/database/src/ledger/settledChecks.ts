import { type Check, type CheckedCell, checksOf, type Premises, tallyFromJson } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { finiteJson } from './finite.ts'
import { lightPages, sweepHead, tallyOf } from './prefixes.ts'
import type { Settled } from './settlement.ts'

/**
 * Returns the checks of a settled cell whose verdict is not good, except comparisons with other cells (agreement).
 * Returns null if the cell has no estimates or no tally. Returns undefined if the stored checks stay as they are,
 * because the cell is still open and its estimates have not changed.
 */
export function settledChecks(each: Settled): readonly Check[] | null | undefined {
  const { demand, settlement } = each
  const { estimates, tally, stopped, state } = settlement
  if (estimates === null || tally === null) return null
  if (!hasNewEstimates(each)) return undefined
  const premises = demand.premises === null ? null : (JSON.parse(demand.premises) as Premises)
  return notGood({
    tally: tallyFromJson(tally, demand.layout),
    estimates,
    ended: state === 'done' ? ((stopped?.rule as string | undefined) ?? null) : null,
    horizon: demand.layout.horizon,
    premises,
    escape: premises?.control?.own === true ? (demand.trial.escape?.kind ?? null) : null,
  })
}

const notGood = (cell: CheckedCell): readonly Check[] => checksOf(cell).filter(({ verdict }) => verdict !== 'good')

/** Updates the stored checks of these cells in all sweeps that contain them, after new premises were stored. */
export async function renewChecks(database: Database, cells: readonly string[]): Promise<void> {
  const { rows } = await database.pool.query<{ sweep: string; indices: readonly number[] }>(
    `select d.sweep_id as sweep, array_agg(d.index order by d.index) as indices
       from farm.request d where d.cell_id = any($1) and d.trials > 0 group by d.sweep_id`,
    [cells],
  )
  for (const { sweep, indices } of rows)
    for await (const page of lightPages(database, await sweepHead(database, sweep), { among: indices })) {
      const renewed = page.flatMap((prefix) => {
        const { index, trials, estimates, stopped, layout, premises, ownEscape } = prefix
        if (estimates === null) return []
        const ended = stopped?.rule ?? null
        const cell = { tally: tallyOf(prefix), estimates, ended, horizon: layout.horizon, premises, escape: ownEscape }
        return [{ index, trials, checks: finiteJson(notGood(cell)) }]
      })
      // If the number of trials has changed in the meantime, the checks were updated when the new trials arrived.
      await database.pool.query(
        `update farm.request d set checks = u.checks::json
           from unnest($2::int[], $3::bigint[], $4::text[]) u (index, trials, checks)
          where d.sweep_id = $1 and d.index = u.index and d.trials = u.trials`,
        [
          sweep,
          renewed.map(({ index }) => index),
          renewed.map(({ trials }) => trials),
          renewed.map(({ checks }) => checks),
        ],
      )
    }
}

const hasNewEstimates = ({ demand, settlement }: Settled): boolean =>
  settlement.estimates !== null && (settlement.estimates !== demand.estimates || settlement.state !== 'open')
