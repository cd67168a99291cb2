import { codedError } from '@driftfarm/formula'

const table = {
  COUNT: {
    says: 'the number of events must be between 0 and the number of trials',
    means: 'A number of events is not between 0 and the number of trials, or there are no trials.',
    fix: 'Give whole numbers, with at least one trial and no more events than trials.',
  },
  CONFIDENCE: {
    says: 'the confidence level must be strictly between 0 and 1',
    means: 'A confidence level is not strictly between 0 and 1.',
    fix: 'Write 0.95 for 95 %.',
  },
  ESTIMATE: {
    says: 'no such estimate',
    means: 'There is no estimate of this name.',
    fix: 'The message lists the names that exist. `driftfarm results SWEEP` shows the estimates of a sweep.',
  },
  CHECK_POINT: {
    says: 'a stopping rule decides only at its check points',
    means: 'A stopping rule was evaluated at a number of trials that is not one of its check points.',
    fix: 'In the library, call `decide` only at its check points.',
  },
  RELATIVE: {
    says: 'this relative error needs more events than can be counted',
    means: 'The requested relative error is so small that it needs more events than can be counted.',
    fix: 'Request a larger error.',
  },
  CELL: {
    says: 'a Gamma Bernoulli estimate needs the id of its cell',
    means: 'A Gamma Bernoulli estimate seeds its random numbers with the id of the cell, and no id was given.',
    fix: 'In the library, pass `cell`.',
  },
  SIZING: {
    says: 'these values do not determine a sample size',
    means:
      'Not exactly two of width, confidence level and number of trials are given, or a relative width is given for ' +
      'the probability 0.',
    fix: 'Give exactly two of width (or relative width), confidence and trials; the third is computed.',
  },
  CELLS: {
    says: 'simultaneous intervals need the number of cells',
    means: 'Simultaneous intervals need the number of cells, and none was given.',
    fix: 'In the library, pass `cells`.',
  },
  FORMULA: {
    says: 'invalid fit formula',
    means: 'The fit formula is invalid. It must be an estimate or its logarithm, then `~`, then terms in swept names.',
    fix: 'Write a formula such as `log(escapeRate) ~ 1/T`. The message says which part is wrong.',
  },
  FIT: {
    says: 'these cells cannot be fitted',
    means: 'The formula is valid, but these cells do not determine its coefficients.',
    fix: 'The message says why. Run more trials, sweep more values, leave terms out, or select cells with `--where`.',
  },
  REPLICAS: {
    says: 'the splitting replicas have no valid estimates',
    means: 'The estimates of the splitting replicas are missing, negative or not finite.',
    fix: 'In the library, pass one estimate for each replica.',
  },
  TALLY: {
    says: 'this tally does not fit this cell',
    means: 'A stored tally does not fit its cell: a count is missing, or the parts do not add up.',
    fix: 'In the library, pass the tally unchanged. On the command line, run `driftfarm verify SWEEP`.',
  },
} as const

export type StatisticsCode = keyof typeof table

/** `found` is the invalid value; `hint` says what to do. */
export class StatisticsError extends codedError('StatisticsError', table, 'usage') {
  constructor(
    code: StatisticsCode,
    readonly found: string,
    hint: string,
  ) {
    super(code, `${table[code].says}: ${found} (${hint})`, { hint })
  }
}
