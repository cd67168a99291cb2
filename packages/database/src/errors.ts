/** What may be wrong, with the exit code of the command that meets it (1 unexpected, 6 conflict, 7 unreachable: retry). */
const table = {
  PLATFORM: { exit: 1, hint: 'Set DATABASE_URL to a PostgreSQL server (15 or newer).' },
  ACCOUNT: { exit: 1, hint: 'Run as an ordinary user, or set DATABASE_URL to a PostgreSQL server.' },
  HOME: { exit: 1, hint: 'Set DRIFTFARM_HOME to a folder that you may write to.' },
  DISK_FULL: { exit: 7, hint: 'Free some space, or set DRIFTFARM_HOME to a folder on a larger disk, and run again.' },
  DATA_VERSION: {
    exit: 6,
    hint: 'Use the driftfarm that wrote it, or set DRIFTFARM_HOME to a new folder and run the sweeps again.',
  },
  SERVER_START: { exit: 7, hint: 'The log of the server says more.' },
  SERVER_BUSY: { exit: 7, hint: 'Another process is starting or stopping it; run again in a moment.' },
  UNREACHABLE: { exit: 7, hint: 'Check that the server runs and that DATABASE_URL is right, then run again.' },
  URL: { exit: 2, hint: 'Expected postgresql://user:password@host:5432/database.' },
  SERVER_VERSION: { exit: 1, hint: 'Use PostgreSQL 15 or newer.' },
  MIGRATION_EDITED: { exit: 6, hint: 'Install the driftfarm that wrote this database, or use another database.' },
  MIGRATION_AHEAD: { exit: 6, hint: 'A newer driftfarm has migrated this database: update this one.' },
  MIGRATION_BEHIND: { exit: 7, hint: 'Run `driftfarm db migrate`; other processes wait until it is done.' },
  MIGRATION_FAILED: {
    exit: 1,
    hint: 'Nothing of it was kept. Mend what the message says and run `driftfarm db migrate`.',
  },
  READER: { exit: 7, hint: 'Run `driftfarm db migrate` with DRIFTFARM_READER_PASSWORD set.' },
  QUERY: {
    exit: 2,
    hint: 'Only one statement, which may only read; the views are sweep, cell, trial, replica, weighted, contrast, batch, worker, failure, data.',
  },
} as const

export type DatabaseErrorCode = keyof typeof table

/** An error of this package: what happened with the value, and the way out. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly code: DatabaseErrorCode
  readonly hint: string
  readonly exit: number
  /** Worth trying again without changing anything. */
  readonly retryable: boolean

  constructor(code: DatabaseErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? table[code].hint
    this.exit = table[code].exit
    this.retryable = table[code].exit === 7
  }
}

/** The `code` of a Node or PostgreSQL error, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
