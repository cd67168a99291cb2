import { allEnding, codedError } from '@driftfarm/formula'

const messages = {
  COUNT: 'a count of events lies in 0 .. trials',
  CONFIDENCE: 'a confidence lies strictly between 0 and 1',
  ESTIMATE: 'no such estimate',
  CHECK_POINT: 'a stopping rule is looked at only at its check points',
  RELATIVE: 'no farm counts so many events',
  CELL: 'a Gamma Bernoulli estimate needs the id of its cell',
  SIZING: 'this does not say how many trials, how wide or how sure',
  CELLS: 'simultaneous intervals need the number of cells',
  FORMULA: 'this is no formula of a fit',
  FIT: 'these cells cannot be fitted',
  REPLICAS: 'no estimates of replicas of splitting',
  TALLY: 'this is not a tally of this cell',
} as const

export type StatisticsCode = keyof typeof messages

/** `found` is the value that was refused; `hint` says what to do. */
export class StatisticsError extends codedError(allEnding('usage', messages)) {
  override readonly name = 'StatisticsError'
  constructor(
    code: StatisticsCode,
    readonly found: string,
    hint: string,
  ) {
    super(code, `${messages[code]}: ${found} (${hint})`, { hint })
  }
}
