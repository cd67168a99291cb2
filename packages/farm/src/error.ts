import { codedError } from '@driftfarm/formula'

/** Errors that arise when this process uses a farm directly, not over HTTP. */
const table = {
  USAGE: { ends: 'usage' },
  NOT_FOUND: { ends: 'notFound' },
  CONFLICT: { ends: 'conflict' },
  NO_SHARDS: { ends: 'usage' },
  SHARD_FILE: { ends: 'usage' },
  NOT_MIGRATED: { ends: 'unreachable', retryable: false },
  SWEEP_REMOVED: { ends: 'cancelled' },
  INTERRUPTED: { ends: 'cancelled' },
  CLOSED: { ends: 'usage' },
} as const

export class FarmError extends codedError(table) {
  override readonly name = 'FarmError'
}
