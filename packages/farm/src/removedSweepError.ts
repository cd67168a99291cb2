import { FarmError } from './error.ts'

/** If a sweep that existed a moment ago is not found, returns the error SWEEP_REMOVED; otherwise `error` itself. */
export function removedSweepError(error: unknown, name: string): unknown {
  if ((error as { code?: unknown }).code !== 'SWEEP_NOT_FOUND') return error
  return new FarmError('SWEEP_REMOVED', `${name} was removed, with all its trials`, {
    hint: 'run its spec again to start over',
  })
}
