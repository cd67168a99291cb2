import { codedError, entryOf } from '@driftfarm/formula'

/** An error of this package. The message says what is wrong and names the value. The hint says what to do. */
export class DatabaseError extends codedError('DatabaseError', {
  PLATFORM: {
    ends: 'unexpected',
    hint: 'Set DATABASE_URL to a PostgreSQL server (15 or newer).',
    means: 'No embedded PostgreSQL is available for this system, or it is not installed.',
  },
  ACCOUNT: {
    ends: 'unexpected',
    hint: 'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server.',
    means: 'The embedded PostgreSQL cannot run as root, and no other user account is available to run it.',
  },
  HOME: {
    ends: 'unexpected',
    hint: 'Set DRIFTFARM_HOME to a folder that you may write to.',
    means: 'The data folder cannot be used. It is not writable, or its stored passwords do not match its data.',
  },
  DISK_FULL: {
    ends: 'unreachable',
    hint: 'Free some space, or set DRIFTFARM_HOME to a folder on a larger disk, and run again.',
    means: 'The disk of the embedded database is full. Stored results are safe.',
  },
  DATABASE_FULL: {
    ...entryOf('DATABASE_FULL'),
    means: 'The disk of the farm’s database is full. Stored results are safe.',
  },
  DATA_VERSION: {
    ends: 'conflict',
    hint:
      'Use the driftfarm version that wrote the data, or set DRIFTFARM_HOME to a new folder and run the sweeps ' +
      'again.',
    means: 'The data folder was written by another major version of PostgreSQL.',
  },
  SERVER_START: {
    ends: 'unreachable',
    hint: 'See the file postgres.log beside the data of the server.',
    means: 'The embedded server did not start. The message quotes the reason from the server log.',
  },
  SERVER_BUSY: {
    ends: 'unreachable',
    hint: 'Run the command again in a moment. Another process is starting or stopping the server.',
    means: 'The embedded server neither responds nor exits, or another process has held its lock for too long.',
  },
  UNREACHABLE: {
    ...entryOf('UNREACHABLE'),
    means: 'The database does not respond, rejects the login, or offers no TLS encryption that can be trusted.',
  },
  URL: {
    ends: 'usage',
    hint: 'Write the URL as postgresql://user:password@host:5432/database.',
    means: 'An address is not the URL of a PostgreSQL database.',
  },
  POOLED: {
    ends: 'usage',
    hint:
      'Set DATABASE_URL to the address of the server itself for this command. Only workers and clients may use ' +
      'the pooler.',
    means: 'The address leads to a connection pooler, but this command must connect to the server directly.',
  },
  SERVER_VERSION: {
    ends: 'unexpected',
    hint: 'Use PostgreSQL 15 or newer.',
    means: 'The PostgreSQL server is too old.',
  },
  MIGRATION_EDITED: {
    ends: 'conflict',
    hint: 'Install the driftfarm version that migrated this database, or use another database.',
    means:
      'The tables of the database were created by migrations that differ from those of this version of Drift Farm.',
  },
  MIGRATION_AHEAD: {
    ends: 'conflict',
    hint: 'Update driftfarm. A newer version has migrated this database.',
    means: 'The tables of the database belong to a newer version of Drift Farm.',
  },
  MIGRATION_FAILED: {
    ends: 'unexpected',
    hint: 'Fix the cause that the message names, then run `driftfarm db migrate`. The migration was rolled back.',
    means: 'A migration of the tables failed.',
  },
  READER: {
    ends: 'unreachable',
    hint: 'Run `driftfarm db migrate` with DRIFTFARM_READER_PASSWORD set.',
    means: 'The login for `driftfarm sql` has more than read access, so it is not used.',
  },
  QUERY: {
    ends: 'usage',
    hint:
      'Give one statement that only reads. The views are sweep, cell, trial, replica, weighted, batch, worker, ' +
      "failure, data, contrast, queue, exact and action. The function cells('NAME') returns the cells of a sweep.",
    means: 'A statement of `driftfarm sql` is invalid, would change data, or took longer than 60 seconds.',
  },
}) {}

/** The `code` of a Node or PostgreSQL error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
