import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import {
  type BatchState,
  type Cell,
  type Demand,
  type DemandState,
  demandOf,
  type RecordRule,
  stepSamples,
} from '@driftfarm/spec'
import type { TallyJson } from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { type BatchModel, type CellModel, type Columns, columns, type DemandModel, type SweepModel } from '../rows.ts'
import { bitsWanted } from './bitsWanted.ts'
import { driven, waits } from './driven.ts'
import { finite } from './finite.ts'
import { leading } from './leadership.ts'
import type { Merged } from './merged.ts'
import { isOut } from './states.ts'
import type { Cut } from './workLedger.ts'

type Progress = Merged & Columns<DemandModel, 'target' | 'batches'>

/** What a sweep asks of a cell, with the prefix that has been merged so far. */
export interface OpenDemand extends Progress {
  readonly index: DemandModel['index']
  /** Id of the cell. */
  readonly cell: CellModel['id']
  readonly trial: Cell['trial']
  /** Number of samples whose gradients one step evaluates. */
  readonly samples: number
  /** For a tilt: the share of trials that keep the original noise; 0 for other methods. */
  readonly original: number
  readonly layout: RecordLayout
  readonly demand: Demand
  /** Number of cells of the sweep. */
  readonly cells: SweepModel['cells']
  /** Whether more trials were asked for after the first ones had been seen. */
  readonly extended: boolean
  /** Estimates for which the contrasts of the sweep need one event bit for each trial. */
  readonly bits: readonly string[]
  /** Batches of the cell cover the trials [0, next). */
  readonly next: number
  /** Number of batches below the target that have not been computed yet. */
  readonly missing: number
}

/** A batch of the cell at or after the end of the merged prefix; batches are in order. */
export interface LedgerBatch
  extends Columns<
    BatchModel,
    'first' | 'count' | 'state' | 'digest' | 'tally' | 'record' | 'bits' | 'cpuSeconds' | 'cut',
    {
      state: BatchState
      tally: TallyJson | null
      record: RecordRule | null
      /** `exact`: the batch ends with the nth event. */
      cut: (Cut & { readonly exact?: boolean }) | null
    }
  > {
  /** Null until the batch was computed once. It is kept while the batch is computed again. */
  readonly digest: string | null
  /** Estimates for which event bits are stored. */
  readonly bits: readonly string[]
}

/** The new state of a demand. */
export interface Settlement extends Progress {
  readonly state: DemandState
  /** Batches to compute again: cut in two, or with richer rows or more event bits. */
  readonly again: readonly { readonly first: number; readonly count: number; readonly cut: Cut | null }[]
}

/** Demands settled in one transaction, and batches read for each: bounds the memory to some ten MB. */
export const settleSlice = { demands: 32, batches: 64 } as const

/**
 * Settles the first open demands of a sweep that have finished batches after their prefix, and writes the results of
 * `settle`, all in one transaction. Returns how many changed; call it again until it returns zero.
 */
export async function settleDemands(
  database: Database,
  epoch: number,
  sweepId: string,
  front: number,
  settle: (demand: OpenDemand, ahead: readonly LedgerBatch[]) => Settlement | null,
): Promise<number> {
  return leading(database, epoch, async (client) => {
    const { rowCount } = await client.query(
      `select from farm.sweep s where s.id = $1 and ${driven('s')} for no key update`,
      [sweepId],
    )
    if (rowCount === 0) return 0
    const demands = await candidates(client, sweepId, front)
    if (demands.length === 0) return 0
    const ahead = await batchesAhead(client, demands)
    const settled = demands.flatMap((demand, place) => {
      const settlement = settle(demand, ahead[place]!)
      return settlement === null ? [] : [{ demand, settlement }]
    })
    await writeSettled(client, sweepId, settled)
    await computeAgain(client, settled)
    return settled.length
  })
}

export type Row = Omit<OpenDemand, 'trial' | 'samples' | 'original' | 'layout'> & { readonly canonical: string }

/** SQL: the columns of demand d, its sweep s and its cell c. A `Row` has `bits` and `missing` in addition. */
export const openDemand = `d.cell_id as cell, c.canonical, c.next, s.demand, s.cells,
            c.method = any (s.extended) as extended,
            ${columns<DemandModel>('d', 'index', 'target', 'trials', 'batches', 'cpuSeconds')},
            ${columns<DemandModel>('d', 'tally', 'digest', 'estimates', 'stopped')}`

async function candidates(client: pg.PoolClient, sweepId: string, front: number): Promise<OpenDemand[]> {
  const { rows } = await client.query<Row>(
    `select ${openDemand}, ${bitsWanted('d', 's', 'c')} as bits,
            (select count(*)::int from farm.batch b
              where b.cell_id = d.cell_id and b.first < d.target and b.digest is null and ${isOut('b')}) as missing
       from (select d.* from farm.demand d join farm.sweep s on s.id = d.sweep_id
              where d.sweep_id = $1 and d.state = 'open' and not ${waits('d', 's')} order by d.index limit $2) d
       join farm.sweep s on s.id = d.sweep_id
       join farm.cell c on c.id = d.cell_id
       left join farm.batch b on b.cell_id = d.cell_id and b.first = d.trials
      where b.digest is not null or b.state = 'failed' or d.trials >= d.target or (d.trials > 0 and d.estimates is null)
      order by d.index limit $3`,
    [sweepId, front, settleSlice.demands],
  )
  return rows.map(openDemandOf)
}

export function openDemandOf({ canonical, ...row }: Row): OpenDemand {
  const cell = JSON.parse(canonical) as Cell
  const { landscape, method, trial } = cell
  const demand = demandOf(row.demand, method.kind)
  const original = method.kind === 'tilt' ? method.original : 0
  return { ...row, demand, trial, samples: stepSamples(landscape), original, layout: layoutOf(cell) }
}

async function batchesAhead(client: pg.PoolClient, demands: readonly OpenDemand[]): Promise<LedgerBatch[][]> {
  const { rows } = await client.query<LedgerBatch & { place: number }>(
    `select w.place - 1 as place, b.* from unnest($1::text[], $2::bigint[]) with ordinality w (cell_id, position, place)
      cross join lateral (
        select ${columns<BatchModel>('b', 'first', 'count', 'state', 'cut', 'digest', 'tally')},
               ${columns<BatchModel>('b', 'record', 'bits', 'cpuSeconds')}
          from farm.batch b where b.cell_id = w.cell_id and b.first >= w.position
         order by b.first limit $3) b
      order by w.place, b.first`,
    [demands.map(({ cell }) => cell), demands.map(({ trials }) => trials), settleSlice.batches],
  )
  const ahead = demands.map((): LedgerBatch[] => [])
  for (const { place, ...batch } of rows) ahead[place]!.push(batch)
  return ahead
}

export interface Settled {
  readonly demand: OpenDemand
  readonly settlement: Settlement
}

export async function writeSettled(client: pg.PoolClient, sweepId: string, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return
  const values = settled.map(({ demand: { index }, settlement: { again: _, cpuSeconds, ...rest } }) => ({
    index,
    cpu_seconds: cpuSeconds,
    ...rest,
  }))
  await client.query(
    `update farm.demand d
        set state = u.state, target = u.target, trials = u.trials, batches = u.batches, tally = u.tally,
            digest = u.digest, cpu_seconds = u.cpu_seconds, estimates = u.estimates, stopped = u.stopped
       from jsonb_to_recordset($2::jsonb) u (
              index int, state text, target bigint, trials bigint, batches bigint, tally jsonb, digest text,
              cpu_seconds double precision, estimates jsonb, stopped jsonb)
      where d.sweep_id = $1 and d.index = u.index`,
    [sweepId, JSON.stringify(values, finite)],
  )
}

async function computeAgain(client: pg.PoolClient, settled: readonly Settled[]): Promise<void> {
  const again = settled.flatMap(({ demand, settlement }) =>
    settlement.again.map((each) => ({ cell: demand.cell, ...each })),
  )
  if (again.length === 0) return
  await client.query(
    `update farm.batch b
        set state = 'ready', generation = b.generation + 1, fed_at = null, cut = u.cut, failures = 0, vanished = 0
       from jsonb_to_recordset($1::jsonb) u (cell text, first bigint, count bigint, cut jsonb)
      where b.cell_id = u.cell and b.first = u.first and b.count = u.count and b.state = 'done'`,
    [JSON.stringify(again)],
  )
}
