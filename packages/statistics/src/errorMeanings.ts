import type { Meanings } from '@driftfarm/formula'
import type { StatisticsError } from './error.ts'

/** What the codes of statistics mean to whoever asks for an estimate, a fit or a size. */
export const statisticsMeanings = {
  COUNT: {
    means: 'A number of events is not one of 0 to the number of trials, or there are no trials.',
    mend: 'Give whole numbers, with at least one trial and no more events than trials.',
  },
  CONFIDENCE: {
    means: 'A confidence is not strictly between 0 and 1.',
    mend: 'Write 0.95 for 95 %.',
  },
  ESTIMATE: {
    means: 'The name of an estimate is not written as estimates are.',
    mend: 'The message says what is expected. `driftfarm results SWEEP` shows the estimates that a sweep has.',
  },
  CHECK_POINT: {
    means: 'A stopping rule was asked to decide at a number of trials at which it never looks.',
    mend: 'In the library, ask it at its check points alone.',
  },
  RELATIVE: {
    means: 'The relative error asked for is so small that it takes more events than can be counted.',
    mend: 'Allow a larger error.',
  },
  CELL: {
    means: 'An interval that draws random numbers of its own needs the id of the cell, and none was given.',
    mend: 'In the library, pass `cell`.',
  },
  SIZING: {
    means: 'From what is given, neither a number of trials, nor a width, nor a confidence follows.',
    mend: 'Give exactly two of width (or relative width), confidence and trials; the third is computed.',
  },
  CELLS: {
    means: 'Intervals that hold for all cells at once need the number of cells, and none was given.',
    mend: 'In the library, pass `cells`.',
  },
  FORMULA: {
    means: 'The formula of a fit is not one: an estimate or its logarithm, `~`, and terms over swept names.',
    mend: 'Write it as `log(escapeRate) ~ 1/T`. The message says which part is wrong.',
  },
  FIT: {
    means: 'The formula is right, and the cells do not determine its coefficients.',
    mend: 'The message says why: run more trials, sweep more values, leave terms out, or choose cells by `--where`.',
  },
  REPLICAS: {
    means: 'The values of splitting are missing, or are no numbers from 0 on.',
    mend: 'In the library, give one estimate for each replica.',
  },
  TALLY: {
    means: 'A stored summary of trials does not fit its cell: a count is missing, or its parts do not add up.',
    mend: 'In the library, pass the tally as it was given. From a command, run `driftfarm verify SWEEP`.',
  },
} satisfies Meanings<typeof StatisticsError>
