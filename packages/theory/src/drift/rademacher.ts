import { type DriftLaw, usual } from '../distribution/driftLaw.ts'
import { atoms } from '../distribution/factor.ts'
import { refuse } from '../refusal.ts'

const factor = (mean: number, spread: number) =>
  atoms([
    [mean + spread, 0.5],
    [mean - spread, 0.5],
  ])

export const rademacher: DriftLaw = {
  ...usual,
  variance: 1,
  largest: 1,
  isSign: true,
  isSubGaussian: true,
  sumExponent: 2,
  scalar: () => refuse('the rademacher distribution has no density'),
  factor,
  moment: { of: (alpha, c, b) => factor(c, b).moment(alpha), text: 'exact' },
}
