import { QueueError } from './error.ts'

/** A batch as the queue carries it: ids and integers only, since JSON would turn NaN into null and throw on bigint. */
export interface Job {
  /** Cell id: lower-case hex. */
  readonly cell: string
  readonly first: number
  readonly count: number
  /** Raised each time the batch is handed out anew, so that a lost job and its successor never share an id. */
  readonly generation: number
}

/** What identifies a job in the queue: the batch and the generation. */
export type JobKey = Pick<Job, 'cell' | 'first' | 'generation'>

/** Neither ':' (BullMQ's separator) nor all digits (its own ids). */
export const jobId = ({ cell, first, generation }: JobKey): string => `${cell}-${first}-g${generation}`

const pattern = /^([0-9a-f]+)-(\d+)-g(\d+)$/

/** Null for an id that is not ours. */
export function parseJobId(id: string): JobKey | null {
  const match = pattern.exec(id)
  if (match === null) return null
  return { cell: match[1]!, first: Number(match[2]), generation: Number(match[3]) }
}

const integer = (value: unknown, least: number): value is number =>
  Number.isSafeInteger(value) && Number(value) >= least

/** The job with these four fields and no others; throws on anything that would not survive the queue. */
export function checkJob(value: unknown): Job {
  const { cell, first, count, generation } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Job>
  const whole = integer(first, 0) && integer(count, 1) && integer(generation, 0)
  if (typeof cell !== 'string' || !/^[0-9a-f]{1,64}$/.test(cell) || !whole) {
    throw new QueueError('JOB', `not a job: ${String(JSON.stringify(value)).slice(0, 200)}`)
  }
  return { cell, first, count, generation }
}
