import type { Database } from '../database.ts'
import type { CellModel, Columns, SweepModel, WorkerModel } from '../rows.ts'
import { latestEnd, term } from './leadership.ts'
import { live, present } from './states.ts'

/** Whether the farm can go on with a sweep. If it lacks several things, the most serious one is reported. */
export type FarmState =
  | { readonly state: 'works' }
  /** A process of the farm cannot store anything: the disk of the database is full. `trouble`: in its own words. */
  | { readonly state: 'full'; readonly trouble: string }
  /** The database itself does not answer, for this reason. Told by who asked for it in vain. */
  | { readonly state: 'unreachable'; readonly reason: string }
  /** No coordinator has been heard of recently. */
  | { readonly state: 'leaderless' }
  /** No worker that takes batches has been heard of recently. */
  | { readonly state: 'workerless' }
  /**
   * Versions differ: the leader cannot compute cells of the sweep's kernel version, or all workers are of another
   * version.
   */
  | {
      readonly state: 'kernel'
      readonly wanted: number
      readonly leader: number | null
      readonly workers: readonly number[]
    }
  /** Jobs wait in the leader's queue, and every worker listens to another queue. */
  | { readonly state: 'elsewhere'; readonly leader: string; readonly workers: readonly string[] }

export interface Presence {
  /** Null where nobody leads. Kernel and queue are null where the leader has not registered them. */
  readonly leader: { readonly kernel: WorkerModel['kernel'] | null; readonly queue: WorkerModel['queue'] } | null
  /** The workers that take batches. */
  readonly workers: readonly PresentWorker[]
  /** Whether jobs have been waiting in the queue for a while. */
  readonly waiting: boolean
  /** The newest kernel version that a cell of the sweep needs; null where none is open. */
  readonly kernel: CellModel['kernel'] | null
  /** What keeps a process of the farm from working, in its own words; null where nothing does. */
  readonly trouble: WorkerModel['trouble']
}

export interface PresentWorker extends Columns<WorkerModel, 'kernel' | 'threads' | 'queue'> {
  /** Whether it computes a batch: then the leader's jobs reach it, whatever name its queue has. */
  readonly computes: boolean
}

/**
 * A process is heard of if its last heartbeat or renewal is younger than this. They come every 3 s. Scheduling waits
 * until five are missed, but users are told after one, within 5 s. A sign of life from the future was written before
 * the clock was set back, and is ignored.
 */
const heard = "interval '4.2 seconds'"
/** A job is taken within milliseconds of being added unless all threads are busy, and then some worker is computing. */
const unheard = "interval '2 seconds'"

/** Who leads and who works now, as seen from a sweep or, without one, from the farm. Takes 0.3 ms. */
export async function presence({ pool }: Database, sweepId: string | null = null): Promise<Presence> {
  const { rows } = await pool.query<Presence>(
    `select
       (select jsonb_build_object('kernel', w.kernel, 'queue', w.queue)
          from farm.leader l left join farm.worker w on w.id = l.holder
         where l.until between now() + ${term} - ${heard} and ${latestEnd}) as leader,
       (select coalesce(
                 jsonb_agg(
                   jsonb_build_object(
                     'kernel', w.kernel, 'threads', w.threads, 'queue', w.queue,
                     'computes', exists (select from farm.bundle u where u.worker_id = w.id))
                   order by w.id),
                 '[]')
          from farm.worker w
         where w.kind <> 'coordinator' and w.state = 'alive'
           and w.seen_at between now() - ${heard} and now() + ${heard}) as workers,
       exists (select from farm.bundle u where u.worker_id is null and u.fed_at < now() - ${unheard}) as waiting,
       (select s.kernel from farm.sweep s where s.id = $1 and s.open > 0) as kernel,
       (select w.trouble from farm.worker w
         where w.trouble is not null and ${present('w')}
           and w.seen_at between now() - ${heard} and now() + ${heard} limit 1) as trouble`,
    [sweepId],
  )
  return rows[0]!
}

/**
 * The state of the farm for the sweep that has waited longest for it; null where no sweep waits and nobody is in
 * trouble.
 */
export async function stateOfFarm(database: Database): Promise<FarmState | null> {
  const { trouble } = await presence(database)
  if (trouble !== null) return { state: 'full', trouble }
  const { rows } = await database.pool.query<Columns<SweepModel, 'id'>>(
    `select s.id from farm.sweep s where s.runner is null and ${live('s')} order by s.submitted_at, s.id limit 1`,
  )
  return rows[0] === undefined ? null : farmState(await presence(database, rows[0].id))
}

/** Derives the state of the farm from who is present. A pure function. */
export function farmState({ leader, workers, waiting, kernel, trouble }: Presence): FarmState {
  if (trouble !== null) return { state: 'full', trouble }
  if (leader === null) return { state: 'leaderless' }
  if (workers.length === 0) return { state: 'workerless' }
  // A kernel also computes cells of earlier versions, and a leader feeds the queues of its own version and of those.
  const led = leader.kernel === null || leader.kernel >= (kernel ?? 0)
  const fit = workers.filter(
    (worker) => worker.kernel <= (leader.kernel ?? worker.kernel) && worker.kernel >= (kernel ?? 0),
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
