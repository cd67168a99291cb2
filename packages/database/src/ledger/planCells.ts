import { layoutOf } from '@driftfarm/kernel'
import { type Demand, demandOf, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { checkPoints } from '@driftfarm/statistics'
import type pg from 'pg'
import { dataHashOf, insertData } from './data.ts'
import { limits } from './limits.ts'

/** The trial index up to which a new demand is fed: its number of trials, or the first check point of its stop rule. */
export function firstTarget({ trials, until }: Demand): number {
  return trials ?? checkPoints(until!.min, until!.max)[0]!
}

/** Inserts data sets, cells and demands in slices: 10^6 cells take the memory of 5,000. */
export async function planCells(client: pg.PoolClient, sweepId: string, sweep: Sweep): Promise<void> {
  const there = new Set<string>()
  for (const cells of slices(sweep)) {
    for (const { data } of cells) {
      if (data === null || there.has(data.hash)) continue
      await insertData(client, data)
      there.add(data.hash)
    }
    await insertCells(client, cells)
    await client.query(
      `insert into farm.demand (sweep_id, index, cell_id, params, target)
       select $1, u.index, u.cell_id, u.params::jsonb, u.target
         from unnest($2::int[], $3::text[], $4::text[], $5::bigint[]) u (index, cell_id, params, target)`,
      [sweepId, ...columns(cells), cells.map(({ cell }) => firstTarget(demandOf(sweep.demand, cell.method.kind)))],
    )
  }
}

/** Whether the stored demands have the same cells at the same indices with the same parameters as the sweep. */
export async function plansEqual(client: pg.PoolClient, sweepId: string, sweep: Sweep): Promise<boolean> {
  for (const cells of slices(sweep)) {
    const { rows } = await client.query<{ same: number }>(
      `select count(*)::int as same
         from unnest($2::int[], $3::text[], $4::text[]) u (index, cell_id, params)
         join farm.demand d
           on d.sweep_id = $1 and d.index = u.index and d.cell_id = u.cell_id and d.params = u.params::jsonb`,
      [sweepId, ...columns(cells)],
    )
    if (rows[0]?.same !== cells.length) return false
  }
  const { rows } = await client.query<{ cells: number }>(
    'select count(*)::int as cells from farm.demand where sweep_id = $1',
    [sweepId],
  )
  return rows[0]?.cells === sweep.cellCount
}

const columns = (cells: readonly ResolvedCell[]) => [
  cells.map(({ index }) => index),
  cells.map(({ id }) => id),
  cells.map(({ params }) => JSON.stringify(params)),
]

async function insertCells(client: pg.PoolClient, cells: readonly ResolvedCell[]): Promise<void> {
  const values = cells.map(({ id, canonical, cell }) => {
    const { exits, minima, classes, marks, horizon } = layoutOf(cell)
    const method = cell.method.kind
    return {
      id,
      canonical,
      method,
      kernel: cell.kernel,
      exits,
      minima,
      classes,
      marks,
      horizon,
      data_hash: dataHashOf(cell),
    }
  })
  await client.query(
    `insert into farm.cell (id, canonical, method, kernel, exits, minima, classes, marks, horizon, data_hash)
     select u.id, u.canonical, u.method, u.kernel, u.exits, u.minima, u.classes, u.marks, u.horizon, u.data_hash
       from jsonb_to_recordset($1::jsonb) u (
              id text, canonical text, method text, kernel int, exits text[], minima text[], classes text[],
              marks text[], horizon bigint, data_hash text)
     on conflict (id) do nothing`,
    [JSON.stringify(values)],
  )
}

function* slices(sweep: Sweep): Generator<ResolvedCell[]> {
  let slice: ResolvedCell[] = []
  for (const cell of sweep.cells()) {
    slice.push(cell)
    if (slice.length < limits.cellsAtATime) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}
