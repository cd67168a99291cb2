import type { Meanings } from '@driftfarm/formula'
import type { FigureError } from './figures/error.ts'
import type { FileError } from './file/error.ts'

/** What the codes of figures mean to whoever asks for one. */
export const figureMeanings = {
  USAGE: {
    means: 'An option does not go with the kind of figure.',
    mend: 'The message says which; leave it out, or name another `--kind`.',
  },
  NO_SUCH_AXIS: {
    means: 'An axis of a figure is named that the sweep does not have, or by an end that several paths share.',
    mend: 'Write the swept path, as far as it needs to be told from others.',
  },
  NO_SUCH_FIGURE: {
    means: 'The sweep has not what this kind of figure needs: too few axes, no such estimate, a zero on a log axis.',
    mend: 'Take another `--kind`, or the option that the message names.',
  },
  NOTHING_TO_DRAW: {
    means: 'No cell has what would be drawn: there are no trials yet, or `--where` leaves none.',
    mend: 'Run the sweep first, or choose other cells.',
  },
} satisfies Meanings<typeof FigureError>

/** What the codes of report files mean to whoever opens one. */
export const fileMeanings = {
  NO_REPORT: {
    means: 'A file that was opened is no report of Drift Farm, or its data cannot be read.',
    mend: 'Open a file that `driftfarm report SWEEP -o FILE.html` has written.',
  },
  NOT_HELD: {
    means: 'A report file is only a part of the farm, and does not hold what was asked of it.',
    mend: 'Ask the farm that wrote it.',
  },
} satisfies Meanings<typeof FileError>
