import { codedError } from '@driftfarm/formula'

/** Errors of a worker as a whole. A batch that fails is not an error but an entry in the ledger. */
const table = {
  WORKER_STATE: { ends: 'unexpected', hint: 'A worker starts once and stops once; make a new one.' },
  WORKER_WEDGED: {
    ends: 'unreachable',
    retryable: false,
    hint: 'Restart the process; its batches are handed out anew by themselves.',
  },
} as const

export type WorkerErrorCode = keyof typeof table

export class WorkerError extends codedError(table) {
  override readonly name = 'WorkerError'
}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
