import { type Database, lookUp } from '../database.ts'
import { prepared } from '../prepared.ts'
import type { CellModel, Columns, SweepModel, WorkerModel } from '../rows.ts'
import { latestEnd, term } from './leadership.ts'
import { live, present } from './states.ts'

/** Whether the farm can go on with a sweep. If it lacks several things, the most serious one is reported. */
export type FarmState =
  | { readonly state: 'works' }
  /** A process of the farm cannot store anything: the disk of the database is full. `trouble`: in its own words. */
  | { readonly state: 'full'; readonly trouble: string }
  /** The database has not answered since then, as seen by a client. `reason`: its error; null if it sent none. */
  | { readonly state: 'unreachable'; readonly reason: string | null; readonly since: string }
  /** All coordinators, or all workers, report that the queue does not answer them. */
  | {
      readonly state: 'queue'
      readonly place: string | null
      readonly from: 'coordinators' | 'workers'
      readonly seconds: number
    }
  /** No leader has reported for `seconds`; null if there never was one, or if it has signed off. */
  | {
      readonly state: 'leaderless'
      readonly seconds: number | null
      /** In how many seconds a running coordinator takes over; null if none is running. */
      readonly standbySeconds: number | null
      /** Whether the database has just started, so that running processes may not have reported yet. */
      readonly restarted: boolean
    }
  /** No worker has reported for `seconds`; null if none is registered. `ending`: all workers are draining. */
  | {
      readonly state: 'workerless'
      readonly seconds: number | null
      readonly ending: boolean
      readonly restarted: boolean
    }
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
  readonly leader: ({ readonly kernel: WorkerModel['kernel'] | null } & Listener) | null
  /** Other processes that could lead. */
  readonly standbys: readonly Listener[]
  /** Time since a leader last reported, and the rest of its term; null if the last leader has signed off. */
  readonly lastLeader: { readonly seconds: number; readonly leftSeconds: number } | null
  /** The workers that take batches. */
  readonly workers: readonly PresentWorker[]
  /** Whether workers are running that take no new batches and end when the current ones are done. */
  readonly draining: boolean
  /** Seconds since a worker that takes batches last reported; null if all workers have signed off. */
  readonly lastWorkerSeconds: number | null
  /** Seconds since the database started. */
  readonly startedSeconds: number
  /** Whether jobs have been waiting in the queue for a while. */
  readonly waiting: boolean
  /** The newest kernel version that a cell of the sweep needs; null where none is open. */
  readonly kernel: CellModel['kernel'] | null
  /** What keeps a process of the farm from working, in its own words; null where nothing does. */
  readonly trouble: WorkerModel['trouble']
}

/** A process that uses the queue. */
export interface Listener extends Columns<WorkerModel, 'queue' | 'queueServer'> {
  /** How long its queue has not answered; null while it does. */
  readonly queueLostSeconds: number | null
}

export interface PresentWorker extends Listener, Columns<WorkerModel, 'kernel' | 'threads'> {
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
/** All running processes report within this time after the database has started, in seconds. */
const reportedSeconds = 15

/** SQL: how worker w uses the queue, as the fields of a JSON object. */
const listener = `'queue', w.queue, 'queueServer', w.queue_server,
  'queueLostSeconds', extract(epoch from now() - w.queue_lost_at)::float8`

/** SQL: worker w has been heard of recently. */
export const isHeard = (w: string): string =>
  `(${present(w)} and ${w}.seen_at between now() - ${heard} and now() + ${heard})`

/** SQL: the leader's row l was renewed recently. */
export const isLed = (l: string): string => `(${l}.until between now() + ${term} - ${heard} and ${latestEnd})`

const whoIsHere = prepared(`select
       (select jsonb_build_object('kernel', w.kernel, ${listener})
          from farm.leader l left join farm.worker w on w.id = l.holder
         where ${isLed('l')}) as leader,
       (select coalesce(jsonb_agg(jsonb_build_object(${listener}) order by w.id), '[]')
          from farm.worker w
         where w.kind in ('up', 'coordinator') and w.state = 'alive' and ${isHeard('w')}
           and not exists (select from farm.leader l where l.holder = w.id and ${isLed('l')})) as standbys,
       (select jsonb_build_object(
                 'seconds', greatest(0, extract(epoch from now() - l.until + ${term}))::float8,
                 -- A term that ends later was written before the clock was set, and counts as over.
                 'leftSeconds', case when l.until <= ${latestEnd}
                                     then greatest(0, extract(epoch from l.until - now()))::float8 else 0 end)
          from farm.leader l where l.until > '-infinity') as "lastLeader",
       (select coalesce(
                 jsonb_agg(
                   jsonb_build_object(
                     'kernel', w.kernel, 'threads', w.threads, ${listener},
                     'computes', exists (select from farm.bundle u where u.worker_id = w.id))
                   order by w.id),
                 '[]')
          from farm.worker w
         where w.kind <> 'coordinator' and w.state = 'alive' and ${isHeard('w')}) as workers,
       (select min(greatest(0, extract(epoch from now() - w.seen_at)))::float8
          from farm.worker w where w.kind <> 'coordinator' and w.state = 'alive') as "lastWorkerSeconds",
       exists (select from farm.worker w
                where w.kind <> 'coordinator' and w.state = 'draining' and ${isHeard('w')}) as draining,
       extract(epoch from now() - pg_postmaster_start_time())::float8 as "startedSeconds",
       exists (select from farm.bundle u where u.worker_id is null and u.fed_at < now() - ${unheard}) as waiting,
       (select s.kernel from farm.sweep s where s.id = $1 and s.open > 0) as kernel,
       (select w.trouble from farm.worker w
         where w.trouble is not null and ${isHeard('w')} limit 1) as trouble`)

/** Who leads and who works now, as seen from a sweep or, without one, from the farm. */
export async function presence({ pool }: Database, sweepId: string | null = null): Promise<Presence> {
  const { rows } = await lookUp<Presence>(pool, whoIsHere, [sweepId])
  return rows[0]!
}

/** Whether a process other than `holder` could take over from a leader of this kernel version: its queue answers. */
export async function hasStandby({ pool }: Pick<Database, 'pool'>, holder: string, kernel: number): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select from farm.worker w where w.kind in ('up', 'coordinator') and w.id <> $1
       and w.state = 'alive' and w.kernel >= $2 and w.queue_lost_at is null and ${isHeard('w')}) as found`,
    [holder, kernel],
  )
  return rows[0]!.found
}

/**
 * The state of the farm for the sweep that has waited longest for it; null where no sweep waits and nobody is in
 * trouble.
 */
export async function stateOfFarm(database: Database): Promise<FarmState | null> {
  const present = farmState(await presence(database))
  if (present.state === 'full' || present.state === 'queue') return present
  const { rows } = await database.pool.query<Columns<SweepModel, 'id'>>(
    `select s.id from farm.sweep s where s.runner is null and ${live('s')} order by s.submitted_at, s.id limit 1`,
  )
  return rows[0] === undefined ? null : farmState(await presence(database, rows[0].id))
}

/** Derives the state of the farm from who is present. A pure function. */
export function farmState(presence: Presence): FarmState {
  const { leader, standbys, lastLeader, workers, lastWorkerSeconds, waiting, kernel, trouble } = presence
  if (trouble !== null) return { state: 'full', trouble }
  const lost = queueLost(leader === null ? standbys : [leader, ...standbys], 'coordinators')
  if (lost !== null) return lost
  if (leader === null)
    return {
      state: 'leaderless',
      seconds: lastLeader === null ? null : coarse(lastLeader.seconds),
      standbySeconds: standbys.length === 0 ? null : Math.ceil(lastLeader?.leftSeconds ?? 0),
      restarted: hasYetToReport(lastLeader?.seconds ?? null, presence),
    }
  if (workers.length === 0)
    return {
      state: 'workerless',
      seconds: lastWorkerSeconds === null ? null : coarse(lastWorkerSeconds),
      ending: presence.draining,
      restarted: hasYetToReport(lastWorkerSeconds, presence),
    }
  const cutOff = queueLost(workers, 'workers')
  if (cutOff !== null) return cutOff
  // A kernel also computes cells of earlier versions, and a leader feeds the queues of its own version and of those.
  const led = leader.kernel === null || leader.kernel >= (kernel ?? 0)
  const fit = workers.filter(
    (worker) => worker.kernel <= (leader.kernel ?? worker.kernel) && worker.kernel >= (kernel ?? 0),
  )
  if (kernel !== null && (!led || fit.length === 0))
    return { state: 'kernel', wanted: kernel, leader: leader.kernel, workers: distinct(workers, 'kernel') }
  const { queue } = leader
  const deaf = fit.length > 0 && fit.every((worker) => !worker.computes && isElsewhere(worker, leader))
  if (queue !== null && waiting && deaf)
    return { state: 'elsewhere', leader: queue, workers: distinct(fit, 'queue').filter((place) => place !== null) }
  return { state: 'works' }
}

/** If the start of the server lies in the future, its clock was set back since. */
const hasYetToReport = (seconds: number | null, { startedSeconds }: Presence): boolean =>
  seconds !== null && startedSeconds >= 0 && startedSeconds < reportedSeconds && seconds > startedSeconds

/** Rounds an age in steps that grow with it, so that a state changes rarely while it lasts. */
export function coarse(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 3_600 ? 60 : 3_600
  return Math.max(1, step * Math.round(seconds / step))
}

/** The state `queue` if the queue answers none of these processes, else null. */
function queueLost(of: readonly Listener[], from: 'coordinators' | 'workers'): FarmState | null {
  if (of.length === 0 || of.some(({ queueLostSeconds }) => queueLostSeconds === null)) return null
  const places = new Set(of.map(({ queue }) => queue))
  const seconds = coarse(Math.max(...of.map(({ queueLostSeconds }) => queueLostSeconds!)))
  return { state: 'queue', place: places.size === 1 ? of[0]!.queue : null, from, seconds }
}

/**
 * Whether two processes certainly use different queues. Two addresses may lead to the same server, so two servers
 * count as different only if both answer.
 */
function isElsewhere(a: Listener, b: Listener): boolean {
  if (a.queue === null || b.queue === null || a.queue === b.queue) return false
  if (a.queue === 'postgres' || b.queue === 'postgres') return true
  return a.queueServer !== null && b.queueServer !== null && a.queueServer !== b.queueServer
}

const distinct = <K extends 'kernel' | 'queue'>(workers: readonly PresentWorker[], key: K): PresentWorker[K][] => [
  ...new Set(workers.map((worker) => worker[key])),
]
