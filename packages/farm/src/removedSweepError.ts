import { FarmError } from './error.ts'

/** The error to report if a sweep that existed a moment ago is gone. */
export function removedSweepError(error: unknown, name: string): unknown {
  if ((error as { code?: unknown }).code !== 'SWEEP_NOT_FOUND') return error
  return new FarmError('SWEEP_REMOVED', `${name} was removed, with all its trials`, {
    hint: 'run its spec again to start over',
  })
}
