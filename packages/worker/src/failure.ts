import type { BatchFailure } from '@driftfarm/database'

const code = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined

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
  const message = error instanceof Error ? error.message : String(error)
  if (code(error) === 'ERR_WORKER_OUT_OF_MEMORY' || outOfMemory.test(message)) return { kind: 'memory', message }
  if (/^worker exited with code/.test(message)) return { kind: 'exit', message: message.replace('worker', 'thread') }
  return { kind: 'throw', message }
}
