import { codedError } from '@driftfarm/formula'

/** A failed batch is not an error: the ledger records it. */
const table = {
  WORKER_STATE: {
    ends: 'unexpected',
    hint: 'Create a new worker. A worker can be started and stopped only once.',
    means: 'The worker was started twice, or after it had stopped.',
  },
  WORKER_WEDGED: {
    ends: 'unreachable',
    retryable: false,
    hint: 'Restart the process. Its batches are dispatched again automatically.',
    means: 'Jobs are waiting in the queue, but this worker receives none, even after it has reconnected.',
  },
} as const

export type WorkerErrorCode = keyof typeof table

export class WorkerError extends codedError(table) {
  override readonly name = 'WorkerError'
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
