import { codedError, entryOf } from '@driftfarm/formula'

/** Each error with how a command ends and what the user can do. */
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
    hint: 'Use the driftfarm that wrote it, or set DRIFTFARM_HOME to a new folder and run the sweeps again.',
  },
  SERVER_START: {
    ends: 'unreachable',
    hint: 'The file postgres.log beside the data of the server says more.',
  },
  SERVER_BUSY: { ends: 'unreachable', hint: 'Another process is starting or stopping it; run again in a moment.' },
  UNREACHABLE: entryOf('UNREACHABLE'),
  URL: { ends: 'usage', hint: 'Expected postgresql://user:password@host:5432/database.' },
  POOLED: {
    ends: 'usage',
    hint: 'Give this command the address of the server itself; the pooler is for workers and clients.',
  },
  SERVER_VERSION: { ends: 'unexpected', hint: 'Use PostgreSQL 15 or newer.' },
  MIGRATION_EDITED: {
    ends: 'conflict',
    hint: 'Install the driftfarm that wrote this database, or use another database.',
  },
  MIGRATION_AHEAD: { ends: 'conflict', hint: 'A newer driftfarm has migrated this database: update this one.' },
  MIGRATION_FAILED: {
    ends: 'unexpected',
    hint: 'Nothing of it was kept. Mend what the message says and run `driftfarm db migrate`.',
  },
  READER: { ends: 'unreachable', hint: 'Run `driftfarm db migrate` with DRIFTFARM_READER_PASSWORD set.' },
  QUERY: {
    ends: 'usage',
    hint:
      'Only one statement, which may only read; the views are sweep, cell, trial, replica, weighted, batch, ' +
      "worker, failure, data, contrast, queue, exact and action, and cells('NAME') is a table of the cells of a sweep.",
  },
} as const

export type DatabaseErrorCode = keyof typeof table

/** An error of this package. Its message tells what happened, with the value; its hint what to do. */
export class DatabaseError extends codedError(table) {
  override readonly name = 'DatabaseError'
}

/** The `code` of a Node or PostgreSQL error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
