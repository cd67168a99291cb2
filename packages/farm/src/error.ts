import { codedError, sharedErrors } from '@driftfarm/formula'

/** Errors that arise when this process uses a farm directly, not over HTTP. */
export class FarmError extends codedError('FarmError', {
  ...sharedErrors,
  NO_SHARDS: {
    ends: 'usage',
    means: 'The number of trials of the sweep is decided while it runs, so the sweep cannot be divided into shards.',
    fix: 'Request a fixed number of trials: use `trials:` instead of `until:`, a budget or a threshold.',
  },
  SHARD_FILE: {
    ends: 'usage',
    means: 'A file is not a shard, is damaged, or was written by another version.',
    fix: 'Copy the file again, or compute the shard again with the same version of Drift Farm.',
  },
  NOT_MIGRATED: {
    ends: 'unreachable',
    retryable: false,
    means:
      'After a wait of 10 seconds, the database of the farm still has no tables, or its tables have an older version.',
    fix:
      'Run `driftfarm db migrate` once, then try again. If you only have an access file, ask the operator of the ' +
      'farm to run the command.',
  },
  SWEEP_REMOVED: {
    ends: 'cancelled',
    means: 'Another user removed the sweep while this process waited for it.',
    fix: 'Run its spec again to start over.',
  },
  INTERRUPTED: {
    ends: 'cancelled',
    means: 'A program that uses the library aborted the run. Finished trials stay stored.',
    fix: 'Run the sweep again to continue.',
  },
  CLOSED: {
    ends: 'usage',
    means: 'A farm that was opened with the library was used after it was closed.',
    fix: 'Open a new one with `farm()`.',
  },
}) {}

/** If a sweep that existed a moment ago is not found, returns the error SWEEP_REMOVED; otherwise `error` itself. */
export function removedSweepError(error: unknown, name: string): unknown {
  if ((error as { code?: unknown }).code !== 'SWEEP_NOT_FOUND') return error
  return new FarmError('SWEEP_REMOVED', `${name} was removed, with all its trials`, {
    hint: 'run its spec again to start over',
  })
}
