import { codedError } from '@driftfarm/formula'

/** The requested figure cannot be drawn. The message says why, and the hint says what can be drawn. */
export class FigureError extends codedError('FigureError', {
  USAGE: {
    ends: 'usage',
    means: 'An option does not apply to this kind of figure.',
    fix: 'Remove the option that the message names, or choose another `--kind`.',
  },
  NO_SUCH_AXIS: {
    ends: 'usage',
    means:
      'A figure option names an axis that the sweep does not have, or gives a short name that matches several paths.',
    fix: 'Write a longer part of the swept path, so that it matches only one path.',
  },
  NO_SUCH_FIGURE: {
    ends: 'usage',
    means:
      'The sweep lacks something that this kind of figure needs: enough axes, the estimate, or positive values ' +
      'for a log axis.',
    fix: 'Choose another `--kind`, or use the option that the message names.',
  },
  NOTHING_TO_DRAW: {
    ends: 'conflict',
    means: 'No cell has data to draw. The sweep has no trials yet, or `--where` excludes all cells.',
    fix: 'Run the sweep first, or choose other cells with `--where`.',
  },
}) {
  override readonly name = 'FigureError'
}

/** Thrown if a report file cannot be read, or does not contain the requested data. */
export class FileError extends codedError('FileError', {
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
}) {
  override readonly name = 'FileError'
}
