import { codedError } from '@driftfarm/formula'

const table = {
  NO_REPORT: {
    ends: 'usage',
    means: 'The opened file is not a Drift Farm report, or its data cannot be read.',
    fix: 'Open a file written by `driftfarm report SWEEP -o FILE.html`.',
  },
  NOT_HELD: {
    ends: 'notFound',
    means: 'A report file contains only part of the data of a farm, and the requested data are not in the file.',
    fix: 'Use the farm that wrote the file.',
  },
} as const

/** Thrown if a report file cannot be read, or does not contain the requested data. */
export class FileError extends codedError(table) {
  override readonly name = 'FileError'
}
