import { codedError } from '@driftfarm/formula'

const table = {
  /** What was opened is none. */
  NO_REPORT: { ends: 'usage' },
  /** A report does not hold what was asked for. */
  NOT_HELD: { ends: 'notFound' },
} as const

/** A report file that cannot be read, or does not hold what is asked of it. */
export class FileError extends codedError(table) {
  override readonly name = 'FileError'
}
