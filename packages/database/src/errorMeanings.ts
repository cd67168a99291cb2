import type { Meanings } from '@driftfarm/formula'
import type { DatabaseError } from './errors.ts'

/** Meanings of the error codes of the database, for users of the command and operators of a farm. */
export const databaseMeanings = {
  PLATFORM: { means: 'No embedded PostgreSQL is available for this system, or it is not installed.' },
  ACCOUNT: { means: 'The embedded PostgreSQL cannot run as root, and no other user account is available to run it.' },
  HOME: {
    means: 'The data folder cannot be used. It is not writable, or its stored passwords do not match its data.',
  },
  DISK_FULL: { means: 'The disk of the embedded database is full. Stored results are safe.' },
  DATABASE_FULL: { means: 'The disk of the farm’s database is full. Stored results are safe.' },
  DATA_VERSION: { means: 'The data folder was written by another major version of PostgreSQL.' },
  SERVER_START: { means: 'The embedded server did not start. The message quotes the reason from the server log.' },
  SERVER_BUSY: {
    means: 'The embedded server neither responds nor exits, or another process has held its lock for too long.',
  },
  UNREACHABLE: {
    means: 'The database does not respond, rejects the login, or offers no TLS encryption that can be trusted.',
  },
  URL: { means: 'An address is not the URL of a PostgreSQL database.' },
  POOLED: { means: 'The address leads to a connection pooler, but this command must connect to the server directly.' },
  SERVER_VERSION: { means: 'The PostgreSQL server is too old.' },
  MIGRATION_EDITED: {
    means:
      'The tables of the database were created by migrations that differ from those of this version of Drift Farm.',
  },
  MIGRATION_AHEAD: { means: 'The tables of the database belong to a newer version of Drift Farm.' },
  MIGRATION_FAILED: { means: 'A migration of the tables failed.' },
  READER: {
    means: 'The login for `driftfarm sql` has more than read access, so it is not used.',
  },
  QUERY: { means: 'A statement of `driftfarm sql` is invalid, would change data, or took longer than 60 seconds.' },
} satisfies Meanings<typeof DatabaseError>
