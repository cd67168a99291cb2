import type { Meanings } from '@driftfarm/formula'
import type { TheoryError } from './error.ts'

/** What the codes of theory mean: they refuse a question, and say nothing against the spec. */
export const theoryMeanings = {
  DESCENTS: {
    means: 'The number of descents is no whole number from 1 to 10,000,000.',
    mend: 'Give `--trials` such a number; 1,000 find a minimum that draws one start in 200 with 99.3 %.',
  },
  DIMENSION: {
    means: 'The landscape has more coordinates than curvatures are computed for.',
    mend: 'Study a smaller instance of the same landscape.',
  },
  MATRIX: {
    means:
      'The curvature at a point could not be computed: an entry is not finite, or its eigenvalues do not converge.',
    mend: 'The landscape is not smooth or not finite there: take another point.',
  },
  MINIMUM: {
    means: 'The descent without noise, from the start of the cell, does not end in a minimum.',
    mend: 'Take a smaller `eta`, or another start.',
  },
  OPTION: {
    means: 'A radius, a distance or a tolerance is out of its range.',
    mend: 'Give a positive number.',
  },
} satisfies Meanings<typeof TheoryError>
