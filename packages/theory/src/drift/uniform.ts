import { elementary } from '@driftfarm/formula'
import { type DriftLaw, shapeUpTo, usual } from '../distribution/driftLaw.ts'
import type { Factor } from '../distribution/factor.ts'

const { log, power, sin } = elementary

const rootThree = 1.7320508075688772

/** The uniform distribution on [-sqrt 3, sqrt 3] has variance 1. */
export const uniform: DriftLaw = {
  ...usual,
  variance: 1,
  largest: rootThree,
  isSubGaussian: true,
  shape: { ...shapeUpTo(2, { slope: () => 0, steepest: 0, reach: 1.75 }), edges: [-rootThree, rootThree] },
  sumExponent: 2,
  scalar: () => ({
    density: (z) => (Math.abs(z) <= rootThree ? 0.5 / rootThree : 0),
    upper: (z) => Math.max(0, 0.5 - (0.5 * z) / rootThree),
    kinks: [-rootThree, rootThree],
    breaks: [-rootThree, rootThree].map((at) => ({ at, order: 0 })),
    reach: rootThree,
    detail: 2,
  }),
  factor: (mean, spread) => factorBetween(mean - rootThree * spread, mean + rootThree * spread),
  moment: { of: (alpha, c, b) => moment(alpha, c, b * rootThree), text: 'closed form' },
  angle(sigma) {
    const reach = rootThree * sigma
    return { share: (k) => sin(k * reach) / (k * reach), density: () => 0.5 / reach, reach }
  },
}

function factorBetween(low: number, high: number): Factor {
  const mean = (antiderivative: (a: number) => number) => (antiderivative(high) - antiderivative(low)) / (high - low)
  return {
    expectedLog: mean((a) => (a === 0 ? 0 : a * log(Math.abs(a)) - a)),
    meanSquare: mean((a) => (a * a * a) / 3),
    moment: (p) => mean((a) => (a * power(Math.abs(a), p)) / (p + 1)),
  }
}

/** The mean of |c + u|^alpha over -half <= u <= half. */
function moment(alpha: number, c: number, half: number): number {
  const part = (x: number) => (x < 0 ? -1 : 1) * power(Math.abs(x), alpha + 1)
  return (part(c + half) - part(c - half)) / (2 * half * (alpha + 1))
}
