import { codedError } from '@driftfarm/formula'

const table = {
  /** The opened file is not a report. */
  NO_REPORT: { ends: 'usage' },
  /** The report does not contain the requested data. */
  NOT_HELD: { ends: 'notFound' },
} as const

/** Thrown if a report file cannot be read, or does not contain the requested data. */
export class FileError extends codedError(table) {
  override readonly name = 'FileError'
}
