import { farmMeanings } from '@driftfarm/farm'
import type { Meanings } from '@driftfarm/formula'
import type { CliError } from './failure.ts'

/** What the codes of the command line mean; those that a farm has too mean the same. */
export const cliMeanings = {
  USAGE: farmMeanings.USAGE,
  FILE_NOT_FOUND: {
    means: 'There is no file at the path that was given for a spec.',
    mend:
      '`run` and `plan` take the path of a spec file; `results`, `figure` and `watch` take the name of a sweep that ' +
      'was run.',
  },
  FILE_UNREADABLE: {
    means: 'A file is there and cannot be read, or is too large for what it should be.',
    mend: 'The message names the reason of the system.',
  },
  OUTPUT_NOT_WRITABLE: {
    means: 'The file of `-o` cannot be written.',
    mend: 'Name another file, or make its folder writable.',
  },
  UNKNOWN_ESTIMATE: {
    means: 'No cell has an estimate of this name.',
    mend: 'Take one that the message lists.',
  },
  NOT_FOUND: farmMeanings.NOT_FOUND,
  CONFLICT: farmMeanings.CONFLICT,
  TIMED_OUT: {
    means: 'The time of `--timeout` is over before the sweep ended. What is done is kept.',
    mend: 'Run or watch it again to go on waiting, or give a longer `--timeout`.',
  },
  VERIFY_FAILED: {
    means: '`driftfarm verify` has found what must not be: a missing trial, one that counts twice, or other bits.',
    mend: 'The message says what and where. Keep the database as it is, and find the machine that computed it.',
  },
  NO_READER: {
    means: '`sql` and `db url` read a farm by a login that may do nothing else, and no setting says its address.',
    mend: 'Set DRIFTFARM_READER_URL, or DRIFTFARM_READER_PASSWORD as `driftfarm db migrate` had it.',
  },
  WORKERS_ONLY: {
    means: 'DRIFTFARM_ACCESS names a file that lets workers in, and nobody else.',
    mend: 'Leave it out of the environment of other commands, or name the farm by DRIFTFARM_URL.',
  },
  DETACHED_RUN: {
    means: 'A run in the background (`--detach`) ended before it had submitted its sweep.',
    mend: 'The file that the message names holds what it said.',
  },
} satisfies Meanings<typeof CliError>
