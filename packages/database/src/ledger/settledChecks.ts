import { type Check, checksOf, type Premises, premisesVersion, tallyFromJson } from '@driftfarm/statistics'
import type pg from 'pg'
import type { CellModel } from '../rows.ts'
import type { Settled } from './settlement.ts'

/**
 * What is to be said of the cells whose estimates are new, for the view `cell`: the checks that are not good. What
 * compares a cell with others (agreement) is not known here. Null where there is nothing to check, undefined where
 * what is stored stays.
 */
export async function settledChecks(
  client: pg.PoolClient,
  settled: readonly Settled[],
): Promise<readonly (readonly Check[] | null | undefined)[]> {
  const fresh = settled.filter(hasNewEstimates)
  const premises = await premisesOf(client, [...new Set(fresh.map(({ demand }) => demand.cell))])
  return settled.map((each) => {
    const { demand, settlement } = each
    const { estimates, tally, stopped, state } = settlement
    if (estimates === null || tally === null) return null
    if (!hasNewEstimates(each)) return undefined
    const found = premises.get(demand.cell) ?? null
    return checksOf({
      tally: tallyFromJson(tally, demand.layout),
      estimates,
      ended: state === 'done' ? ((stopped?.rule as string | undefined) ?? null) : null,
      horizon: demand.layout.horizon,
      premises: found,
      escape: found?.control?.own === true ? (demand.trial.escape?.kind ?? null) : null,
    }).filter(({ verdict }) => verdict !== 'good')
  })
}

const hasNewEstimates = ({ demand, settlement }: Settled): boolean =>
  settlement.estimates !== null && (settlement.estimates !== demand.estimates || settlement.state !== 'open')

async function premisesOf(client: pg.PoolClient, cells: readonly string[]): Promise<ReadonlyMap<string, Premises>> {
  if (cells.length === 0) return new Map()
  const { rows } = await client.query<{ id: CellModel['id']; premises: Premises }>(
    `select u.id, p.document as premises from unnest($1::text[]) u (id) cross join lateral (
       select p.document from farm.premises p where p.cell_id = u.id and p.version = $2 limit 1) p`,
    [cells, premisesVersion],
  )
  return new Map(rows.map(({ id, premises }) => [id, premises]))
}
