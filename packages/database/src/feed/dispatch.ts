import { type Demand, demandOf, type Method } from '@driftfarm/spec'
import type pg from 'pg'
import { arrayOf } from '../connection/copy.ts'
import { type Database, lookUp } from '../connection/database.ts'
import { prepared, run } from '../connection/prepared.ts'
import { deleteIfEmpty, insertBundles, type NewBundle } from '../ledger/bundle.ts'
import {
  allowsMove,
  continuesByItself,
  endOf,
  type IndexSelection,
  liveRequestsOn,
  mayContinue,
  requestsAt,
} from '../ledger/conditions.ts'
import { asLeader } from '../ledger/leadership.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { BundleJob } from '../ledger/workLedger.ts'

export interface CellCost extends Columns<'Cell', 'kernel' | 'form' | 'cost'> {
  /**
   * Thread time of a trial in seconds, measured in the last finished batch of the cell; null if no batch is finished.
   */
  readonly secondsPerTrial: number | null
  readonly marks: number
}

export interface OpenCell extends CellCost, Columns<'Request', 'index' | 'target'> {
  readonly cell: RowOf<'Cell'>['id']
  /**
   * Trials below this index are requested now. If the sweep requests a fixed number of trials, the index is this
   * number. Otherwise, the index is the next check point: the number of trials after which it is decided whether the
   * cell continues.
   */
  readonly target: number
  /** Trials below this index have been dispatched. */
  readonly next: number
  /**
   * Number of dispatched batches; 0 once a batch of the cell is finished, because the cost of the cell is then known.
   */
  readonly out: number
  /**
   * Whether the cell is due to be settled: its batches can be merged, or the coordinator must decide how it continues.
   */
  readonly due: boolean
  /** Whether the cell continues after its next check point if no stopping rule is met. */
  readonly continues: boolean
  /**
   * The requests of this sweep and of all other live sweeps for the cell. Batches must not straddle the boundaries of
   * these requests.
   */
  readonly demands: readonly Pick<Demand, 'trials' | 'until' | 'record' | 'contrasts' | 'observe'>[]
}

type Row = Omit<OpenCell, 'demands' | 'continues'> & {
  readonly method: Method['kind']
  readonly sweeps: readonly string[]
  readonly unstopped: boolean
}

export async function openCells({ pool }: Database, sweepId: string, places: IndexSelection): Promise<OpenCell[]> {
  const { sql, values } = requestsAt(places)
  // `limit 1` and aggregates keep the planner from joining whole tables, whatever statistics it has.
  const statement = prepared(`
    select d.cell_id as cell, ${columns<'Request'>('d', 'index', 'target')}, ${mayContinue('d')} as unstopped,
           ${columns<'Cell'>('c', 'kernel', 'form', 'cost', 'method')}, cardinality(c.marks) as marks,
           greatest(b.until, p.until, 0) as next, b.seconds as "secondsPerTrial", o.sweeps,
           case when b.until is null and p.until is not null
                then (select count(*)::int from farm.pending x where x.cell_id = d.cell_id and x.state = 'ready')
                else 0 end as out,
           (d.trials >= d.target or (d.trials > 0 and d.estimates is null)
             or (b.until > d.trials
               and exists (select from farm.batch x where x.cell_id = d.cell_id and x.first = d.trials))
             or (p.until > d.trials
               and exists (select from farm.pending x
                            where x.cell_id = d.cell_id and x.first = d.trials and x.state = 'failed'))) as due
      from ${sql}
      cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
      left join lateral (select b.first + b.count as until, b.cpu_seconds / b.count as seconds
                           from farm.batch b where b.cell_id = d.cell_id order by b.first desc limit 1) b on true
      left join lateral (select p.first + p.count as until
                           from farm.pending p where p.cell_id = d.cell_id order by p.first desc limit 1) p on true
      cross join lateral (select coalesce(array_agg(o.sweep_id), '{}') as sweeps
                            from (select d.sweep_id from ${liveRequestsOn('d.cell_id')} where d.state <> 'done') o) o
     where d.state = 'open' order by d.index`)
  const { rows } = await lookUp<Row>(pool, statement, [sweepId, ...values])
  const requests = await readSweepRequests(pool, [...new Set([sweepId, ...rows.flatMap(({ sweeps }) => sweeps)])])
  const continues = requests.get(sweepId)?.continues === true
  return rows.map(({ method, sweeps, unstopped, ...row }) => ({
    continues: continues && unstopped,
    demands: [...new Set([sweepId, ...sweeps])].flatMap((id) => requests.get(id)?.demands[method] ?? []),
    ...row,
  }))
}

interface SweepRequest {
  readonly continues: boolean
  /** What the sweep requests of cells with each method. */
  readonly demands: Readonly<Record<Method['kind'], Demand>>
}

async function readSweepRequests(pool: pg.Pool, ids: readonly string[]): Promise<ReadonlyMap<string, SweepRequest>> {
  const { rows } = await pool.query<Columns<'Sweep', 'id' | 'demand', { demand: Demand }> & { continues: boolean }>(
    `select s.id, s.demand, ${continuesByItself('s')} as "continues" from farm.sweep s where s.id = any($1)`,
    [ids],
  )
  return new Map(
    rows.map(({ id, demand, continues }) => {
      const demandOn = (method: Method['kind']) => ({ ...demandOf(demand, method), contrasts: demand.contrasts ?? [] })
      const [direct, splitting, tilt] = [demandOn('direct'), demandOn('splitting'), demandOn('tilt')]
      return [id, { continues, demands: { direct, splitting, tilt } }]
    }),
  )
}

/**
 * Inserts bundles and their batches, and returns the number of inserted batches. The jobs are added to the queue later,
 * by the coordinator that is leading then (`unqueuedBundles`). Only one coordinator dispatches in an epoch, but an
 * import of shards may have dispatched more trials of a cell since the coordinator read it. Such a cell is skipped
 * entirely. If only its later batches were inserted, the trials before them would never be dispatched, because
 * dispatching continues after the last batch.
 */
export async function dispatchBundles(
  database: Database,
  epoch: number,
  sweepId: string,
  bundles: readonly NewBundle[],
): Promise<number> {
  return asLeader(
    database,
    epoch,
    async (client) => {
      // A sweep that is being removed must not get new rows.
      const { rowCount } = await client.query('select from farm.sweep where id = $1 for share', [sweepId])
      if (rowCount === 0) return 0
      const batches = await insertBundles(client, bundles)
      const { rowCount: inserted } = await run(client, dispatchStatement, [
        arrayOf.text(batches.map(({ cell }) => cell)),
        arrayOf.int8(batches.map(({ first }) => first)),
        arrayOf.int8(batches.map(({ count }) => count)),
        arrayOf.int8(batches.map(({ bundle }) => bundle)),
      ])
      await client.query(
        `update farm.sweep s set state = 'running' where s.id = $1 and ${allowsMove('s', 'dispatch')}`,
        [sweepId],
      )
      if (inserted !== batches.length)
        for (const bundle of new Set(batches.map(({ bundle }) => bundle))) await deleteIfEmpty(client, bundle)
      return inserted ?? 0
    },
    { keepsPlans: true },
  )
}

const dispatchStatement = prepared(`
  insert into farm.pending (cell_id, first, count, bundle)
  select u.cell, u.first, u.count, u.bundle
    from (select x.*, min(x.first) over (partition by x.cell) as begin
            from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) x (cell, first, count, bundle)) u
   where u.begin = ${endOf('u.cell')}
  on conflict (cell_id, first) do nothing`)

export interface UnqueuedBundle extends BundleJob, Columns<'Bundle', 'urgent' | 'kernel'> {}

/** Bundles that have no job yet, oldest first. */
export async function unqueuedBundles({ pool }: Database, kernel: number, limit: number): Promise<UnqueuedBundle[]> {
  const { rows } = await pool.query<UnqueuedBundle>(
    `select u.id as bundle, ${columns<'Bundle'>('u', 'urgent', 'kernel')}
       from farm.bundle u where u.queued_at is null and u.kernel <= $1
      order by u.id limit $2`,
    [kernel, limit],
  )
  return rows
}

/**
 * Marks bundles as queued after their jobs were added. If the process crashes between the two steps, the jobs are added
 * again under the same ids, which has no effect.
 */
export async function markQueued(database: Database, epoch: number, jobs: readonly BundleJob[]): Promise<void> {
  await asLeader(database, epoch, async (client) => {
    await client.query('update farm.bundle set queued_at = now() where id = any($1) and queued_at is null', [
      jobs.map(({ bundle }) => bundle),
    ])
  })
}
