import { codedError } from '@driftfarm/formula'

const table = {
  DESCENTS: {
    ends: 'usage',
    says: 'the number of descents must be a whole number from 1 to 10,000,000',
    means: 'The number of descents is not a whole number from 1 to 10,000,000.',
    fix:
      'Set `--trials` to a whole number from 1 to 10,000,000. With 1,000 descents, a minimum that attracts one ' +
      'start in 200 is found with a probability of 99.3 %.',
  },
  DIMENSION: {
    says: 'curvature can be computed only up to dimension 1000',
    means: 'Curvature can be computed for at most 1000 coordinates, and the landscape has more.',
    fix: 'Study a smaller instance of the same landscape.',
  },
  MATRIX: {
    says: 'the eigenvalues of a matrix could not be computed',
    means:
      'The curvature at a point could not be computed: an entry of the Hessian is not finite, or its ' +
      'eigenvalues do not converge.',
    fix: 'Choose a point at which the landscape is smooth and finite.',
  },
  MINIMUM: {
    says: 'no minimum was found',
    means: 'Noise-free descent from the start of the cell does not end at a minimum.',
    fix: 'Set a smaller `eta`, or choose another start.',
  },
  OPTION: {
    ends: 'usage',
    says: 'an option is out of range',
    means: 'An option, such as a radius, a tolerance or a confidence, is out of range.',
    fix: 'Set the option to a value in the range that the message gives.',
  },
} as const

export type TheoryErrorCode = keyof typeof table

/** `found` is the invalid value; `hint` says what to do, or why the value is invalid. */
export class TheoryError extends codedError('TheoryError', table) {
  constructor(
    code: TheoryErrorCode,
    readonly found: string,
    hint: string,
  ) {
    super(code, `${table[code].says}: ${found} (${hint})`, { hint })
  }
}
