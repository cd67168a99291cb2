import { hostname } from 'node:os'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { type Database, inOneRoundTrip } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import { alive, present } from '../ledger/conditions.ts'
import type { Heartbeat, Lease, WorkerRow } from '../ledger/workLedger.ts'

export async function register(
  { pool }: Database,
  { id, kind, host = hostname(), pid = process.pid, threads, kernel = KERNEL_VERSION, queue }: WorkerRow,
): Promise<void> {
  await pool.query(
    `insert into farm.worker (id, kind, host, pid, threads, kernel, queue) values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (id) do update set kind = excluded.kind, host = excluded.host, pid = excluded.pid,
       threads = excluded.threads, kernel = excluded.kernel, queue = excluded.queue, state = 'alive', seen_at = now(),
       trouble = null, queue_lost_at = null, queue_server = null`,
    [id, kind, host, pid, threads, kernel, queue ?? null],
  )
}

const heartbeatStatement = prepared(`
  with beat as (
    update farm.worker
       set state = $2, seen_at = now(), trouble = $3, queue_server = $5, engine = $9,
           queue_lost_at = case when $4::float8 > 0 then now() - $4 * interval '1 ms' end
     where id = $1)
  select l.place::int
    from unnest($6::text[], $7::bigint[], $8::bigint[]) with ordinality l (cell, first, bundle, place)
    left join lateral (
      select p.bundle from farm.pending p where p.cell_id = l.cell and p.first = l.first limit 1) p on true
    left join lateral (select u.worker_id from farm.bundle u where u.id = l.bundle limit 1) u on true
   where p.bundle is distinct from l.bundle or u.worker_id is distinct from $1`)

/** Stores a heartbeat. Returns the leases that no longer belong to the worker. */
export async function heartbeat(
  { pool }: Pick<Database, 'pool'>,
  id: string,
  { state, trouble, queue, engine = null, leases }: Heartbeat,
): Promise<readonly Lease[]> {
  // A heartbeat need not survive a crash of the server, since the next one comes in 3 s. So it does not wait for the
  // disk; otherwise a thousand workers would overload the disk.
  const { rows } = await inOneRoundTrip<{ place: number }>(
    pool,
    heartbeatStatement,
    [...[id, state, trouble, queue.lostForMs, queue.server], ...fieldsOf(leases, 'cell', 'first', 'bundle'), engine],
    { durable: false },
  )
  return rows.map(({ place }) => leases[place - 1]!)
}

/**
 * Signs a worker off. A worker that never computed anything is deleted. Thus a `run` of a complete sweep leaves the
 * database unchanged.
 */
export async function deregister({ pool }: Database, id: string): Promise<void> {
  await pool.query(
    `with idle as (delete from farm.worker where id = $1 and batches = 0)
     update farm.worker set state = 'gone', seen_at = now() where id = $1 and batches > 0`,
    [id],
  )
}

/**
 * Whether `driftfarm up` or `driftfarm coordinator` is running. Either process contains a coordinator, which takes over
 * sweeps that are submitted without a runner.
 */
export async function farmIsServed({ pool }: Database): Promise<boolean> {
  const { rows } = await pool.query<{ served: boolean }>(
    // Two missed heartbeats are tolerated, but not more: a `run` should not wait for a coordinator that was killed. Nor
    // should it trust a heartbeat whose time lies in the future.
    `select exists (select from farm.worker w where w.kind in ('up', 'coordinator') and ${present('w')}
       and w.seen_at between now() - interval '7 seconds' and now() + interval '7 seconds') as served`,
  )
  return rows[0]?.served === true
}

/** A worker that has not signed off. */
export interface RegisteredWorker {
  readonly id: string
  /** Changes with every heartbeat. */
  readonly beat: string
  /** Whether the worker is alive by the database's clock; only a hint, since the clock may have been changed. */
  readonly alive: boolean
}

/**
 * Marks killed workers as gone, so that later passes ignore them. A worker that has sent a heartbeat since `workers`
 * was read is not marked. A worker that comes back later registers with its next heartbeat.
 */
export async function signOff(
  { pool }: Database,
  workers: readonly Pick<RegisteredWorker, 'id' | 'beat'>[],
): Promise<void> {
  if (workers.length === 0) return
  await pool.query(
    `update farm.worker w set state = 'gone' from unnest($1::text[], $2::text[]) u (id, beat)
      where w.id = u.id and w.seen_at::text = u.beat`,
    [...fieldsOf(workers, 'id', 'beat')],
  )
}

export async function registeredWorkers({ pool }: Database): Promise<RegisteredWorker[]> {
  const { rows } = await pool.query<RegisteredWorker>(
    `select w.id, w.seen_at::text as beat, ${alive('w')} as alive from farm.worker w where ${present('w')}`,
  )
  return rows
}
