import type { Meanings } from '@driftfarm/formula'
import type { DatabaseError } from './errors.ts'

/** What the codes of the database mean to whoever runs a command or a farm. */
export const databaseMeanings = {
  PLATFORM: { means: 'The embedded PostgreSQL does not exist for this system, or was not installed.' },
  ACCOUNT: { means: 'The embedded PostgreSQL does not run as root, and there is no user that it could run as.' },
  HOME: {
    means: 'The folder of the data cannot be used: it may not be written, or its passwords are not those of its data.',
  },
  DISK_FULL: { means: 'The disk on which the embedded database stands is full. What was stored is safe.' },
  DATABASE_FULL: { means: 'The disk of the farm’s database is full. What was stored is safe.' },
  DATA_VERSION: { means: 'The data in the folder were written by another major version of PostgreSQL.' },
  SERVER_START: { means: 'The embedded server did not start. The message has the last words of its log.' },
  SERVER_BUSY: {
    means: 'The embedded server neither answers nor ends, or another process has held its lock for long.',
  },
  UNREACHABLE: {
    means: 'The database does not answer, does not let the login in, or has no encryption that can be trusted.',
  },
  URL: { means: 'An address is not that of a PostgreSQL database.' },
  POOLED: { means: 'The address leads through a connection pooler, and this command needs the server itself.' },
  SERVER_VERSION: { means: 'The PostgreSQL server is too old.' },
  MIGRATION_EDITED: { means: 'The tables of the database were made by steps that are not those of this Drift Farm.' },
  MIGRATION_AHEAD: { means: 'The tables of the database are those of a newer Drift Farm.' },
  MIGRATION_FAILED: { means: 'A change of the tables failed.' },
  READER: {
    means: 'The login for `sql` may do more than read, and is therefore not used.',
  },
  QUERY: { means: 'A statement of `driftfarm sql` is wrong, would change something, or took longer than 60 seconds.' },
} satisfies Meanings<typeof DatabaseError>
