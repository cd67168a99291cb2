import { QueueError } from './error.ts'

/** A bundle in the queue. Jobs are stored as JSON, so every field must have a type that JSON preserves. */
export interface Job {
  /** Id of the bundle. If a bundle is dissolved, its remaining batches get new bundles with new ids. */
  readonly bundle: number
}

export interface NewJob extends Job {
  /** Whether the job goes to the head of the queue instead of its end. */
  readonly urgent?: boolean
}

/** The id of a job. It must not contain ':' (BullMQ's separator) nor be all digits (BullMQ's own ids). */
export const jobId = ({ bundle }: Job): string => `bundle-${bundle}`

const pattern = /^bundle-(\d+)$/

/** Null for an id that `jobId` does not produce. */
export function parseJobId(id: string): Job | null {
  const match = pattern.exec(id)
  return match === null ? null : { bundle: Number(match[1]) }
}

/** Returns a job with only the field `bundle`. Throws a QueueError JOB if `bundle` is not a positive safe integer. */
export function checkJob(value: unknown): Job {
  const { bundle } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Job>
  if (typeof bundle !== 'number' || !Number.isSafeInteger(bundle) || bundle < 1)
    throw new QueueError('JOB', `not a job of Drift Farm: ${String(JSON.stringify(value)).slice(0, 200)}`)
  return { bundle }
}
