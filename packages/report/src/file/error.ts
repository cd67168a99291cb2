import { codedError } from '@driftfarm/formula'

const table = {
  /** The opened file is not a report. */
  NO_REPORT: { ends: 'usage' },
  /** A report does not contain what was requested. */
  NOT_HELD: { ends: 'notFound' },
} as const

/** A report file that cannot be read, or does not contain what is requested. */
export class FileError extends codedError(table) {
  override readonly name = 'FileError'
}
