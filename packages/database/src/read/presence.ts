import { type Database, lookUp } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import { live, present, schedulable } from '../ledger/conditions.ts'
import { latestTermEnd, term } from '../ledger/leadership.ts'
import type { Columns, RowOf } from '../ledger/rows.ts'

/** Whether the farm can continue a sweep. If there are several obstacles, the most serious one is reported. */
export type FarmState =
  | { readonly state: 'works' }
  /**
   * A process of the farm reports, in `trouble`, that it cannot store anything because the disk of the database is
   * full.
   */
  | { readonly state: 'full'; readonly trouble: string }
  /**
   * A client has had no answer from the database since this time. `reason`: the error of the last attempt; null if
   * there was no response.
   */
  | { readonly state: 'unreachable'; readonly reason: string | null; readonly since: string }
  /** All coordinators, or all workers, report that they get no answer from the queue. */
  | {
      readonly state: 'queue'
      readonly place: string | null
      readonly from: 'coordinators' | 'workers'
      readonly seconds: number
    }
  /**
   * No leader has reported for `seconds`. `seconds` is null if there was never a leader, or if the last leader has
   * signed off.
   */
  | {
      readonly state: 'leaderless'
      readonly seconds: number | null
      /** Seconds until a running coordinator takes over; null if none is running. */
      readonly standbySeconds: number | null
      /** Whether the database has just started, so that running processes may not have reported yet. */
      readonly restarted: boolean
    }
  /**
   * No worker has reported for `seconds`. `seconds` is null if no worker is registered. `ending`: all workers are
   * draining.
   */
  | {
      readonly state: 'workerless'
      readonly seconds: number | null
      readonly ending: boolean
      readonly restarted: boolean
    }
  /**
   * Kernel versions do not match: the leading coordinator has an older kernel than the sweep, or no worker has a
   * suitable kernel. A suitable kernel is not older than that of the sweep and not newer than that of the coordinator.
   */
  | {
      readonly state: 'kernel'
      readonly wanted: number
      readonly leader: number | null
      readonly workers: readonly number[]
    }
  /** Jobs wait in the queue of the leading coordinator, but every worker listens to another queue. */
  | { readonly state: 'elsewhere'; readonly leader: string; readonly workers: readonly string[] }

export interface Presence {
  /** The leading coordinator; null if none leads. Its kernel and queue are null if it has not registered them. */
  readonly leader: ({ readonly kernel: RowOf<'Worker'>['kernel'] | null } & Listener) | null
  /** Other processes that could lead. */
  readonly standbys: readonly Listener[]
  /** Time since a leader last reported, and the time left in its term; null if the last leader has signed off. */
  readonly lastLeader: { readonly seconds: number; readonly leftSeconds: number } | null
  /** The workers that take batches. */
  readonly workers: readonly PresentWorker[]
  /** Whether some workers are draining: they take no new batches and end when the current ones are done. */
  readonly draining: boolean
  /** Seconds since a worker that takes batches last reported; null if all workers have signed off. */
  readonly lastWorkerSeconds: number | null
  /** Seconds since the database started. */
  readonly startedSeconds: number
  /** Whether jobs have been waiting in the queue for a while. */
  readonly waiting: boolean
  /** The newest kernel version that an open cell of the sweep needs; null if no cell is open. */
  readonly kernel: RowOf<'Cell'>['kernel'] | null
  /** The reported problem that keeps a process of the farm from working; null if there is none. */
  readonly trouble: RowOf<'Worker'>['trouble']
}

export interface Listener extends Columns<'Worker', 'queue' | 'queueServer'> {
  /** Seconds for which the queue has not responded to the process; null while it responds. */
  readonly queueLostSeconds: number | null
}

export interface PresentWorker extends Listener, Columns<'Worker', 'kernel' | 'threads'> {
  /**
   * Whether the worker computes a batch. A worker that does so has received a job, so its queue counts as that of the
   * leading coordinator, even if the two use different addresses for the queue.
   */
  readonly computes: boolean
}

/**
 * A process counts as present if its last heartbeat or renewal is younger than this. Heartbeats and renewals come every
 * 3 s. Users are informed after the first missed heartbeat, but for scheduling, a process counts as dead only after
 * five. A heartbeat from the future was written before the clock was set back, and is ignored.
 */
const reportWindow = "interval '4.2 seconds'"
/**
 * If a job has waited longer than this, probably no worker listens to the queue, because a free worker takes a job
 * within milliseconds. Jobs also wait while all workers are busy, but a busy worker has `computes` set.
 */
const jobTakenWithin = "interval '2 seconds'"
/** After the database starts, all running processes report within this number of seconds. */
const reportedSeconds = 15

const listener = `'queue', w.queue, 'queueServer', w.queue_server,
  'queueLostSeconds', extract(epoch from now() - w.queue_lost_at)::float8`

export const hasReported = (w: string): string =>
  `(${present(w)} and ${w}.seen_at between now() - ${reportWindow} and now() + ${reportWindow})`

export const isRenewed = (l: string): string =>
  `(${l}.until between now() + ${term} - ${reportWindow} and ${latestTermEnd})`

const presenceQuery = prepared(`select
       (select jsonb_build_object('kernel', w.kernel, ${listener})
          from farm.leader l left join farm.worker w on w.id = l.holder
         where ${isRenewed('l')}) as leader,
       (select coalesce(jsonb_agg(jsonb_build_object(${listener}) order by w.id), '[]')
          from farm.worker w
         where w.kind in ('up', 'coordinator') and w.state = 'alive' and ${hasReported('w')}
           and not exists (select from farm.leader l where l.holder = w.id and ${isRenewed('l')})) as standbys,
       (select jsonb_build_object(
                 'seconds', greatest(0, extract(epoch from now() - l.until + ${term}))::float8,
                 -- A term that ends later was written before the clock was set, and counts as over.
                 'leftSeconds', case when l.until <= ${latestTermEnd}
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
         where w.kind <> 'coordinator' and w.state = 'alive' and ${hasReported('w')}) as workers,
       (select min(greatest(0, extract(epoch from now() - w.seen_at)))::float8
          from farm.worker w where w.kind <> 'coordinator' and w.state = 'alive') as "lastWorkerSeconds",
       exists (select from farm.worker w
                where w.kind <> 'coordinator' and w.state = 'draining' and ${hasReported('w')}) as draining,
       extract(epoch from now() - pg_postmaster_start_time())::float8 as "startedSeconds",
       exists (select from farm.bundle u
                where u.worker_id is null and u.queued_at < now() - ${jobTakenWithin}) as waiting,
       (select s.kernel from farm.sweep s where s.id = $1 and s.open > 0) as kernel,
       (select w.trouble from farm.worker w
         where w.trouble is not null and ${hasReported('w')} limit 1) as trouble`)

/** The running coordinators and workers and, if a sweep is given, the kernel version that its open cells need. */
export async function presence({ pool }: Database, sweepId: string | null = null): Promise<Presence> {
  const { rows } = await lookUp<Presence>(pool, presenceQuery, [sweepId])
  return rows[0]!
}

/** The threads of all running workers, and the number of sweeps that are being computed, besides the given one. */
export async function farmLoad({ pool }: Database, sweepId: string) {
  const { rows } = await pool.query<{ readonly threads: number; readonly sweeps: number }>(
    `select (select coalesce(sum(w.threads), 0)::int from farm.worker w
              where w.kind <> 'coordinator' and w.state = 'alive' and ${hasReported('w')}) as threads,
            (select count(*)::int from farm.sweep s where s.open > 0 and s.id <> $1 and ${schedulable('s')}) as sweeps`,
    [sweepId],
  )
  return rows[0]!
}

/**
 * Whether a process other than `holder` could take over from a leader of this kernel version. A process that gets no
 * answer from the queue does not count.
 */
export async function hasStandby({ pool }: Pick<Database, 'pool'>, holder: string, kernel: number): Promise<boolean> {
  const { rows } = await pool.query<{ found: boolean }>(
    `select exists (select from farm.worker w where w.kind in ('up', 'coordinator') and w.id <> $1
       and w.state = 'alive' and w.kernel >= $2 and w.queue_lost_at is null and ${hasReported('w')}) as found`,
    [holder, kernel],
  )
  return rows[0]!.found
}

/**
 * The state of the farm for the sweep that has waited longest; null if no sweep waits and no process reports a problem.
 */
export async function stateOfFarm(database: Database): Promise<FarmState | null> {
  const present = farmState(await presence(database))
  if (present.state === 'full' || present.state === 'queue') return present
  const { rows } = await database.pool.query<Columns<'Sweep', 'id'>>(
    `select s.id from farm.sweep s where s.runner is null and ${live('s')} order by s.submitted_at, s.id limit 1`,
  )
  return rows[0] === undefined ? null : farmState(await presence(database, rows[0].id))
}

export function farmState(presence: Presence): FarmState {
  const { leader, standbys, lastLeader, workers, lastWorkerSeconds, waiting, kernel, trouble } = presence
  if (trouble !== null) return { state: 'full', trouble }
  const lost = queueLost(leader === null ? standbys : [leader, ...standbys], 'coordinators')
  if (lost !== null) return lost
  if (leader === null)
    return {
      state: 'leaderless',
      seconds: lastLeader === null ? null : roundedAge(lastLeader.seconds),
      standbySeconds: standbys.length === 0 ? null : Math.ceil(lastLeader?.leftSeconds ?? 0),
      restarted: hasYetToReport(lastLeader?.seconds ?? null, presence),
    }
  if (workers.length === 0)
    return {
      state: 'workerless',
      seconds: lastWorkerSeconds === null ? null : roundedAge(lastWorkerSeconds),
      ending: presence.draining,
      restarted: hasYetToReport(lastWorkerSeconds, presence),
    }
  const cutOff = queueLost(workers, 'workers')
  if (cutOff !== null) return cutOff
  // A kernel also computes cells of earlier versions, and a leading coordinator dispatches to the queues of its own
  // version and of all earlier ones.
  const led = leader.kernel === null || leader.kernel >= (kernel ?? 0)
  const fit = workers.filter(
    (worker) => worker.kernel <= (leader.kernel ?? worker.kernel) && worker.kernel >= (kernel ?? 0),
  )
  if (kernel !== null && (!led || fit.length === 0))
    return { state: 'kernel', wanted: kernel, leader: leader.kernel, workers: distinct(workers, 'kernel') }
  const { queue } = leader
  const noneListens = fit.length > 0 && fit.every((worker) => !worker.computes && usesOtherQueue(worker, leader))
  if (queue !== null && waiting && noneListens)
    return { state: 'elsewhere', leader: queue, workers: distinct(fit, 'queue').filter((place) => place !== null) }
  return { state: 'works' }
}

/**
 * Whether the database has just started, so that a running process may not have reported yet. A start time in the
 * future means that the clock was set back; such a time is ignored.
 */
const hasYetToReport = (seconds: number | null, { startedSeconds }: Presence): boolean =>
  seconds !== null && startedSeconds >= 0 && startedSeconds < reportedSeconds && seconds > startedSeconds

/** Rounds an age in seconds, more coarsely for larger ages, so that a lasting state is rarely reported as changed. */
export function roundedAge(seconds: number): number {
  const step = seconds < 10 ? 1 : seconds < 60 ? 5 : seconds < 3_600 ? 60 : 3_600
  return Math.max(1, step * Math.round(seconds / step))
}

/** Null if any of the processes gets an answer from the queue. */
function queueLost(of: readonly Listener[], from: 'coordinators' | 'workers'): FarmState | null {
  if (of.length === 0 || of.some(({ queueLostSeconds }) => queueLostSeconds === null)) return null
  const places = new Set(of.map(({ queue }) => queue))
  const seconds = roundedAge(Math.max(...of.map(({ queueLostSeconds }) => queueLostSeconds!)))
  return { state: 'queue', place: places.size === 1 ? of[0]!.queue : null, from, seconds }
}

/**
 * Whether two processes are known to use different queues. Different addresses may lead to the same server. Two queues
 * therefore count as different only if both servers have answered and their ids differ.
 */
function usesOtherQueue(a: Listener, b: Listener): boolean {
  if (a.queue === null || b.queue === null || a.queue === b.queue) return false
  if (a.queue === 'postgres' || b.queue === 'postgres') return true
  return a.queueServer !== null && b.queueServer !== null && a.queueServer !== b.queueServer
}

const distinct = <K extends 'kernel' | 'queue'>(workers: readonly PresentWorker[], key: K): PresentWorker[K][] => [
  ...new Set(workers.map((worker) => worker[key])),
]
