import type { BatchFailure } from '@driftfarm/database'
import { codedError } from '@driftfarm/formula'

/** A failed batch is not an error: the ledger records it. */
export class WorkerError extends codedError('WorkerError', {
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
}) {}

export const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))

const outOfMemory = new RegExp(
  [
    'out of memory',
    'memory access out of bounds.*grow',
    'could not allocate',
    'allocation failed',
    'Invalid (typed )?array (buffer )?length',
    'Maximum memory size exceeded',
    'WebAssembly\\.Memory\\.grow',
  ].join('|'),
  'i',
)

export function failureOf(error: unknown): BatchFailure {
  const { message, code } = asError(error) as NodeJS.ErrnoException
  if (code === 'ERR_WORKER_OUT_OF_MEMORY' || outOfMemory.test(message)) return { kind: 'memory', message }
  if (/^worker exited with code/.test(message)) return { kind: 'exit', message: message.replace('worker', 'thread') }
  return { kind: 'throw', message }
}
