import type { Meanings } from '@driftfarm/formula'
import type { FigureError } from './figures/error.ts'
import type { FileError } from './file/error.ts'

/** Meanings of the error codes of figures, for users who request a figure. */
export const figureMeanings = {
  USAGE: {
    means: 'An option does not apply to this kind of figure.',
    hint: 'Remove the option that the message names, or choose another `--kind`.',
  },
  NO_SUCH_AXIS: {
    means:
      'A figure option names an axis that the sweep does not have, or gives a short name that matches several paths.',
    hint: 'Write a longer part of the swept path, so that it matches only one path.',
  },
  NO_SUCH_FIGURE: {
    means:
      'The sweep lacks something that this kind of figure needs: enough axes, the estimate, or positive values ' +
      'for a log axis.',
    hint: 'Choose another `--kind`, or use the option that the message names.',
  },
  NOTHING_TO_DRAW: {
    means: 'No cell has data to draw. The sweep has no trials yet, or `--where` excludes all cells.',
    hint: 'Run the sweep first, or choose other cells with `--where`.',
  },
} satisfies Meanings<typeof FigureError>

/** Meanings of the error codes of report files, for users who open a report file. */
export const fileMeanings = {
  NO_REPORT: {
    means: 'The opened file is not a Drift Farm report, or its data cannot be read.',
    hint: 'Open a file written by `driftfarm report SWEEP -o FILE.html`.',
  },
  NOT_HELD: {
    means: 'A report file contains only part of the data of a farm, and the requested data are not in the file.',
    hint: 'Use the farm that wrote the file.',
  },
} satisfies Meanings<typeof FileError>
