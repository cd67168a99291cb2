import type { Meanings } from '@driftfarm/formula'
import type { TheoryError } from './error.ts'

/** These errors concern a request, not the validity of the spec. */
export const theoryMeanings = {
  DESCENTS: {
    means: 'The number of descents is not a whole number from 1 to 10,000,000.',
    hint:
      'Set `--trials` to a whole number from 1 to 10,000,000. With 1,000 descents, a minimum that attracts one ' +
      'start in 200 is found with a probability of 99.3 %.',
  },
  DIMENSION: {
    means: 'Curvature can be computed for at most 1000 coordinates, and the landscape has more.',
    hint: 'Study a smaller instance of the same landscape.',
  },
  MATRIX: {
    means:
      'The curvature at a point could not be computed: an entry of the Hessian is not finite, or its ' +
      'eigenvalues do not converge.',
    hint: 'Choose a point at which the landscape is smooth and finite.',
  },
  MINIMUM: {
    means: 'Noise-free descent from the start of the cell does not end at a minimum.',
    hint: 'Set a smaller `eta`, or choose another start.',
  },
  OPTION: {
    means: 'An option, such as a radius, a tolerance or a confidence, is out of range.',
    hint: 'Set the option to a value in the range that the message gives.',
  },
} satisfies Meanings<typeof TheoryError>
