import { codedError, sameEnding } from '@driftfarm/formula'

const messages = {
  COUNT: 'the number of events must be between 0 and the number of trials',
  CONFIDENCE: 'the confidence level must be strictly between 0 and 1',
  ESTIMATE: 'no such estimate',
  CHECK_POINT: 'a stopping rule decides only at its check points',
  RELATIVE: 'this relative error needs more events than can be counted',
  CELL: 'a Gamma Bernoulli estimate needs the id of its cell',
  SIZING: 'these values do not determine a sample size',
  CELLS: 'simultaneous intervals need the number of cells',
  FORMULA: 'invalid fit formula',
  FIT: 'these cells cannot be fitted',
  REPLICAS: 'the splitting replicas have no valid estimates',
  TALLY: 'this tally does not fit this cell',
} as const

export type StatisticsCode = keyof typeof messages

/** `found` is the invalid value; `hint` says what to do. */
export class StatisticsError extends codedError(sameEnding('usage', messages)) {
  override readonly name = 'StatisticsError'
  constructor(
    code: StatisticsCode,
    readonly found: string,
    hint: string,
  ) {
    super(code, `${messages[code]}: ${found} (${hint})`, { hint })
  }
}
