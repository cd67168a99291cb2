import { driftfarmError } from '@driftfarm/formula'
import type { SpecError } from '@driftfarm/spec'
import type { ReportedError } from './error.ts'

/** Converts anything that was thrown into a reported error. */
export function reportedError(thrown: unknown): ReportedError {
  const error = driftfarmError(thrown)
  const { message, hint, path, retryable } = error
  const { errors } = error as Partial<Pick<SpecError, 'errors'>>
  // Reported codes are upper-case words with underscores. The codes of expression errors are lower-case words with
  // hyphens, such as unexpected-token.
  const code = error.code.toUpperCase().replace(/[^A-Z0-9]/g, '_')
  return { code, message, hint, path, retryable, ...(errors === undefined ? {} : { errors }) }
}
