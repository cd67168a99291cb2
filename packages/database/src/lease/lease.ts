import { type Demand, observedKeys, type RecordRule, type ResolvedCell, talliedHorizons } from '@driftfarm/spec'
import { type PremiseLevel, premiseLevels, premisesVersion } from '@driftfarm/statistics'
import type pg from 'pg'
import { type Database, inOneRoundTrip } from '../connection/database.ts'
import { prepared, run } from '../connection/prepared.ts'
import { continuesByItself, liveRequestsOn, mayContinue, requestsOn, schedulable } from '../ledger/conditions.ts'
import { estimateContextOf } from '../ledger/layouts.ts'
import { limits } from '../ledger/limits.ts'
import { isFirstBatch, levelToRaise, premisesWanted } from '../ledger/premises.ts'
import { bitsWanted, covers, union } from '../ledger/recorded.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { BundleJob, BundleLease, Cut, Lease, PremisesWanted } from '../ledger/workLedger.ts'

interface Row
  extends Columns<
      'Pending',
      'first' | 'count' | 'generation' | 'again' | 'failures' | 'vanished' | 'cut',
      { cut: Cut | null }
    >,
    Columns<'Cell', 'canonical' | 'dataHash' | 'testHash' | 'startHash' | 'cost' | 'form'> {
  readonly cell: RowOf<'Cell'>['id']
  /** The position of the batch's row in farm.pending when the row was read. */
  readonly tid: string
  readonly secondsPerTrial: number | null
  readonly premises: boolean
  /**
   * The level of the stored premises (see `levelToRaise`). Null if no premises are stored, or if this batch may not
   * raise the level.
   */
  readonly level: PremiseLevel | null
  /**
   * What is stored for the batch now (`record`, `bits`, `horizons`, and the keys of its `observed` values), if
   * it is to be recomputed; otherwise null.
   */
  readonly record: RecordRule | null
  readonly bits: Columns<'Batch', 'bits'>['bits'] | null
  readonly horizons: readonly { readonly horizon: number }[] | null
  readonly observed: readonly string[] | null
  readonly requesting: readonly string[] | null
  /** Sweeps that do not request the batch yet, but may do so after their next check point. */
  readonly continuing: readonly string[] | null
  /** The largest number of trials that any sweep requests for the cell. */
  readonly target: number | null
  /** The expected duration of the batch's bundle, if known. */
  readonly seconds: RowOf<'Bundle'>['seconds']
  /** In the first row, all sweeps that request any of the batches; null in the other rows. */
  readonly requests: readonly SweepRequest[] | null
}

interface SweepRequest {
  readonly id: RowOf<'Sweep'>['id']
  readonly schedulable: boolean
  readonly continues: boolean
  readonly cells: RowOf<'Sweep'>['cells']
  readonly contrasts: boolean
  readonly record: RecordRule
  readonly horizons: readonly number[]
  readonly rateAfter: number | null
  readonly observe: Demand['observe'] | null
}

const requests = `
  s.id, ${schedulable('s')} as schedulable, ${continuesByItself('s')} as "continues", s.cells,
  coalesce(s.demand -> 'contrasts', '[]') <> '[]' as contrasts, s.demand -> 'record' as record,
  s.demand -> 'horizons' as horizons, (s.demand ->> 'rateAfter')::bigint as "rateAfter",
  s.demand -> 'observe' as observe`

// `limit 1` keeps the planner from joining whole tables, whatever its statistics. If the statement waits while another
// worker commits, it may lease batches that this commit finishes. This does no harm, because a second result of a batch
// counts as a duplicate.
const bundleBatchesQuery = (demands: string) =>
  prepared(`
  with held as (
    update farm.bundle set worker_id = $3, started_at = now(), leases = leases + $4::int where id = $1
    returning id, seconds
  ), batches as materialized (
    select p.cell_id as cell, p.ctid::text as tid,
           ${columns<'Pending'>('p', 'first', 'count', 'generation', 'again', 'failures', 'vanished', 'cut')},
           ${columns<'Cell'>('c', 'canonical', 'dataHash', 'testHash', 'startHash', 'cost', 'form')},
           l.seconds as "secondsPerTrial", ${premisesWanted('p', '$2')} as premises,
           ${levelToRaise('p', '$2')} as level, d.requesting, d."continuing", d.target,
           b.record, b.bits, b.horizons, b.observed, held.seconds
      from held
      cross join lateral (select p.*, p.ctid from farm.pending p where p.bundle = held.id offset 0) p
      cross join lateral (select * from farm.cell c where c.id = p.cell_id limit 1) c
      left join lateral (select b.cpu_seconds / b.count as seconds from farm.batch b
                          where not ${isFirstBatch('p')} and b.cell_id = p.cell_id
                          order by b.first desc limit 1) l on true
      left join lateral (select b.record, b.bits, b.tally -> 'horizons' as horizons,
                                array(select json_object_keys(b.tally -> 'observed')) as observed from farm.batch b
                          where p.again and b.cell_id = p.cell_id and b.first = p.first limit 1) b on true
      cross join lateral (
        select array_agg(d.sweep_id) filter (where d.target > p.first) as requesting,
               array_agg(d.sweep_id) filter (where d.target <= p.first and ${mayContinue('d')}) as "continuing",
               max(d.target) as target
          from ${demands} where d.state = 'open') d
  )
  select batches.*,
         case when row_number() over (order by form, cell, first) = 1 then
           (select jsonb_agg(requests)
              from (select ${requests} from farm.sweep s
                     where s.id = any(array(select unnest(requesting || "continuing") from batches))) requests)
         end as requests
    from batches order by form, cell, first`)

const liveBundleQuery = bundleBatchesQuery(liveRequestsOn('p.cell_id'))
/** Includes the requests of sweeps that are not live, since such a sweep may have been resumed in the meantime. */
const bundleQuery = bundleBatchesQuery(requestsOn('p.cell_id'))

const leaseOptions = { retry: true, durable: false, keepsPlans: true } as const

/**
 * Leases the remaining batches of a bundle. A bundle that another worker has leased may be leased again, since that
 * worker may be dead. The first commit of each batch counts. A lease need not survive a crash of the database server:
 * after a crash, the bundle is dispatched again, or its results are committed without the lease.
 */
export async function leaseBundle(database: Database, { bundle }: BundleJob, workerId: string): Promise<BundleLease> {
  const values = [bundle, premisesVersion, workerId]
  const { rows } = await inOneRoundTrip<Row>(database.pool, liveBundleQuery, [...values, 1], leaseOptions)
  const requests = byId(rows[0]?.requests ?? [])
  const isWanted = rows.every((row) => requestsOf(row, requests).length > 0)
  if (rows.length > 0 && isWanted && sweepsWithContrasts(requests).length === 0)
    return leaseOf(bundle, rows, requests, new Map())
  /**
   * Leases the bundle in a transaction. Returns null if `liveBundleQuery` finds a batch that no live sweep requests.
   * The caller must then use `bundleQuery`, which reads the requests of all sweeps.
   */
  const leaseWith = (statement: typeof liveBundleQuery) =>
    database.transaction(async (client) => {
      const { rows } = await run<Row>(client, statement, [...values, 0])
      const requests = await lockRequests(client, rows)
      const unwanted = rows.filter((row) => requestsOf(row, requests).length === 0)
      if (unwanted.length > 0 && statement !== bundleQuery) return null
      // The unwanted batches leave the bundle and wait until a sweep requests them. If a batch was committed or put
      // into a new bundle in the meantime, its row no longer has the given ctid, so the row is skipped.
      if (unwanted.length > 0)
        await client.query(
          `update farm.pending set state = 'parked', bundle = null, generation = generation + 1
            where ctid = any($1::tid[]) and bundle = $2`,
          [unwanted.map(({ tid }) => tid), bundle],
        )
      if (unwanted.length === rows.length) await client.query('delete from farm.bundle where id = $1', [bundle])
      return leaseOf(bundle, rows, requests, await bitsOfCells(client, rows, requests))
    }, leaseOptions)
  // Sweeps must be locked in the order of their ids. The second attempt may lock sweeps with smaller ids than those of
  // the first attempt, so it uses a new transaction.
  return (isWanted ? await leaseWith(liveBundleQuery) : null) ?? (await leaseWith(bundleQuery))!
}

function leaseOf(
  bundle: number,
  rows: readonly Row[],
  requests: ReadonlyMap<string, SweepRequest>,
  bits: ReadonlyMap<string, readonly string[]>,
): BundleLease {
  const batches = rows.flatMap((row) => {
    const live = requestsOf(row, requests)
    return live.length === 0 ? [] : [batchOf(bundle, row, live, bits.get(row.cell) ?? [])]
  })
  const [{ seconds } = { seconds: null }] = rows
  return { bundle, batches, parked: rows.length - batches.length, alone: rows.some(isLastAttempt), seconds }
}

const isLastAttempt = ({ failures, vanished }: Row): boolean =>
  failures >= limits.failuresBeforeAlone || vanished >= limits.vanishedBeforeAlone

const byId = (sweeps: readonly SweepRequest[]): ReadonlyMap<string, SweepRequest> =>
  new Map(sweeps.map((sweep) => [sweep.id, sweep]))

const lockSweepsQuery = prepared(
  `select ${requests} from farm.sweep s where s.id = any($1) order by s.id for share of s`,
)

/**
 * Locks the sweeps that request the batches. A sweep that is resumed in the meantime waits for this transaction, and
 * then releases the parked batches.
 */
async function lockRequests(client: pg.PoolClient, rows: readonly Row[]): Promise<ReadonlyMap<string, SweepRequest>> {
  const ids = new Set(rows.flatMap(({ requesting, continuing }) => [...(requesting ?? []), ...(continuing ?? [])]))
  return byId((await run<SweepRequest>(client, lockSweepsQuery, [[...ids]])).rows)
}

function requestsOf({ requesting, continuing }: Row, requests: ReadonlyMap<string, SweepRequest>): SweepRequest[] {
  const wants = [...new Set(requesting)].map((id) => requests.get(id))
  const might = [...new Set(continuing)].map((id) => requests.get(id)).filter((sweep) => sweep?.continues)
  return [...wants, ...might].filter((sweep): sweep is SweepRequest => sweep?.schedulable === true)
}

const sweepsWithContrasts = (requests: ReadonlyMap<string, SweepRequest>): string[] =>
  [...requests.values()].filter((sweep) => sweep.schedulable && sweep.contrasts).map(({ id }) => id)

/** For each cell, the estimates for which live sweeps need event bits. */
async function bitsOfCells(
  client: pg.PoolClient,
  rows: readonly Row[],
  requests: ReadonlyMap<string, SweepRequest>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = sweepsWithContrasts(requests)
  const sharing = rows.filter(({ canonical }) => estimateContextOf(canonical).commonSeed !== null)
  if (ids.length === 0 || sharing.length === 0) return new Map()
  const { rows: found } = await client.query<
    { cell: string } & Columns<'Request', 'params', { params: ResolvedCell['params'] }> & Pick<Demand, 'contrasts'>
  >(
    `select d.cell_id as cell, d.params, s.demand -> 'contrasts' as contrasts
       from farm.request d join farm.sweep s on s.id = d.sweep_id
      where d.cell_id = any($1) and d.sweep_id = any($2) and d.state = 'open'`,
    [[...new Set(sharing.map(({ cell }) => cell))], ids],
  )
  const wanted = new Map<string, string[]>()
  for (const { cell, params, contrasts } of found)
    wanted.set(cell, [...(wanted.get(cell) ?? []), ...bitsWanted({ sharesNoise: true, params }, { contrasts })])
  return wanted
}

function batchOf(bundle: number, row: Row, live: readonly SweepRequest[], bits: readonly string[]): Lease {
  const { cell, first, count, generation, again, canonical, form, cost, secondsPerTrial, cut } = row
  // A recomputed batch must contain all rows, horizons, values and event bits stored so far, since another sweep may
  // use them.
  const horizons = new Set(row.horizons?.map(({ horizon }) => horizon))
  for (const { horizons: requested, rateAfter } of live)
    for (const horizon of talliedHorizons({ horizons: requested, rateAfter: rateAfter ?? 0 })) horizons.add(horizon)
  const observe = live.flatMap(({ observe }) => observedKeys(observe ?? []))
  return {
    cell,
    bundle,
    first,
    count,
    generation,
    again,
    canonical,
    form,
    tables: [row.dataHash, row.testHash, row.startHash].filter((hash) => hash !== null),
    attempt: row.failures + row.vanished + 1,
    record: live.reduce(
      (rule, { record }) => (covers(rule, record) ? rule : union(rule, record)),
      row.record ?? ({ kind: 'none' } as RecordRule),
    ),
    horizons: [...horizons].sort((a, b) => a - b),
    observe: [...new Set([...(row.observed ?? []), ...observe])].sort(),
    bits: [...new Set([...(row.bits ?? []), ...bits])].sort(),
    secondsPerTrial,
    cost,
    cut,
    premises: premisesOfRow(row, live),
  }
}

function premisesOfRow({ premises, level, target }: Row, live: readonly SweepRequest[]): PremisesWanted | null {
  if (!premises && (level === null || level >= premiseLevels.at(-1)!)) return null
  const cells = Math.min(...live.map(({ cells }) => cells))
  return { trials: target ?? 0, cells, above: premises ? null : level }
}
