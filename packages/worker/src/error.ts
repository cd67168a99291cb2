import { codedError } from '@driftfarm/formula'

/** A failed batch is not an error: the ledger records it. */
const table = {
  WORKER_STATE: { ends: 'unexpected', hint: 'Create a new worker. A worker can be started and stopped only once.' },
  WORKER_WEDGED: {
    ends: 'unreachable',
    retryable: false,
    hint: 'Restart the process. Its batches are dispatched again automatically.',
  },
} as const

export type WorkerErrorCode = keyof typeof table

export class WorkerError extends codedError(table) {
  override readonly name = 'WorkerError'
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
