import { farmMeanings } from '@driftfarm/farm'
import type { Meanings } from '@driftfarm/formula'
import type { CliError } from './failure.ts'

/** The meaning of a code that a farm also uses is in `farmMeanings`. */
export const cliMeanings = {
  USAGE: farmMeanings.USAGE,
  FILE_NOT_FOUND: {
    means: 'There is no spec file at the given path.',
    hint:
      'Give `run` and `plan` the path of a spec file. Give `results`, `figure` and `watch` the name of a sweep that ' +
      'has been run; `driftfarm list` prints the names.',
  },
  FILE_UNREADABLE: {
    means: 'A file cannot be read, or a spec is larger than 1 MiB.',
    hint: 'Fix the cause that the message names, or name another file.',
  },
  OUTPUT_NOT_WRITABLE: {
    means: 'The file given by `-o` cannot be written.',
    hint: 'Name another file, or make its folder writable.',
  },
  UNKNOWN_ESTIMATE: {
    means: 'No cell has an estimate of this name.',
    hint: 'Use one of the names in the message.',
  },
  NOT_FOUND: farmMeanings.NOT_FOUND,
  CONFLICT: farmMeanings.CONFLICT,
  TIMED_OUT: {
    means: 'The sweep did not end within `--timeout`. Finished trials stay stored.',
    hint: 'Run or watch the sweep again to continue waiting, or give a longer `--timeout`.',
  },
  VERIFY_FAILED: {
    means:
      '`driftfarm verify` found a missing trial, a trial that is counted twice, or a stored trial that differs from ' +
      'the recomputed trial.',
    hint: 'Leave the database as it is, and find the machine at fault. The message says what is wrong and where.',
  },
  NO_READER: {
    means:
      '`sql` and `db url` need the address of a read-only login of the farm, and no setting contains this address.',
    hint: 'Set DRIFTFARM_READER_URL, or set DRIFTFARM_READER_PASSWORD to the value used for `driftfarm db migrate`.',
  },
  WORKERS_ONLY: {
    means: 'DRIFTFARM_ACCESS names an access file. Only workers can use the login in this file.',
    hint: 'Unset DRIFTFARM_ACCESS for other commands, or set DRIFTFARM_URL to the address of the farm.',
  },
  DETACHED_RUN: {
    means: 'A background run (`--detach`) ended before it submitted its sweep.',
    hint: 'Read the log file named in the message.',
  },
} satisfies Meanings<typeof CliError>
