import { codedError, entryOf } from '@driftfarm/formula'

const table = {
  PLATFORM: { ends: 'unexpected', hint: 'Set DATABASE_URL to a PostgreSQL server (15 or newer).' },
  ACCOUNT: { ends: 'unexpected', hint: 'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server.' },
  HOME: { ends: 'unexpected', hint: 'Set DRIFTFARM_HOME to a folder that you may write to.' },
  DISK_FULL: {
    ends: 'unreachable',
    hint: 'Free some space, or set DRIFTFARM_HOME to a folder on a larger disk, and run again.',
  },
  DATABASE_FULL: entryOf('DATABASE_FULL'),
  DATA_VERSION: {
    ends: 'conflict',
    hint:
      'Use the driftfarm version that wrote the data, or set DRIFTFARM_HOME to a new folder and run the sweeps ' +
      'again.',
  },
  SERVER_START: {
    ends: 'unreachable',
    hint: 'See the file postgres.log beside the data of the server.',
  },
  SERVER_BUSY: {
    ends: 'unreachable',
    hint: 'Run the command again in a moment. Another process is starting or stopping the server.',
  },
  UNREACHABLE: entryOf('UNREACHABLE'),
  URL: { ends: 'usage', hint: 'Write the URL as postgresql://user:password@host:5432/database.' },
  POOLED: {
    ends: 'usage',
    hint:
      'Set DATABASE_URL to the address of the server itself for this command. Only workers and clients may use ' +
      'the pooler.',
  },
  SERVER_VERSION: { ends: 'unexpected', hint: 'Use PostgreSQL 15 or newer.' },
  MIGRATION_EDITED: {
    ends: 'conflict',
    hint: 'Install the driftfarm version that migrated this database, or use another database.',
  },
  MIGRATION_AHEAD: { ends: 'conflict', hint: 'Update driftfarm. A newer version has migrated this database.' },
  MIGRATION_FAILED: {
    ends: 'unexpected',
    hint: 'Fix the cause that the message names, then run `driftfarm db migrate`. The migration was rolled back.',
  },
  READER: { ends: 'unreachable', hint: 'Run `driftfarm db migrate` with DRIFTFARM_READER_PASSWORD set.' },
  QUERY: {
    ends: 'usage',
    hint:
      'Give one statement that only reads. The views are sweep, cell, trial, replica, weighted, batch, worker, ' +
      "failure, data, contrast, queue, exact and action. The function cells('NAME') returns the cells of a sweep.",
  },
} as const

export type DatabaseErrorCode = keyof typeof table

/** An error of this package. The message says what is wrong and names the value. The hint says what to do. */
export class DatabaseError extends codedError(table) {
  override readonly name = 'DatabaseError'
}

/** The `code` of a Node or PostgreSQL error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
