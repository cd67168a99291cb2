import { QueueError } from './error.ts'

/** A batch as the queue carries it: ids and integers only. JSON would turn NaN into null, and fail on bigints. */
export interface Job {
  /** Cell id in lower-case hex. */
  readonly cell: string
  readonly first: number
  readonly count: number
  /** Rises each time the batch is handed out again, so that a lost job and its successor never have the same id. */
  readonly generation: number
}

/** What identifies a job in the queue: the batch and its generation. */
export type JobKey = Pick<Job, 'cell' | 'first' | 'generation'>

/** The id of a job. It must not contain ':' (BullMQ's separator) nor be all digits (BullMQ's own ids). */
export const jobId = ({ cell, first, generation }: JobKey): string => `${cell}-${first}-g${generation}`

const pattern = /^([0-9a-f]+)-(\d+)-g(\d+)$/

/** The inverse of `jobId`; null for an id that is not ours. */
export function parseJobId(id: string): JobKey | null {
  const match = pattern.exec(id)
  if (match === null) return null
  return { cell: match[1]!, first: Number(match[2]), generation: Number(match[3]) }
}

const integer = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least

/**
 * Returns the job with exactly these four fields. Throws a QueueError JOB for anything that would not survive the
 * queue.
 */
export function checkJob(value: unknown): Job {
  const { cell, first, count, generation } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Job>
  const whole = integer(first, 0) && integer(count, 1) && integer(generation, 0)
  if (typeof cell !== 'string' || !/^[0-9a-f]{1,64}$/.test(cell) || !whole) {
    throw new QueueError('JOB', `not a job: ${String(JSON.stringify(value)).slice(0, 200)}`)
  }
  return { cell, first, count, generation }
}
