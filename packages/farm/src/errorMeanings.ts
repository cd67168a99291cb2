import type { Meanings } from '@driftfarm/formula'
import type { FarmError } from './error.ts'

/** The meanings of a farm's error codes for users of the command line and the library. */
export const farmMeanings = {
  USAGE: {
    means: 'A command or a call received a value that is not allowed, or options that cannot be combined.',
    hint: 'Correct the option that the message names. `driftfarm COMMAND --help` lists the options.',
  },
  NOT_FOUND: {
    means: 'The named thing does not exist: a cell, an estimate, a landscape, an example, a file, or a database.',
    hint: 'Choose from the list in the message, or run the command that the message names.',
  },
  CONFLICT: {
    means:
      'The request conflicts with something that exists: a port in use, a file, a running sweep, or a database that ' +
      'a newer version of Drift Farm migrated.',
    hint: 'Resolve the conflict that the message names, or change the request.',
  },
  NO_SHARDS: {
    means: 'The number of trials of the sweep is decided while it runs, so the sweep cannot be divided into shards.',
    hint: 'Request a fixed number of trials: use `trials:` instead of `until:`, a budget or a threshold.',
  },
  SHARD_FILE: {
    means: 'A file is not a shard, is damaged, or was written by another version.',
    hint: 'Copy the file again, or compute the shard again with the same version of Drift Farm.',
  },
  NOT_MIGRATED: {
    means:
      'After a wait of 10 seconds, the database of the farm still has no tables, or its tables have an older version.',
    hint:
      'Run `driftfarm db migrate` once, then try again. If you only have an access file, ask the operator of the ' +
      'farm to run the command.',
  },
  SWEEP_REMOVED: {
    means: 'Another user removed the sweep while this process waited for it.',
    hint: 'Run its spec again to start over.',
  },
  INTERRUPTED: {
    means: 'A program that uses the library aborted the run. Finished trials stay stored.',
    hint: 'Run the sweep again to continue.',
  },
  CLOSED: {
    means: 'A farm that was opened with the library was used after it was closed.',
    hint: 'Open a new one with `farm()`.',
  },
} satisfies Meanings<typeof FarmError>
