import { codedError } from '@driftfarm/formula'

/** What can go wrong between a farm and whoever uses it from this process. */
const table = {
  USAGE: { ends: 'usage' },
  NOT_FOUND: { ends: 'notFound' },
  CONFLICT: { ends: 'conflict' },
  NOT_MIGRATED: { ends: 'unreachable', retryable: false },
  SWEEP_REMOVED: { ends: 'cancelled' },
  INTERRUPTED: { ends: 'cancelled' },
  CLOSED: { ends: 'usage' },
} as const

export class FarmError extends codedError(table) {
  override readonly name = 'FarmError'
}
