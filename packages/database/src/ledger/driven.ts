import { live } from './states.ts'

/** A worker counts as dead after this time without a heartbeat (one every 3 s): five missed ones. */
export const workerDeadAfter = "interval '15 seconds'"

/**
 * SQL: worker w lives. A heartbeat from the future is of a clock that was set back since: it says nothing, and a living
 * worker sends the next one within 3 s. Good for a look; what cannot be taken back is decided by `lost` workers
 * (`reclaim`).
 */
export const alive = (w: string): string =>
  `(${w}.state <> 'gone' and ${w}.seen_at between now() - ${workerDeadAfter} and now() + ${workerDeadAfter})`

/**
 * SQL: whoever attends sweep s lives. A sweep of a `run` process rests while that process is gone; the farm's own (no
 * runner) are anybody's.
 */
export const attended = (s: string): string =>
  `(${s}.runner is null or exists (select from farm.worker runner where runner.id = ${s}.runner
    and ${alive('runner')}))`

/** SQL: sweep s is to be worked on now. */
export const driven = (s: string): string => `(${live(s)} and ${attended(s)})`

/**
 * SQL: demand d of sweep s still wants the trials from `first` on; a stop rule may want more than its next check point.
 */
export const wants = (d: string, s: string, first: string): string =>
  `(${d}.state = 'open' and (${d}.target > ${first} or (${mayGoOn(s)} and ${d}.stopped is null)))`

/** SQL: a cell of sweep s that is not at its end goes on by itself; those that share a budget wait for one another. */
export const mayGoOn = (s: string): string =>
  `(${s}.demand ->> 'trials' is null and not ${s}.demand -> 'until' ? 'budget')`

/** SQL: demand d of sweep s is at its check point, and waits for the next round of the budget. */
export const waits = (d: string, s: string): string =>
  `(${d}.trials >= ${d}.target and ${s}.demand -> 'until' ? 'budget')`
