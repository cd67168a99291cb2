import { type Demand, demandOf, type ResolvedCell } from '@driftfarm/spec'
import type pg from 'pg'
import { arrayOf } from '../connection/copy.ts'
import type { Database } from '../connection/database.ts'
import { prepared, run, runDeferred } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import type { CellsColumn } from '../ledger/cellsColumns.ts'
import { type IndexSelection, live, liveRequestsOn, requestsAt } from '../ledger/conditions.ts'
import { estimateContextOf } from '../ledger/layouts.ts'
import { asLeader } from '../ledger/leadership.ts'
import { premisesText } from '../ledger/premises.ts'
import { bitsWanted } from '../ledger/recorded.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { LedgerBatch, OpenDemand, Progress, Settled, Settlement } from '../ledger/settlement.ts'
import { writeSettled } from './writeSettled.ts'

/**
 * Upper limits for one transaction: the requests and pending updates that it settles, and the batches that it reads for
 * each request. They limit memory use to about ten MB.
 */
export const settleSlice = { demands: 500, updates: 64, batches: 64 } as const

export interface ChangedDemand {
  readonly sweep: RowOf<'Sweep'>['id']
  readonly index: RowOf<'Request'>['index']
  /** Whether the request is still open, and its target number of trials has increased. */
  readonly raised: boolean
}

export interface SettleResult {
  readonly changes: readonly ChangedDemand[]
  /** Whether another call may find more to settle. */
  readonly more: boolean
}

/** The expected and the measured cost of batches of a sweep, in thread seconds. */
export interface CostSample {
  readonly sweep: RowOf<'Sweep'>['id']
  readonly batches: number
  readonly expected: number
  readonly trialsSeconds: number
  readonly seconds: number
}

export type Settle = (demand: OpenDemand, ahead: readonly LedgerBatch[]) => Settlement | null

const rounds = 8

/**
 * Settles the requests whose cells have new batches, oldest updates first, in one transaction. A pending update is
 * deleted once no live sweep has anything left to settle for its cells. Other sweeps do not need the update, because
 * they are read again completely when they resume. The transaction does not wait for the disk. If a crash of the server
 * undoes the transaction, the pending updates exist again and are settled again. The transaction that ends a sweep does
 * wait for the disk, and thus for everything written before.
 */
export async function settlePendingUpdates(database: Database, epoch: number, settle: Settle) {
  return asLeader(
    database,
    epoch,
    async (client) => {
      const { rows: updates } = await run<
        Omit<CostSample, 'sweep'> & { readonly id: number; readonly sweep: string | null; readonly cells: string[] }
      >(client, oldestUpdates, [])
      const selected: typeof updates = []
      let cells: readonly string[] = []
      for (const each of updates) {
        if (selected.length > 0 && cells.length + each.cells.length > settleSlice.demands) break
        selected.push(each)
        cells = [...new Set([...cells, ...each.cells])]
      }
      const { changes, more } = await settleRepeatedly(client, await settleCells(client, cells, settle), settle)
      if (selected.length > 0) runDeferred(client, updatesDeletion, [selected.map(({ id }) => id)])
      const costs = selected.flatMap(({ sweep, ...cost }) =>
        sweep === null || cost.batches === 0 ? [] : [{ sweep, ...cost }],
      )
      return {
        changes,
        more: more || selected.length < updates.length || updates.length === settleSlice.updates,
        costs,
      }
    },
    { keepsPlans: true, durable: false },
  )
}

/**
 * The oldest pending updates. The sweeps take turns, so that a small sweep need not wait until all earlier commits of
 * large sweeps are settled.
 */
const oldestUpdates = prepared(`
  select id, sweep_id as sweep, cells, batches, expected, trials_seconds as "trialsSeconds", seconds
    from farm.pending_update order by row_number() over (partition by sweep_id order by id), cardinality(cells), id
   limit ${settleSlice.updates}`)

const updatesDeletion = prepared('delete from farm.pending_update where id = any($1)')

const changeOf = ({ demand: { sweep, index, target }, settlement }: Settled): ChangedDemand => ({
  sweep,
  index,
  raised: settlement.state === 'open' && settlement.target > target,
})

/**
 * Whether the next round may merge more batches. If a stopping rule is met at an event, the prefix must be merged a
 * second time, so that it ends at this event (`seeking`). The request is unfinished until this second merge.
 */
function isUnfinished({ demand, settlement: { state, trials, target, stopped } }: Settled): boolean {
  if (state !== 'open') return false
  return trials !== demand.trials || target !== demand.target || (stopped !== null && 'seeking' in stopped)
}

/**
 * Settles the cells in several rounds. Cells that are unfinished after the last round become a pending update, so that
 * a later call settles them.
 */
async function settleRepeatedly(
  client: pg.PoolClient,
  first: readonly Settled[],
  settle: Settle,
): Promise<SettleResult> {
  const changes: ChangedDemand[] = []
  let settled = first
  for (let round = 1; ; round++) {
    changes.push(...settled.map(changeOf))
    const cells = [...new Set(settled.filter(isUnfinished).map(({ demand }) => demand.cell))]
    if (cells.length === 0) return { changes, more: false }
    if (round === rounds) {
      await client.query(
        'insert into farm.pending_update (cells, batches, expected, trials_seconds, seconds) values ($1, 0, 0, 0, 0)',
        [cells],
      )
      return { changes, more: true }
    }
    settled = await settleCells(client, cells, settle)
  }
}

export async function settleIndices(
  database: Database,
  epoch: number,
  sweepId: string,
  places: IndexSelection,
  settle: Settle,
): Promise<SettleResult> {
  const { sql, values } = requestsAt(places)
  return asLeader(database, epoch, async (client) => {
    const { rows } = await client.query<Place>(
      `select d.sweep_id as sweep, d.index from ${sql} where d.state = 'open' order by d.index`,
      [sweepId, ...values],
    )
    return settleRepeatedly(client, await settlePlaces(client, rows, settle), settle)
  })
}

export type SettledSweep = Columns<
  'Sweep',
  'id' | 'demand' | 'cells' | 'columns',
  { demand: Demand; columns: readonly CellsColumn[] }
>

export type DemandRow = Progress &
  Pick<OpenDemand, 'sweep' | 'index' | 'cell' | 'extended' | 'next' | 'missing' | 'premises'> & {
    readonly canonical: string
    readonly params: ResolvedCell['params']
  }

export const openDemand = `d.sweep_id as sweep, d.cell_id as cell, d.params, c.canonical,
            ${columns<'Request'>('d', 'index', 'target', 'trials', 'batches', 'cpuSeconds')},
            ${columns<'Request'>('d', 'tally', 'digest', 'estimates')},
            ${columns<'Request'>('d', 'stopped', 'extended')}, ${premisesText('d')} as premises`

/**
 * A request with the first finished batch after its prefix, if any. `more`: whether there are more batches to read.
 * Most cells of large sweeps have a single batch.
 */
interface DemandWithBatch extends DemandRow {
  readonly ahead: LedgerBatch | null
  readonly more: boolean
}

const openRows = prepared(`
  select ${openDemand}, greatest(b.until, a.first + a.count, p.until, 0) as next, p.missing,
         case when a.first is not null then
           json_build_object('state', 'done', 'first', a.first, 'count', a.count, 'cut', a.cut, 'digest', a.digest,
             'tally', a.tally, 'record', a.record, 'bits', a.bits, 'cpuSeconds', a.cpu_seconds) end as ahead,
         p.open or (a.first is not null and b.until is not null) as more
    from unnest($1::text[], $2::int[]) u (sweep, index)
    cross join lateral (
      select * from farm.request d where d.sweep_id = u.sweep and d.index = u.index limit 1) d
    cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
    left join lateral (select * from farm.batch a
                        where a.cell_id = d.cell_id and a.first >= d.trials order by a.first limit 1) a on true
    left join lateral (select b.first + b.count as until from farm.batch b
                        where b.cell_id = d.cell_id and b.first > coalesce(a.first, -1)
                        order by b.first desc limit 1) b on true
    cross join lateral (
      select max(p.first + p.count) as until,
             count(*) filter (where p.first < d.target and not p.again and p.state <> 'failed')::int as missing,
             coalesce(bool_or(p.first >= d.trials and (p.again or p.state = 'failed')), false) as open
        from farm.pending p where p.cell_id = d.cell_id) p
   where d.state = 'open' order by d.sweep_id, d.index`)

async function lockSweeps(client: pg.PoolClient, ids: readonly string[]): Promise<ReadonlyMap<string, SettledSweep>> {
  const { rows } = await client.query<SettledSweep>(
    `select ${columns<'Sweep'>('s', 'id', 'demand', 'cells', 'columns')}
       from farm.sweep s where s.id = any($1) and ${live('s')} order by s.id for no key update`,
    [ids],
  )
  return new Map(rows.map((sweep) => [sweep.id, sweep]))
}

type Place = Pick<ChangedDemand, 'sweep' | 'index'>

async function settleCells(client: pg.PoolClient, cells: readonly string[], settle: Settle): Promise<Settled[]> {
  if (cells.length === 0) return []
  const { rows } = await run<Place>(client, openPlaces, [arrayOf.text(cells)])
  return settlePlaces(client, rows, settle)
}

const openPlaces = prepared(`
  select d.sweep_id as sweep, d.index from unnest($1::text[]) u (cell) cross join lateral (
    select d.sweep_id, d.index from ${liveRequestsOn('u.cell')} where d.state = 'open') d`)

/** Number of requests that are read, settled and written together. Settling them takes ten milliseconds. */
const demandsPerPart = 125

/**
 * Locks the sweeps first, in the order of their ids. While a part of the requests is settled, the next one is read. The
 * writes of a part are sent together with the next statement that reads a part. The server executes the writes and the
 * read while this process settles another part.
 */
async function settlePlaces(client: pg.PoolClient, places: readonly Place[], settle: Settle): Promise<Settled[]> {
  const sweeps = await lockSweeps(client, [...new Set(places.map(({ sweep }) => sweep))])
  const found = places.filter(({ sweep }) => sweeps.has(sweep))
  if (found.length === 0) return []
  const read = async (from: number): Promise<DemandWithBatch[]> => {
    const part = found.slice(from, from + demandsPerPart)
    const values = [arrayOf.text(part.map(({ sweep }) => sweep)), arrayOf.int4(part.map(({ index }) => index))]
    return (await run<DemandWithBatch>(client, openRows, values)).rows
  }
  const all: Settled[] = []
  for (let from = 0, next = read(0); from < found.length; ) {
    const rows = await next
    from += demandsPerPart
    if (from < found.length) next = read(from)
    // `next` is awaited only after this part is settled. If reading fails before that, this handler prevents an
    // unhandled rejection; the error is thrown when `next` is awaited.
    next.catch(() => undefined)
    const made = await settleRows(client, rows, sweeps, settle)
    writeSettled(client, made, (sweepId) => sweeps.get(sweepId)!.columns)
    recompute(client, made)
    all.push(...made)
  }
  return all
}

async function settleRows(
  client: pg.PoolClient,
  rows: readonly DemandWithBatch[],
  sweeps: ReadonlyMap<string, SettledSweep>,
  settle: Settle,
): Promise<Settled[]> {
  const demands = rows.map((row) => openDemandOf(row, sweeps.get(row.sweep)!))
  const further = rows.flatMap(({ more }, place) => (more ? [demands[place]!] : []))
  const ahead = await batchesAhead(client, further)
  const premises = await laterPremises(
    client,
    further.filter((demand) => demand.premises === null && ahead.get(demand)!.length > 0),
  )
  const made: Settled[] = []
  for (const [place, demand] of demands.entries()) {
    // Cells that share a budget wait for each other at their check points. The points of a search wait until the search
    // visits them.
    if (demand.target === 0 || (demand.trials >= demand.target && demand.demand.until?.budget !== undefined)) continue
    const first = rows[place]!.ahead
    const settlement = settle(demand, ahead.get(demand) ?? (first === null ? [] : [first]))
    const found = premises.get(demand.cell)
    if (settlement !== null)
      made.push({ demand: found === undefined ? demand : { ...demand, premises: found }, settlement })
  }
  return made
}

/**
 * The premises of cells that had none when the requests were read. A batch that was committed since then, and read
 * after it, may have brought them.
 */
async function laterPremises(client: pg.PoolClient, demands: readonly OpenDemand[]): Promise<Map<string, string>> {
  if (demands.length === 0) return new Map()
  const { rows } = await client.query<{ cell: string; premises: string | null }>(
    `select d.cell_id as cell, ${premisesText('d')} as premises from unnest($1::text[]) d (cell_id)`,
    [demands.map(({ cell }) => cell)],
  )
  return new Map(rows.flatMap(({ cell, premises }) => (premises === null ? [] : [[cell, premises]])))
}

export function openDemandOf({ canonical, params, ...row }: DemandRow, { demand, cells }: SettledSweep): OpenDemand {
  const { method, commonSeed, ...context } = estimateContextOf(canonical)
  const bits = bitsWanted({ sharesNoise: commonSeed !== null, params }, demand)
  return { demand: demandOf(demand, method), cells, bits, ...context, ...row }
}

/** For each request, the finished and given-up batches after its prefix, in order. */
async function batchesAhead(
  client: pg.PoolClient,
  demands: readonly OpenDemand[],
): Promise<ReadonlyMap<OpenDemand, LedgerBatch[]>> {
  if (demands.length === 0) return new Map()
  const places = fieldsOf(demands, 'cell', 'trials')
  // The pending batches are read before the finished ones. In the other order, a recomputed batch could be committed
  // between the two reads. Its old result would be read, but the batch would no longer be pending. The old result would
  // then be taken as the new one, and the batch would be computed a third time.
  const { rows: open } = await client.query<
    Columns<'Pending', 'first' | 'count' | 'again' | 'state'> & { place: number }
  >(
    `select w.place - 1 as place, p.* from unnest($1::text[], $2::bigint[]) with ordinality w (cell, position, place)
      cross join lateral (
        select ${columns<'Pending'>('p', 'first', 'count', 'again', 'state')} from farm.pending p
         where p.cell_id = w.cell and p.first >= w.position and (p.again or p.state = 'failed') offset 0) p`,
    [...places],
  )
  const { rows: done } = await client.query<Omit<LedgerBatch, 'state'> & { place: number }>(
    `select w.place - 1 as place, b.* from unnest($1::text[], $2::bigint[]) with ordinality w (cell, position, place)
      cross join lateral (
        select ${columns<'Batch'>('b', 'first', 'count', 'cut', 'digest', 'tally', 'record', 'bits', 'cpuSeconds')}
          from farm.batch b where b.cell_id = w.cell and b.first >= w.position order by b.first limit $3) b
      order by w.place, b.first`,
    [...places, settleSlice.batches],
  )
  const ahead = demands.map((): LedgerBatch[] => [])
  for (const { place, ...batch } of done) ahead[place]!.push({ state: 'done', ...batch })
  for (const { place, first, count, again, state } of open) {
    const at = ahead[place]!.findIndex((batch) => batch.first === first)
    const shown = state === 'failed' ? 'failed' : 'ready'
    if (at >= 0) ahead[place]![at] = { ...ahead[place]![at]!, state: shown }
    else if (!again) ahead[place]!.push({ ...neverComputed, first, count, state: shown })
  }
  for (const batches of ahead) batches.sort((a, b) => a.first - b.first)
  return new Map(demands.map((demand, place) => [demand, ahead[place]!]))
}

const neverComputed = { cut: null, digest: null, tally: null, record: null, bits: [], cpuSeconds: null } as const

function recompute(client: pg.PoolClient, settled: readonly Settled[]): void {
  const again = settled.flatMap(({ demand, settlement }) =>
    settlement.again.map((each) => ({ cell: demand.cell, ...each })),
  )
  if (again.length === 0) return
  runDeferred(client, recomputeStatement, [JSON.stringify(again)])
}

const recomputeStatement = prepared(`
  insert into farm.pending (cell_id, first, count, again, cut, generation, attempts)
  select b.cell_id, b.first, b.count, true, u.cut, b.generation + 1, b.attempts
    from jsonb_to_recordset($1::jsonb) u (cell text, first bigint, count bigint, cut json)
    cross join lateral (
      select * from farm.batch b where b.cell_id = u.cell and b.first = u.first and b.count = u.count limit 1) b
  on conflict (cell_id, first) do nothing`)
