import type { Database } from '../database.ts'
import type { CellModel, Columns, SweepModel, WorkerModel } from '../rows.ts'
import { term } from './leadership.ts'
import { live } from './states.ts'

/** Whether the farm can go on with a sweep, and what it lacks; the worst alone. */
export type FarmState =
  | { readonly state: 'works' }
  /** No coordinator has been heard of. */
  | { readonly state: 'leaderless' }
  /** No worker has been heard of that would take a batch. */
  | { readonly state: 'workerless' }
  /**
   * Versions differ: the leader computes no cell of the sweep's kernel, or every worker waits in the queue of another
   * version.
   */
  | {
      readonly state: 'kernel'
      readonly wanted: number
      readonly leader: number | null
      readonly workers: readonly number[]
    }
  /** Jobs wait in the leader's queue, and every worker waits at another one. */
  | { readonly state: 'elsewhere'; readonly leader: string; readonly workers: readonly string[] }

export interface Presence {
  /** Null: nobody leads. Its kernel and queue are null where it did not say. */
  readonly leader: { readonly kernel: WorkerModel['kernel'] | null; readonly queue: WorkerModel['queue'] } | null
  /** Those that take batches. */
  readonly workers: readonly PresentWorker[]
  /** Jobs have been in the queue for a while. */
  readonly waiting: boolean
  /** Of the first open cell of the sweep; null without one. */
  readonly kernel: CellModel['kernel'] | null
}

export interface PresentWorker extends Columns<WorkerModel, 'kernel' | 'threads' | 'queue'> {
  /** It computes a batch, so the leader's jobs do reach it, whatever it calls its queue. */
  readonly computes: boolean
}

/**
 * Heartbeats and renewals come every 3 s. Scheduling waits for five missed ones; who waits is told after one, so that
 * it is said within 5 s. A sign of life from the future is of a clock that was set back since, and says nothing.
 */
const heard = "interval '4.2 seconds'"
/** A job is taken within milliseconds of being fed, unless all threads are busy: then some worker computes. */
const unheard = "interval '2 seconds'"

/** Who leads and who works now, seen from a sweep or, without one, from the farm. 0.3 ms. */
export async function presence({ pool }: Database, sweepId: string | null = null): Promise<Presence> {
  const { rows } = await pool.query<Presence>(
    `select
       (select jsonb_build_object('kernel', w.kernel, 'queue', w.queue)
          from farm.leader l left join farm.worker w on w.id = l.holder
         where l.until between now() + ${term} - ${heard} and now() + ${term}) as leader,
       (select coalesce(jsonb_agg(jsonb_build_object('kernel', w.kernel, 'threads', w.threads, 'queue', w.queue,
       'computes',
                 exists (select from farm.batch b where b.state = 'leased' and b.worker_id = w.id))
                 order by w.id), '[]')
          from farm.worker w
         where w.kind <> 'coordinator' and w.state = 'alive' and w.seen_at between now() - ${heard}
         and now() + ${heard}) as workers,
       exists (select from farm.batch b where b.state = 'ready' and b.fed_at < now() - ${unheard}) as waiting,
       (select c.kernel from farm.demand d join farm.cell c on c.id = d.cell_id
         where d.sweep_id = $1 and d.state = 'open' order by d.index limit 1) as kernel`,
    [sweepId],
  )
  return rows[0]!
}

/** Of the sweep that has waited longest for whoever leads; null where none waits. */
export async function stateOfFarm(database: Database): Promise<FarmState | null> {
  const { rows } = await database.pool.query<Columns<SweepModel, 'id'>>(
    `select s.id from farm.sweep s where s.runner is null and ${live('s')} order by s.submitted_at, s.id limit 1`,
  )
  return rows[0] === undefined ? null : farmState(await presence(database, rows[0].id))
}

/** Pure. */
export function farmState({ leader, workers, waiting, kernel }: Presence): FarmState {
  if (leader === null) return { state: 'leaderless' }
  if (workers.length === 0) return { state: 'workerless' }
  // A kernel computes cells of earlier ones too, and each version has a queue of its own.
  const led = leader.kernel === null || leader.kernel >= (kernel ?? 0)
  const fit = workers.filter(
    (worker) => worker.kernel === (leader.kernel ?? worker.kernel) && worker.kernel >= (kernel ?? 0),
  )
  if (kernel !== null && (!led || fit.length === 0))
    return { state: 'kernel', wanted: kernel, leader: leader.kernel, workers: distinct(workers, 'kernel') }
  const { queue } = leader
  const deaf =
    fit.length > 0 && fit.every((worker) => worker.queue !== null && worker.queue !== queue && !worker.computes)
  if (queue !== null && waiting && deaf)
    return { state: 'elsewhere', leader: queue, workers: distinct(fit, 'queue').filter((place) => place !== null) }
  return { state: 'works' }
}

const distinct = <K extends 'kernel' | 'queue'>(workers: readonly PresentWorker[], key: K): PresentWorker[K][] => [
  ...new Set(workers.map((worker) => worker[key])),
]
