import type { BatchFailure } from '@driftfarm/database'
import { codedError } from '@driftfarm/formula'

/** A failed batch is not an error: the ledger records it. */
export class WorkerError extends codedError('WorkerError', {
  NATIVE_DIFFERS: {
    ends: 'unexpected',
    hint: 'Please report this as a bug. The results of WebAssembly were kept, and native lanes are off for this shape.',
    means: 'Native lanes and WebAssembly gave different results for the same batch.',
  },
  NATIVE_FAILED: {
    ends: 'unexpected',
    hint: 'Please report this as a bug. WebAssembly computes this shape from now on.',
    means: 'The native code of a shape could not be loaded, or crashed.',
  },
  NATIVE_MISSING: {
    ends: 'usage',
    hint: 'Install clang or gcc, name a compiler with DRIFTFARM_CC, or use `--native auto`.',
    means: 'Native lanes are required, but this machine cannot have them.',
  },
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
