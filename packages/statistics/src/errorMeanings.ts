import type { Meanings } from '@driftfarm/formula'
import type { StatisticsError } from './error.ts'

export const statisticsMeanings = {
  COUNT: {
    means: 'A number of events is not between 0 and the number of trials, or there are no trials.',
    hint: 'Give whole numbers, with at least one trial and no more events than trials.',
  },
  CONFIDENCE: {
    means: 'A confidence level is not strictly between 0 and 1.',
    hint: 'Write 0.95 for 95 %.',
  },
  ESTIMATE: {
    means: 'There is no estimate of this name.',
    hint: 'The message lists the names that exist. `driftfarm results SWEEP` shows the estimates of a sweep.',
  },
  CHECK_POINT: {
    means: 'A stopping rule was evaluated at a number of trials that is not one of its check points.',
    hint: 'In the library, call `decide` only at its check points.',
  },
  RELATIVE: {
    means: 'The requested relative error is so small that it needs more events than can be counted.',
    hint: 'Request a larger error.',
  },
  CELL: {
    means: 'A Gamma Bernoulli estimate seeds its random numbers with the id of the cell, and no id was given.',
    hint: 'In the library, pass `cell`.',
  },
  SIZING: {
    means:
      'Not exactly two of width, confidence level and number of trials are given, or a relative width is given for ' +
      'the probability 0.',
    hint: 'Give exactly two of width (or relative width), confidence and trials; the third is computed.',
  },
  CELLS: {
    means: 'Simultaneous intervals need the number of cells, and none was given.',
    hint: 'In the library, pass `cells`.',
  },
  FORMULA: {
    means: 'The fit formula is invalid. It must be an estimate or its logarithm, then `~`, then terms in swept names.',
    hint: 'Write a formula such as `log(escapeRate) ~ 1/T`. The message says which part is wrong.',
  },
  FIT: {
    means: 'The formula is valid, but these cells do not determine its coefficients.',
    hint: 'The message says why. Run more trials, sweep more values, leave terms out, or select cells with `--where`.',
  },
  REPLICAS: {
    means: 'The estimates of the splitting replicas are missing, negative or not finite.',
    hint: 'In the library, pass one estimate for each replica.',
  },
  TALLY: {
    means: 'A stored tally does not fit its cell: a count is missing, or the parts do not add up.',
    hint: 'In the library, pass the tally unchanged. On the command line, run `driftfarm verify SWEEP`.',
  },
} satisfies Meanings<typeof StatisticsError>
