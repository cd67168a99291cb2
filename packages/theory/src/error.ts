import { codedError, sameEnding } from '@driftfarm/formula'

const messages = {
  DESCENTS: 'the number of descents must be a whole number from 1 to 10,000,000',
  DIMENSION: 'curvature can be computed only up to dimension 1000',
  MATRIX: 'the eigenvalues of a matrix could not be computed',
  MINIMUM: 'no minimum was found',
  OPTION: 'an option is out of range',
} as const

export type TheoryErrorCode = keyof typeof messages

/** `found` is the invalid value; `hint` says what to do, or why the value is invalid. */
export class TheoryError extends codedError({
  ...sameEnding('unexpected', messages),
  DESCENTS: { ends: 'usage' },
  OPTION: { ends: 'usage' },
}) {
  override readonly name = 'TheoryError'
  constructor(
    code: TheoryErrorCode,
    readonly found: string,
    hint: string,
  ) {
    super(code, `${messages[code]}: ${found} (${hint})`, { hint })
  }
}
