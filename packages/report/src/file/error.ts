import { codedError } from '@driftfarm/formula'

const table = {
  NO_REPORT: { ends: 'usage' },
  NOT_HELD: { ends: 'notFound' },
} as const

/** Thrown if a report file cannot be read, or does not contain the requested data. */
export class FileError extends codedError(table) {
  override readonly name = 'FileError'
}
