import type { Meanings } from '@driftfarm/formula'
import type { FarmError } from './error.ts'

/** What the codes of a farm mean to whoever uses one from a command or the library. */
export const farmMeanings = {
  USAGE: {
    means: 'A command or a call was given what does not go together, or a value that is not possible.',
    mend: 'The message says which option is wrong and what to write; `driftfarm COMMAND --help` lists the options.',
  },
  NOT_FOUND: {
    means: 'What is named is not there: a cell, an estimate, a landscape, an example, a file, or a database.',
    mend: 'The message names what there is, or which command lists it.',
  },
  CONFLICT: {
    means: 'What is asked for contradicts what is there: a taken port, another file, a sweep at work, a newer version.',
    mend: 'The message says what is in the way.',
  },
  NO_SHARDS: {
    means: 'The number of trials of the sweep is decided while it runs, so that it cannot be divided into shards.',
    mend: 'Ask for a fixed number of trials: `trials:` in place of `until:`, a budget or a threshold.',
  },
  SHARD_FILE: {
    means: 'A file is no file of a shard, is damaged, or is of another version.',
    mend: 'Copy it again, or compute the shard again with the same version of Drift Farm.',
  },
  NOT_MIGRATED: {
    means: 'The database of the farm has no tables yet, or older ones, also after a wait of 10 seconds.',
    mend: 'Run `driftfarm db migrate` once, then try again; the login of an access file may not do it.',
  },
  SWEEP_REMOVED: {
    means: 'The sweep was removed by somebody else while it was waited for.',
    mend: 'Run its spec to begin anew.',
  },
  INTERRUPTED: {
    means: 'A run of the library was ended by its signal. What was finished is kept.',
    mend: 'Run it again to go on.',
  },
  CLOSED: {
    means: 'A farm of the library is used after it was closed.',
    mend: 'Open another by `farm()`.',
  },
} satisfies Meanings<typeof FarmError>
