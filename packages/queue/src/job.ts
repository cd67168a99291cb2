import { QueueError } from './error.ts'

/** A bundle in the queue. It contains only integers, because JSON would turn NaN into null and fail on bigints. */
export interface Job {
  /** Id of the bundle. A bundle made of the remaining batches of another one has a new id. */
  readonly bundle: number
}

/** A job to add. */
export interface NewJob extends Job {
  /** Whether the job goes to the head of the queue instead of its end. */
  readonly urgent?: boolean
}

/** The id of a job. It must not contain ':' (BullMQ's separator) nor be all digits (BullMQ's own ids). */
export const jobId = ({ bundle }: Job): string => `bundle-${bundle}`

const pattern = /^bundle-(\d+)$/

/** The inverse of `jobId`; null for an id that is not ours. */
export function parseJobId(id: string): Job | null {
  const match = pattern.exec(id)
  return match === null ? null : { bundle: Number(match[1]) }
}

/** Returns the job with only this field. Throws a QueueError JOB for anything that would not survive the queue. */
export function checkJob(value: unknown): Job {
  const { bundle } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Job>
  if (typeof bundle !== 'number' || !Number.isSafeInteger(bundle) || bundle < 1)
    throw new QueueError('JOB', `not a job of Drift Farm: ${String(JSON.stringify(value)).slice(0, 200)}`)
  return { bundle }
}
